using System.Collections.Immutable;
using Runbooks.Builtin.Git;
using Runbooks.Builtin.Phrasing;
using Runbooks.Builtin.Programs;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Fields;
using Runbooks.Language.Playbooks;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Checks.Git;

/// <summary><c>git:</c> asks the repository in which a path lies.</summary>
public sealed class GitCheckKind : CheckKind<GitCheck>
{
    /// <summary>What git ends with when the answer is no; anything but this and 0 is no answer.</summary>
    private const int No = 1;

    private const int ShownChanges = 20;
    private const int LongestMessage = 300;

    /// <summary>Of a SHA-1; a SHA-256 has more.</summary>
    private const int FewestIdDigits = 40;

    /// <summary>For each of at most four starts: together they stay below the time after which the engine gives up any question.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(25);

    public override KindDeclaration Declaration { get; } = new("git", "A path is as git knows it, on the right branch, or its repository has a revision.", () => new FieldSet("'git'",
    [
        new Field("path", FieldShape.Path, "a file or folder in the repository") { Otherwise = "the project directory" },
        new Field("clean", FieldShape.Boolean, "true: git tracks the path, and nothing in it is changed or new since the last commit; false: something is"),
        new Field("has", FieldShape.Text, "a revision that must exist there: a tag, a commit, a branch") { NotEmpty = true, IsShown = true },
        new Field("branch", FieldShape.Text, "the branch that must be checked out") { NotEmpty = true },
    ])
    { Shorthand = "path" });

    public override ImmutableArray<Descriptor> Descriptors => GitDiagnostics.All;

    public override GitCheck? Plan(Inputs inputs, PlanContext context)
    {
        var (clean, revision, branch) = (inputs.OptionalFlag("clean"), inputs.OptionalText("has"), inputs.OptionalText("branch"));
        if (clean is null && revision is null && branch is null)
        {
            context.Report(GitDiagnostics.NothingAsked, inputs.Span, "nothing is asked of git", "add 'clean: true', 'has:' or 'branch:'");
            return null;
        }

        if (revision is { IsKnown: true } known && GitProgram.RevisionProblem(known.Reveal()) is { } problem)
        {
            context.Report(GitDiagnostics.BadRevision, inputs.SpanOf("has"), problem);
            return null;
        }

        var path = inputs.OptionalPath("path") is { } given ? context.Resolve(given) : context.ProjectDirectory;
        var (folder, name) = FolderAndName(path, context);
        return new GitCheck(path == context.ProjectDirectory ? "the project directory" : context.Show(path))
        {
            Tracked = clean is null ? null : GitProgram.Start(folder, [.. GitProgram.WithoutMonitor, "ls-files", "--error-unmatch", "--", name]),
            Status = clean is null ? null : GitProgram.Start(folder, [.. GitProgram.WithoutMonitor, "status", "--porcelain", "--untracked-files=normal", "--ignore-submodules=none", "--", name]),
            Clean = clean ?? true,
            Resolve = revision is null ? null : GitProgram.Resolve(folder, revision),
            Revision = revision ?? Rendered.Empty,
            Head = branch is null ? null : GitProgram.Start(folder, ["symbolic-ref", "--quiet", "--short", "HEAD"]),
            Branch = branch ?? Rendered.Empty,
        };
    }

    public override async Task<Verdict> AskAsync(GitCheck question, CheckContext context, CancellationToken cancel)
    {
        if (question.Resolve is not null && GitProgram.RevisionProblem(question.Revision.Reveal()) is { } problem)
        {
            return Verdict.Unknown(problem);
        }

        var observed = new List<string>();
        foreach (var (start, judge) in ((ProgramStart?, Func<GitCheck, ProgramAnswer, CheckContext, Verdict>)[])
            [(question.Tracked, IsTracked), (question.Status, Changes), (question.Resolve, Commit), (question.Head, BranchOf)])
        {
            if (start is null)
            {
                continue;
            }

            var answer = await ProgramQuestions.AskAsync(start, Timeout, context, cancel);
            var verdict = Trouble(answer) ?? judge(question, answer, context);
            if (verdict.Kind != VerdictKind.Holds)
            {
                return verdict;
            }

            observed.Add(verdict.Observed);
        }

        return Verdict.Holds(Phrases.And(observed.Where(o => o.Length > 0)));
    }

