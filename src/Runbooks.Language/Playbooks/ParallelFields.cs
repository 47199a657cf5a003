using Runbooks.Language.Fields;

namespace Runbooks.Language.Playbooks;

/// <summary>The fields of a step whose steps are run side by side.</summary>
public static class ParallelFields
{
    public const string Steps = "steps";
    public const string Limit = "limit";
    public const string Failures = "failures";

    /// <summary>The word of <see cref="Failures"/> with which the first failure ends the others.</summary>
    public const string First = "first";

    public static readonly FieldSet Set = new("'parallel'",
    [
        new Field(Steps, FieldShape.Steps, "the steps; none may need another") { Required = true },
        new Field(Limit, FieldShape.Integer, "how many run at the same time") { Minimum = 1, Maximum = 256, Default = "8" },
        new Field(Failures, FieldShape.Choice, "the first failure ends the others, or all come to their end") { Choices = [First, "all"], Default = First, AllowsTemplates = false },
    ])
    { Shorthand = Steps };
}
