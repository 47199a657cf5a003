using Runbooks.Builtin.Compose;
using Runbooks.Language.Fields;

namespace Runbooks.Builtin.Containers;

/// <summary>The fields by which a step says in which container its program runs; <see cref="Inside"/> reads them.</summary>
internal static class InsideFields
{
    public const string Service = "service";
    public const string Container = "container";
    public const string Image = "image";
    public const string OneOff = "one_off";
    public const string Network = "network";
    public const string WorkDirectory = "workdir";

    public static Field Folder => new(WorkDirectory, FieldShape.Text, "the folder inside in which it starts") { Otherwise = "as the image or the service says", NotEmpty = true, IsShown = true };

    /// <summary>The field of a step that has these fields.</summary>
    public const string In = "in";

    public static Field InField => new(In, FieldShape.Object, "the container in which it runs") { Fields = Set, Otherwise = "it runs on this machine" };

    public static FieldSet Set { get; } = new("'in'",
    [
        new Field(Service, FieldShape.Text, "the Compose service in whose container the program runs") { NotEmpty = true, IsShown = true },
        new Field(OneOff, FieldShape.Boolean, "in a new container of the service, from its image and with its settings, that is removed afterwards; the service itself need not run, and what it depends on is not started") { Default = "false" },
        new Field(Container, FieldShape.Text, "the container in which it runs, by its name") { NotEmpty = true, IsShown = true },
        new Field(Image, FieldShape.Text, "the image from which a container is made for it, and removed afterwards; it must be on the machine, nothing is pulled") { NotEmpty = true, IsShown = true },
        new Field(Network, FieldShape.Text, "the network of a container that is made from an image") { Default = "none", NotEmpty = true, IsShown = true },
        Folder,
        .. ComposeFields.All,
    ]);
}
