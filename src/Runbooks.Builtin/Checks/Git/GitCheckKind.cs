using System.Collections.Immutable;
using Runbooks.Builtin.Phrasing;
using Runbooks.Builtin.Programs;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Planning;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Fields;
using Runbooks.Language.Playbooks;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Checks.Git;

/// <summary><c>git:</c> asks the repository in which a path lies.</summary>
public sealed class GitCheckKind : CheckKind<GitCheck>
{
    /// <summary>What git itself ends with when it cannot do what it was asked.</summary>
    private const int Fatal = 128;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <summary>No lock is taken, nothing is asked at a terminal, and messages are in the language in which they are read here.</summary>
    private static readonly ImmutableArray<EnvironmentAddition> Environment =
    [
        new("GIT_OPTIONAL_LOCKS", Rendered.Literal("0")),
        new("GIT_TERMINAL_PROMPT", Rendered.Literal("0")),
        new("LC_ALL", Rendered.Literal("C")),
    ];

    public override KindDeclaration Declaration { get; } = new("git", "A path is as git knows it, on the right branch, or its repository has a revision.", new FieldSet("'git'",
    [
        new Field("path", FieldShape.Path, "a file or folder in the repository") { Otherwise = "the project directory" },
        new Field("clean", FieldShape.Boolean, "whether the path must be without changes that are not committed, new files included"),
        new Field("has", FieldShape.Text, "a revision that must exist there: a tag, a commit, a branch") { NotEmpty = true },
        new Field("branch", FieldShape.Text, "the branch that must be checked out") { NotEmpty = true },
    ]) { Shorthand = "path" });

    public override ImmutableArray<Descriptor> Descriptors => GitDiagnostics.All;

    public override GitCheck? Plan(Inputs inputs, PlanContext context)
    {
        var (clean, revision, branch) = (inputs.OptionalFlag("clean"), inputs.OptionalText("has"), inputs.OptionalText("branch"));
        if (clean is null && revision is null && branch is null)
        {
            context.Report(GitDiagnostics.NothingAsked, inputs.Span, "nothing is asked of git", "add 'clean: true', 'has:' or 'branch:'");
            return null;
        }

        if (revision is { HasSecret: true })
        {
            context.Report(PlanDiagnostics.SecretVisible, inputs.SpanOf("has"), "'has' would show a secret");
            return null;
        }

        if (revision is { IsKnown: true } known && RevisionProblem(known.Reveal()) is { } problem)
        {
            context.Report(GitDiagnostics.BadRevision, inputs.SpanOf("has"), problem);
            return null;
        }

        var path = inputs.OptionalPath("path") is { } given ? context.Resolve(given) : context.ProjectDirectory;
        var (folder, name) = context.Files.Read(path).Bytes is not null ? (Path.GetDirectoryName(path) ?? path, Path.GetFileName(path)) : (path, ".");
        return new GitCheck(path == context.ProjectDirectory ? "the project directory" : context.Show(path))
        {
            Status = clean is null ? null : Git(folder, ["-c", "core.fsmonitor=false", "status", "--porcelain", "--untracked-files=normal", "--", name, ":(exclude,glob)**/.runbook/**"]),
            Clean = clean ?? true,
            Resolve = revision is null ? null : Git(folder, ["rev-parse", "--verify", "--quiet"], Rendered.Of([.. revision.Parts, .. Rendered.Literal("^{commit}").Parts])),
            Revision = revision ?? Rendered.Empty,
            Head = branch is null ? null : Git(folder, ["symbolic-ref", "--quiet", "--short", "HEAD"]),
            Branch = branch ?? Rendered.Empty,
        };
    }

    public override async Task<Verdict> AskAsync(GitCheck question, CheckContext context, CancellationToken cancel)
    {
        var observed = new List<string>();
        foreach (var (start, judge) in ((ProgramStart?, Func<GitCheck, ProgramAnswer, Verdict>)[])[(question.Status, Changes), (question.Resolve, Commit), (question.Head, BranchOf)])
        {
            if (start is null)
            {
                continue;
            }

            if (start == question.Resolve && RevisionProblem(question.Revision.Reveal()) is { } problem)
            {
                return Verdict.Unknown(problem);
            }

            var answer = await ProgramQuestions.AskAsync(start, Timeout, context, cancel);
            var verdict = Trouble(answer) ?? judge(question, answer);
            if (verdict.Kind != VerdictKind.Holds)
            {
                return verdict;
            }

            observed.Add(verdict.Observed);
        }

        return Verdict.Holds(Phrases.And(observed));
    }

    /// <summary>Git could not answer; null when it did.</summary>
    private static Verdict? Trouble(ProgramAnswer answer)
    {
        var said = answer.LastLines.LastOrDefault("");
        return answer.Exit switch
        {
            { StartError: { } error } => Verdict.Unknown($"git could not be started: {error}"),
            { Stopped: true } => Verdict.Unknown($"git did not answer within {Durations.Format(Timeout)}"),
            { ExitCode: null } => Verdict.Unknown($"git was killed by signal {answer.Exit.Signal}"),
            { ExitCode: >= Fatal } when answer.LastLines.Any(l => l.Contains("not a git repository", StringComparison.Ordinal)) => Verdict.DoesNotHold("it is not in a git repository"),
            { ExitCode: >= Fatal } => Verdict.Unknown($"git cannot tell: {said}") with { Evidence = answer.LastLines },
            _ => null,
        };
    }

    private static Verdict Changes(GitCheck question, ProgramAnswer answer)
    {
        if (answer.Exit.ExitCode != 0)
        {
            return Verdict.Unknown($"git status ended with code {answer.Exit.ExitCode}") with { Evidence = answer.LastLines };
        }

        const int Shown = 20;
        var changes = answer.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (changes.Length == 0)
        {
            return question.Clean ? Verdict.Holds("no changes") : Verdict.DoesNotHold("no changes");
        }

        var observed = $"{Phrases.Count(changes.Length, "change")}: {Phrases.And(changes.Take(3).Select(c => Phrases.Line(c, 80)))}{(changes.Length > 3 ? " …" : "")}";
        return (question.Clean ? Verdict.DoesNotHold(observed) : Verdict.Holds(observed)) with { Evidence = [.. changes.Take(Shown).Select(c => Phrases.Line(c, 200))] };
    }

    private static Verdict Commit(GitCheck question, ProgramAnswer answer) => answer.Exit.ExitCode == 0
        ? Verdict.Holds($"{question.Revision.Display} is {Phrases.Line(answer.Output, 12).TrimEnd('…')}")
        : Verdict.DoesNotHold($"there is no revision {question.Revision.Display}");

    private static Verdict BranchOf(GitCheck question, ProgramAnswer answer)
    {
        var branch = answer.Output.Trim();
        return answer.Exit.ExitCode != 0 ? Verdict.DoesNotHold("no branch is checked out (detached HEAD)")
            : branch == question.Branch.Reveal() ? Verdict.Holds($"branch {branch}")
            : Verdict.DoesNotHold($"branch {branch} is checked out");
    }

    /// <summary>A revision that git would read as an option, or as something else than one revision.</summary>
    private static string? RevisionProblem(string revision) =>
        revision.StartsWith('-') || revision.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)) || revision.Contains("..", StringComparison.Ordinal)
            ? $"'{revision}' is not one revision"
            : null;

    private static ProgramStart Git(string folder, ImmutableArray<string> words, params ReadOnlySpan<Rendered> more) =>
        new([Rendered.Literal("git"), .. words.Select(Rendered.Literal), .. more], folder, Environment);
}
