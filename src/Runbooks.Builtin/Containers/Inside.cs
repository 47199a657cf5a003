using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Runbooks.Builtin.Compose;
using Runbooks.Builtin.Programs;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Planning;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Containers;

/// <summary>Starts a program in a container instead of on this machine.</summary>
internal static partial class Inside
{
    /// <param name="inputs">As <see cref="InsideFields"/> declares them.</param>
    /// <param name="argv">The program and its words.</param>
    /// <returns>The start of docker that does it; null when something is wrong: the context was told what.</returns>
    public static ProgramStart? Start(Inputs inputs, ImmutableArray<Rendered> argv, PlanContext context)
    {
        string[] places = [InsideFields.Service, InsideFields.Container, InsideFields.Image];
        var given = places.Where(inputs.IsGiven).ToList();
        if (given is not [var place])
        {
            context.Report(ContainerDiagnostics.NotOnePlace, given.Count == 0 ? inputs.Span : inputs.SpanOf(given[1]), given.Count == 0 ? "it is not said in which container" : $"'{given[0]}' and '{given[1]}' cannot both be meant", $"give one of {string.Join(", ", places.Select(p => $"'{p}'"))}");
            return null;
        }

        var useless = place == InsideFields.Service ? [] : ComposeFields.All.Select(f => f.Name).Append(InsideFields.OneOff);
        if (useless.Concat(place == InsideFields.Image ? [] : [InsideFields.Network]).FirstOrDefault(inputs.IsGiven) is { } field)
        {
            context.Report(ContainerDiagnostics.NotOnePlace, inputs.SpanOf(field), $"'{field}' means nothing with '{place}'");
            return null;
        }

        return Place(inputs, place, argv, context) is { } name && Words(inputs, place, name, argv, context) is { } words ? ProgramSteps.Start(words, context) : null;
    }

    /// <summary>Starts it in a container that runs already.</summary>
    /// <param name="inputs">With the fields of a <see cref="ContainerChoice"/>, named as in <see cref="InsideFields"/>, of which one is given.</param>
    /// <param name="environment">Of the program.</param>
    /// <returns>Null when something is wrong: the context was told what.</returns>
    public static ProgramStart? StartInRunning(Inputs inputs, ImmutableArray<Rendered> argv, ImmutableArray<EnvironmentAddition> environment, PlanContext context)
    {
        var place = inputs.IsGiven(InsideFields.Service) ? InsideFields.Service : InsideFields.Container;
        return Place(inputs, place, argv, context) is { } name && ExecWords(inputs, place, name, [.. Options(inputs, environment)], argv, context) is { } words
            ? ProgramSteps.Start(words, context) with { Environment = environment }
            : null;
    }

    /// <summary>The name of the place; null when it cannot be one: the context was told why.</summary>
    private static string? Place(Inputs inputs, string place, ImmutableArray<Rendered> argv, PlanContext context)
    {
        var name = inputs.Text(place);
        if (!name.IsKnown || !argv[0].IsKnown)
        {
            var unknown = name.IsKnown ? argv[0] : name;
            context.Report(TemplateDiagnostics.NotKnown, inputs.SpanOf(place), $"what is started where must be known when the plan is made, {unknown.Display} is not");
            return null;
        }

        if (Name().IsMatch(name.Reveal()))
        {
            return name.Reveal();
        }

        context.Report(ComposeDiagnostics.NotAService, inputs.SpanOf(place), $"'{name.Display}' is not the name of a {place}");
        return null;
    }

    public static ImmutableArray<Requirement> RequirementsOf(ProgramStart start) => [.. ProgramSteps.RequirementsOf(start), new DockerEngineRequirement()];

    private static ImmutableArray<Rendered>? Words(Inputs inputs, string place, string name, ImmutableArray<Rendered> argv, PlanContext context)
    {
        Rendered[] options = [.. Options(inputs, context.Environment)];
        // An image can have an entry point of its own, which would take the program for its arguments.
        var entry = Rendered.Literal(argv[0].Reveal());
        switch (place)
        {
            case InsideFields.Image:
                return [.. Literals("docker", "run", "--rm", "-i", "--pull", "never", "--network"), inputs.Text(InsideFields.Network), Rendered.Literal("--entrypoint"), entry, .. options, Rendered.Literal(name), .. argv.Skip(1)];
            case InsideFields.Service when inputs.Flag(InsideFields.OneOff):
                return ComposeProjects.ReadForCommand(inputs, context) is { } project
                    ? [.. Literals([.. project.Words, "run", "--rm", "--no-deps", "-T", "--entrypoint"]), Rendered.Literal(CommandLine.Quote(argv[0].Reveal())), .. options, Rendered.Literal(name), .. argv.Skip(1)]
                    : null;
            default:
                return ExecWords(inputs, place, name, options, argv, context);
        }
    }

    private static ImmutableArray<Rendered>? ExecWords(Inputs inputs, string place, string name, Rendered[] options, ImmutableArray<Rendered> argv, PlanContext context)
    {
        var exec = place == InsideFields.Container ? Literals("docker", "exec", "-i") : ComposeProjects.ReadForCommand(inputs, context) is { } project ? Literals([.. project.Words, "exec", "-T"]) : null;
        return exec is null ? null : [.. exec, .. options, Rendered.Literal(name), .. argv];
    }

    /// <summary>Variables by their names: docker takes the values from its own environment, where nobody sees them.</summary>
    private static IEnumerable<Rendered> Options(Inputs inputs, ImmutableArray<EnvironmentAddition> environment) =>
    [
        .. inputs.OptionalText(InsideFields.WorkDirectory) is { } folder ? [Rendered.Literal("--workdir"), folder] : Array.Empty<Rendered>(),
        .. environment.SelectMany(e => (Rendered[])[Rendered.Literal("-e"), Rendered.Literal(e.Name)]),
    ];

    private static IEnumerable<Rendered> Literals(params IEnumerable<string> words) => words.Select(Rendered.Literal);

    [GeneratedRegex(@"\A[a-zA-Z0-9._][a-zA-Z0-9._:/@-]*\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Name();
}
