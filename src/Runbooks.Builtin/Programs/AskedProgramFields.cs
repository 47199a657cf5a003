using System.Collections.Immutable;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Planning;
using Runbooks.Language.Fields;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Programs;

/// <summary>The fields by which a check says which program it asks, and what it must answer.</summary>
internal static class AskedProgramFields
{
    public const string Argv = "argv";

    private const string Exit = "exit";
    private const string Contains = "stdout_contains";
    private const string Matches = "stdout_matches";
    private const string Env = "env";
    private const string Stdin = "stdin";
    private const string Timeout = "timeout";

    /// <param name="ended">What is done when it takes longer than it may.</param>
    public static ImmutableArray<Field> All(string ended) =>
    [
        new Field(Argv, FieldShape.Words, "the program and its arguments: a list, or one line split like POSIX words") { Required = true },
        new Field(Exit, FieldShape.Integer, "the exit code that holds") { Default = "0", Minimum = 0, Maximum = 255 },
        new Field(Contains, FieldShape.TextList, "texts that must all stand in its standard output"),
        new Field(Matches, FieldShape.Pattern, "a regular expression that must match somewhere in its standard output"),
        new Field(Env, FieldShape.TextMap, "added to the environment of the program"),
        new Field(Stdin, FieldShape.Text, "what the program reads from its standard input"),
        new Field(Timeout, FieldShape.Duration, $"how long it may take; then {ended}, and the answer is unknown") { Default = "30s", Minimum = 1, Maximum = 100_000 },
    ];

    /// <summary>The program and its words; null when something is wrong: the context was told what.</summary>
    public static ImmutableArray<Rendered>? Words(Inputs inputs, PlanContext context)
    {
        var argv = inputs.Texts(Argv);
        if (!argv.IsEmpty && argv[0] is not { IsKnown: true, Display: "" })
        {
            return argv;
        }

        context.Report(AskedProgramDiagnostics.NoProgram, inputs.SpanOf(Argv), "the first word names no program");
        return null;
    }

    public static Rendered Input(Inputs inputs) => inputs.OptionalText(Stdin) ?? Rendered.Empty;

    public static ProgramExpectation Expectation(Inputs inputs) => new(inputs.Integer(Exit), inputs.Duration(Timeout))
    {
        OutputContains = inputs.Texts(Contains),
        OutputMatches = inputs.OptionalPattern(Matches),
    };

    /// <summary>The environment of the step, when there is one, with that of the check over it; null when a name is not one.</summary>
    public static ImmutableArray<EnvironmentAddition>? Environment(Inputs inputs, PlanContext context)
    {
        var merged = new SortedDictionary<string, EnvironmentAddition>(context.Environment.ToDictionary(e => e.Name, StringComparer.Ordinal), StringComparer.Ordinal);
        foreach (var (name, value) in inputs.Map(Env))
        {
            if (!name.IsKnown || name.HasSecret || name.Parts.IsEmpty || name.Display.AsSpan().ContainsAny('=', '\0'))
            {
                context.Report(PlanDiagnostics.EnvironmentName, inputs.SpanOf(Env), $"'{name.Display}' is not the name of an environment variable");
                return null;
            }

            merged[name.Display] = new EnvironmentAddition(name.Display, value);
        }

        return [.. merged.Values];
    }
}