    /// <summary>Where git starts, and what it is asked about there. A file that is not there yet, or cannot be read, is a file.</summary>
    private static (string Folder, string Name) FolderAndName(string path, PlanContext context) =>
        path == context.ProjectDirectory || context.Files.Read(path).IsFolder || Path.GetDirectoryName(path) is not { } folder ? (path, ".") : (folder, Path.GetFileName(path));

    /// <summary>Git gave no answer; null when it did.</summary>
    private static Verdict? Trouble(ProgramAnswer answer) => answer.Exit switch
    {
        { StartError: { } error } => Verdict.Unknown($"git could not be started: {error}"),
        { Stopped: true } => Verdict.Unknown($"git did not answer within {Durations.Format(Timeout)}"),
        { ExitCode: null } => Verdict.Unknown($"git was killed by signal {answer.Exit.Signal}"),
        { ExitCode: 0 or No } => null,
        // The words in brackets tell it from a repository that is broken.
        _ when answer.LastLines.Any(l => l.StartsWith("fatal: not a git repository (or any", StringComparison.Ordinal)) => Verdict.DoesNotHold("it is not in a git repository"),
        _ => Verdict.Unknown($"git cannot tell: {answer.LastLines.LastOrDefault($"it ended with code {answer.Exit.ExitCode}")}") with { Evidence = answer.LastLines },
    };

    private static Verdict IsTracked(GitCheck question, ProgramAnswer answer, CheckContext context) =>
        answer.Exit.ExitCode == 0 ? Verdict.Holds("") : Verdict.DoesNotHold($"git tracks nothing at {question.Shown}");

    private static Verdict Changes(GitCheck question, ProgramAnswer answer, CheckContext context)
    {
        if (answer.Exit.ExitCode != 0)
        {
            return Verdict.Unknown($"git status ended with code {answer.Exit.ExitCode}") with { Evidence = answer.LastLines };
        }

        var changes = context.Mask(answer.Output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (changes.Length == 0)
        {
            return question.Clean ? Verdict.Holds("no changes") : Verdict.DoesNotHold("no changes");
        }

        var count = $"{(answer.Exit.CaptureExceeded ? "more than " : "")}{Phrases.Count(changes.Length, "change")}";
        var observed = $"{count}: {Phrases.And(changes.Take(3).Select(c => Phrases.Line(c, 80)))}{(changes.Length > 3 ? " …" : "")}";
        return (question.Clean ? Verdict.DoesNotHold(observed) : Verdict.Holds(observed)) with { Evidence = [.. changes.Take(ShownChanges).Select(c => Phrases.Line(c, 200))] };
    }

    private static Verdict Commit(GitCheck question, ProgramAnswer answer, CheckContext context)
    {
        var id = answer.Output.TrimEnd('\n');
        return answer.Exit.ExitCode != 0 ? Verdict.DoesNotHold($"there is no revision {question.Revision.Display}")
            : id.Length >= FewestIdDigits && id.All(char.IsAsciiHexDigitLower) ? Verdict.Holds($"{question.Revision.Display} is {id[..12]}")
            : Verdict.Unknown($"git says of {question.Revision.Display}: {Phrases.Line(context.Mask(id), LongestMessage)}");
    }

    private static Verdict BranchOf(GitCheck question, ProgramAnswer answer, CheckContext context)
    {
        var branch = answer.Output.TrimEnd('\n');
        return answer.Exit.ExitCode != 0 ? Verdict.DoesNotHold("no branch is checked out (detached HEAD)")
            : branch == question.Branch.Reveal() ? Verdict.Holds($"branch {question.Branch.Display}")
            : Verdict.DoesNotHold($"branch {Phrases.Line(context.Mask(branch), LongestMessage)} is checked out");
    }
}
