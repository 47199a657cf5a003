using Runbooks.Language.Fields;

namespace Runbooks.Language.Playbooks;

/// <summary>The fields of a step that stands for the steps of another playbook.</summary>
public static class PartFields
{
    public const string File = "file";
    public const string Vars = "vars";

    public static readonly FieldSet Set = new("'playbook'",
    [
        new Field(File, FieldShape.Text, "the playbook: beside this one, else in the project's playbooks/") { Required = true, AllowsTemplates = false, NotEmpty = true },
        new Field(Vars, FieldShape.TextMap, "the values that it is run with, by the names of its variables"),
    ])
    { Shorthand = File };
}
