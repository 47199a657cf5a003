using System.Collections.Immutable;
using Runbooks.Builtin.Compose;
using Runbooks.Builtin.Containers;
using Runbooks.Builtin.Programs;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Fields;
using Runbooks.Language.Playbooks;

namespace Runbooks.Builtin.Checks.Smoke;

/// <summary><c>smoke:</c> asks a program inside a container that runs. That it only reads is the author's promise.</summary>
public sealed class SmokeCheckKind : CheckKind<SmokeCheck>
{
    private const string Running = "running";

    /// <summary>SIGKILL, as a shell and docker tell it: what becomes of all programs of a container that ends.</summary>
    private const int Killed = 137;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    /// <summary>How often it is looked whether the container has ended: the engine learns of it a moment later than its programs.</summary>
    private const int Looks = 20;

    public override KindDeclaration Declaration { get; } = new("smoke", "A program inside a running container ends with the right code and prints the right text.", () => new FieldSet("'smoke'",
    [
        .. ContainerChoice.Fields(InsideFields.Container, InsideFields.Service, "inside which the program runs"),
        .. AskedProgramFields.All("docker is ended"),
        InsideFields.Folder,
    ]));

    public override ImmutableArray<Descriptor> Descriptors => [.. ContainerDiagnostics.All, .. ComposeDiagnostics.All, .. AskedProgramDiagnostics.All];

    public override SmokeCheck? Plan(Inputs inputs, PlanContext context) =>
        ContainerChoice.Read(inputs, context, InsideFields.Container, InsideFields.Service) is { } choice
        && AskedProgramFields.Words(inputs, context) is { } argv
        && AskedProgramFields.Environment(inputs, context) is { } environment
        && Inside.StartInRunning(inputs, argv, environment, context) is { } start
            ? new SmokeCheck(choice, argv, start with { StandardInput = AskedProgramFields.Input(inputs) }, AskedProgramFields.Expectation(inputs))
            : null;

    public override async Task<Verdict> AskAsync(SmokeCheck question, CheckContext context, CancellationToken cancel)
    {
        var docker = context.Ports.Docker;
        var (before, idle) = await RunningAsync(question, docker, cancel);
        if (idle is not null)
        {
            return Verdict.Unknown(idle);
        }

        var answer = await ProgramQuestions.AskAsync(question.Start, question.Expected.Timeout, context, cancel);
        var trouble = DockerTrouble.Of(answer, question.Expected.ExitCode) ?? (answer.Exit.ExitCode is null or 0 ? null : await EndedAsync(question, before, answer.Exit.ExitCode == Killed ? Looks : 1, context, cancel));
        return trouble is not null
            ? Verdict.Unknown($"{question.Asked} gave no answer: {trouble}") with { Evidence = answer.LastLines }
            : question.Expected.Judge(question.Asked, answer, "docker was ended; inside the container the engine may go on running it");
    }

    /// <summary>The containers that run, and why nothing can be asked in one of them; null when there is one.</summary>
    private static async Task<(ImmutableArray<(string Id, DateTimeOffset? StartedAt)> Containers, string? Problem)> RunningAsync(SmokeCheck question, IDocker docker, CancellationToken cancel)
    {
        var found = await question.Choice.FindAsync(docker, cancel);
        if (found.Problem is not null)
        {
            return ([], found.Problem);
        }

        if (found.Value.IsEmpty)
        {
            return ([], $"{await question.Choice.NoneAsync(docker, cancel)}, so nothing can be asked in it");
        }

        var running = found.Value.Where(c => c.Status == Running).Select(c => (c.Id, c.StartedAt)).ToImmutableArray();
        return running.IsEmpty ? ([], $"{found.Value[0].Name} is {ContainerWords.Of(found.Value[0])}, and a program can be asked only in a container that runs") : (running, null);
    }

    /// <summary>What became of the container while the program ran in it: a container that ends takes its programs with it. Null when it goes on as before.</summary>
    private static async Task<string?> EndedAsync(SmokeCheck question, ImmutableArray<(string Id, DateTimeOffset? StartedAt)> before, int looks, CheckContext context, CancellationToken cancel)
    {
        for (var look = 1; ; look++)
        {
            var (after, problem) = await RunningAsync(question, context.Ports.Docker, cancel);
            if (problem is not null)
            {
                return $"then {problem}";
            }

            if (!after.SequenceEqual(before))
            {
                return $"{question.Choice.Noun} ended or was started anew while it ran";
            }

            if (look == looks)
            {
                return null;
            }

            await Task.Delay(Look, context.Ports.Time, cancel);
        }
    }
}
