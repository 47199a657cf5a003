using System.Collections.Immutable;
using Runbooks.Builtin.Compose;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Fields;
using Runbooks.Language.Playbooks;

namespace Runbooks.Builtin.Steps.Compose;

/// <summary>The commands that are offered, and which fields mean something to each. None of them removes a volume, a network or a container that Compose does not replace.</summary>
internal static class ComposeCommands
{
    public const string ForceRecreate = "force_recreate";
    public const string NoDeps = "no_deps";
    public const string Wait = "wait";
    public const string WaitTimeout = "wait_timeout";
    public const string Timeout = "timeout";
    public const string Pull = "pull";
    public const string Signal = "signal";
    public const string AllowBlank = "allow_blank";
    public const string Images = "images";

    private const long DayInMilliseconds = 86_400_000;

    public static readonly ImmutableArray<Field> Fields =
    [
        new Field(ForceRecreate, FieldShape.Boolean, "up, create: new containers even where nothing has changed") { Default = "false" },
        new Field(NoDeps, FieldShape.Boolean, "up, restart: leave the services alone that these depend on") { Default = "false" },
        new Field(Wait, FieldShape.Boolean, "up: wait until the services run, and are healthy where they have a health check") { Default = "false" },
        new Field(WaitTimeout, FieldShape.Duration, "up with 'wait': how long, in whole seconds") { Minimum = 1000, Maximum = DayInMilliseconds },
        new Field(Timeout, FieldShape.Duration, "up, stop, restart: how long a container may take to stop before it is killed, in whole seconds")
        {
            Otherwise = "what the service says, else 10s",
            Minimum = 1000,
            Maximum = DayInMilliseconds,
        },
        new Field(Pull, FieldShape.Choice, "up, create: when images are pulled") { Choices = ["never", "missing", "always"], Default = "never" },
        new Field(Images, FieldShape.TextMap, "up, create: the image that a service gets instead of the one in the Compose files, by its name; no file is changed") { IsShown = true },
        new Field(Signal, FieldShape.Choice, "kill: which signal") { Choices = ["SIGKILL", "SIGTERM", "SIGINT", "SIGQUIT", "SIGHUP", "SIGUSR1", "SIGUSR2"], Default = "SIGKILL" },
        new Field(AllowBlank, FieldShape.Boolean, "up, create, pull: go on although a variable of the Compose files is not set") { Default = "false" },
    ];

    private static readonly ImmutableSortedDictionary<string, ImmutableArray<string>> FieldsOf = new Dictionary<string, ImmutableArray<string>>(StringComparer.Ordinal)
    {
        ["create"] = [ForceRecreate, Pull, Images, AllowBlank],
        ["kill"] = [Signal],
        ["pull"] = [AllowBlank],
        ["restart"] = [NoDeps, Timeout],
        ["start"] = [],
        ["stop"] = [Timeout],
        ["up"] = [ForceRecreate, NoDeps, Wait, WaitTimeout, Timeout, Pull, Images, AllowBlank],
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    public static ImmutableArray<string> Names => [.. FieldsOf.Keys];

    /// <summary>The command reads images, ports and environment out of the Compose files, so a variable that is not set would change containers.</summary>
    public static bool UsesModel(string command) => command is "up" or "create" or "pull";

    /// <summary>What the named services depend on can be started or made too.</summary>
    public static bool ReachesOthers(string command) => command is "up" or "create" or "start" or "restart";

    /// <summary>False when a field is given that the command does not have: the context was told.</summary>
    public static bool Fit(string command, Inputs inputs, PlanContext context)
    {
        var strangers = Fields.Where(f => inputs.IsGiven(f.Name) && !FieldsOf[command].Contains(f.Name)).ToList();
        foreach (var field in strangers)
        {
            var owners = FieldsOf.Where(f => f.Value.Contains(field.Name)).Select(f => f.Key);
            context.Report(PlaybookDiagnostics.Contradiction, inputs.SpanOf(field.Name), $"'{field.Name}' means nothing for '{command}'", $"it is for {string.Join(", ", owners)}");
        }

        if (command == "up" && inputs.IsGiven(WaitTimeout) && !inputs.Flag(Wait))
        {
            context.Report(PlaybookDiagnostics.Contradiction, inputs.SpanOf(WaitTimeout), $"'{WaitTimeout}' means nothing without '{Wait}: true'");
            return false;
        }

        return strangers.Count == 0;
    }

    /// <summary>False when the Compose of this machine has no words for something: the context was told.</summary>
    public static bool Fit(ComposeProgram program, Inputs inputs, PlanContext context)
    {
        var lacking = !program.IsStandalone ? null
            : inputs.Flag(Wait) ? (Field: Wait, Hint: "ask 'container' in 'validate' instead, with 'within'")
            : inputs.Choice(Pull) == "always" ? (Field: Pull, Hint: "give the command 'pull' in a step before")
            : ((string Field, string Hint)?)null;
        if (lacking is var (field, hint))
        {
            context.Report(ComposeDiagnostics.NotInOne, inputs.SpanOf(field), $"{program.Name} has no {(field == Wait ? "'--wait'" : "'--pull always'")}", $"{hint}, or install the plugin 'docker compose'");
        }

        return lacking is null;
    }

    /// <summary>The command and its options. Containers are never attached to, images never built, and what is not in the Compose files is never removed.</summary>
    public static IEnumerable<string> Words(string command, Inputs inputs, ComposeProgram program) =>
    [
        .. (command, program.IsStandalone) switch
        {
            ("up", _) => (string[])["up", "-d", "--no-build", .. PullWords(inputs, program)],
            // Its own 'create' is deprecated in Compose 1.
            ("create", true) => ["up", "--no-start", "--no-build"],
            ("create", false) => ["create", "--no-build", .. PullWords(inputs, program)],
            ("kill", _) => ["kill", program.IsStandalone ? "-s" : "--signal", inputs.Choice(Signal)],
            _ => [command],
        },
        .. Flag(ForceRecreate, "--force-recreate", inputs),
        // Compose 1 restarts nothing else in any case.
        .. program.IsStandalone && command == "restart" ? [] : Flag(NoDeps, "--no-deps", inputs),
        .. Flag(Wait, "--wait", inputs),
        .. Seconds(WaitTimeout, "--wait-timeout", inputs),
        .. Seconds(Timeout, "--timeout", inputs),
    ];

    /// <summary>The program pulls what is missing without being told, and has a look at the images before where it must not.</summary>
    private static IEnumerable<string> PullWords(Inputs inputs, ComposeProgram program) => program.PullsUnasked ? [] : ["--pull", inputs.Choice(Pull)];

    private static IEnumerable<string> Flag(string field, string word, Inputs inputs) => inputs.Flag(field) ? [word] : [];

    /// <summary>Compose takes whole seconds; a fraction is rounded up, so that nobody gets less time than the playbook gave.</summary>
    private static IEnumerable<string> Seconds(string field, string word, Inputs inputs) =>
        inputs.OptionalDuration(field) is { } duration ? [word, $"{Math.Ceiling(duration.TotalSeconds)}"] : [];
}
