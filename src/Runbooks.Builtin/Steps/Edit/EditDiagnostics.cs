using System.Collections.Immutable;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Editing;

namespace Runbooks.Builtin.Steps.Edit;

/// <summary>What can be wrong with an <c>edit:</c> step. Whatever it is, nothing is changed.</summary>
public static class EditDiagnostics
{
    public static readonly Descriptor Unreadable = new("RB3101", "edit-file", "the file to edit cannot be read", Severity.Error,
        "The file must be there when the plan is made, and must be one valid document of UTF-8 text.");

    public static readonly Descriptor UnknownFormat = new("RB3102", "edit-format", "the format of a file is not known", Severity.Error,
        "The name of the file says its format: .yaml, .yml, .json, .env, .env.*. For another name, give 'format'.");

    public static readonly Descriptor NoSuchValue = new("RB3103", "edit-path", "the file has no single value at a path", Severity.Error,
        "A path names one value that is already there: keys joined by dots, items of a list in brackets: services.app.image, services.app.ports[0]. An edit adds no keys and replaces no mappings or lists.");

    public static readonly Descriptor StandsElsewhere = new("RB3104", "edit-shared", "a value stands in several places", Severity.Error,
        "The value comes from an anchor, an alias or a merge key, so changing it would change other places too, or would not be seen where it is meant. Edit the place where it is written; 'allow_shared: true' where all of them are meant.");

    public static readonly Descriptor TakesVariables = new("RB3105", "edit-variable", "a value takes variables", Severity.Error,
        "Overwriting ${TAG} would cut the value off from where the variable is set. Change the variable in the .env file, or only its default with the path image${TAG}; 'replace_variables: true' where the variable is to go.");

    public static readonly Descriptor NotWritable = new("RB3106", "edit-value", "a value cannot be written there", Severity.Error,
        "The new value would be read back as something else: another type, another value, or with other parts of the file changed. Edit the file by hand.");

    public static readonly Descriptor NewVariable = new("RB3107", "edit-new-variable", "the new value takes a variable", Severity.Warning,
        "Compose replaces ${NAME} and $NAME in its files. When a dollar sign is meant, write '$$'.");

    public static readonly Descriptor NothingSet = new("RB3108", "edit-nothing", "an edit sets nothing", Severity.Error,
        "'set' needs at least one path with its value.");

    public static readonly ImmutableArray<Descriptor> All =
        [Unreadable, UnknownFormat, NoSuchValue, StandsElsewhere, TakesVariables, NotWritable, NewVariable, NothingSet];

    public static Descriptor Of(EditRefusalKind kind) => kind switch
    {
        EditRefusalKind.Syntax or EditRefusalKind.MultipleDocuments or EditRefusalKind.Encoding => Unreadable,
        EditRefusalKind.IsAlias or EditRefusalKind.ThroughMergeKey or EditRefusalKind.IsShared => StandsElsewhere,
        EditRefusalKind.Interpolated or EditRefusalKind.NoDefault or EditRefusalKind.Ambiguous => TakesVariables,
        EditRefusalKind.Tagged or EditRefusalKind.BlockText or EditRefusalKind.TypeWouldChange or EditRefusalKind.NotRepresentable => NotWritable,
        _ => NoSuchValue,
    };
}
