using System.Collections.Immutable;
using Runbooks.Builtin.Compose;
using Runbooks.Builtin.Containers;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Fields;
using Runbooks.Language.Playbooks;

namespace Runbooks.Builtin.Checks.Stable;

/// <summary><c>stable:</c> watches containers for a while: one good look finds neither a crash loop nor a health check that has not failed often enough yet.</summary>
public sealed class StableCheckKind : CheckKind<StableCheck>
{
    private const string AtMost = "at_most";
    private const string WaitForHealth = "wait_for_health";
    private const long ShortestPause = 100;
    private const long LongestPause = 300_000;
    private const long LongestWatch = 3_600_000;

    public override KindDeclaration Declaration { get; } = new("stable", "The containers of a service stay the same, running and healthy, for a while.", () => new FieldSet("'stable'",
    [
        .. ContainerChoice.Fields("container", "service", "that is watched"),
        new Field("samples", FieldShape.Integer, "how many samples in a row must be good, at least") { Default = "5", Minimum = 2, Maximum = 1000 },
        new Field("every", FieldShape.Duration, "how long lies between two samples") { Default = "2s", Minimum = ShortestPause, Maximum = LongestPause },
        new Field(WaitForHealth, FieldShape.Boolean, "wait until the health is known, and go on for as long as the health check needs to fail; without it, a container that is not unhealthy is good") { Default = "true" },
        new Field(AtMost, FieldShape.Duration, "how long it may watch; what cannot be told within this is unknown") { Default = "10m", Minimum = 1000, Maximum = LongestWatch },
    ])
    { Shorthand = "service" });

    public override ImmutableArray<Descriptor> Descriptors => [.. ContainerDiagnostics.All, .. ComposeDiagnostics.All, .. StableDiagnostics.All];

    public override StableCheck? Plan(Inputs inputs, PlanContext context)
    {
        if (ContainerChoice.Read(inputs, context, "container", "service") is not { } choice)
        {
            return null;
        }

        var check = new StableCheck(choice, inputs.Integer("samples"), inputs.Duration("every"), inputs.Duration(AtMost), inputs.Flag(WaitForHealth));
        if (check.Shortest <= check.AtMost)
        {
            return check;
        }

        context.Report(StableDiagnostics.TooLong, inputs.IsGiven(AtMost) ? inputs.SpanOf(AtMost) : inputs.Span, $"{check.Samples} samples {Durations.Format(check.Every)} apart take {Durations.Format(check.Shortest)}, and at most {Durations.Format(check.AtMost)} are watched");
        return null;
    }

    public override async Task<Verdict> AskAsync(StableCheck question, CheckContext context, CancellationToken cancel)
    {
        var (docker, time) = (context.Ports.Docker, context.Ports.Time);
        var found = await question.Choice.FindAsync(docker, cancel);
        if (found.Problem is null && found.Value.IsEmpty)
        {
            return Verdict.DoesNotHold(await question.Choice.NoneAsync(docker, cancel));
        }

        var watch = new StableWatch(question, time, context.Mask);
        while (true)
        {
            if (watch.Take(found) is { } verdict)
            {
                return verdict;
            }

            await Task.Delay(watch.Pause, time, cancel);
            found = await question.Choice.FindAsync(docker, cancel);
        }
    }
}
