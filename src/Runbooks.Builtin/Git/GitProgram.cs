using System.Collections.Immutable;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Git;

/// <summary>How git is started: it reads, takes no lock, starts nothing that a repository names, asks nobody, and says what it says in one language.</summary>
internal static class GitProgram
{
    /// <summary>A monitor is a program that the repository names; it is not started.</summary>
    public static readonly ImmutableArray<string> WithoutMonitor = ["-c", "core.fsmonitor=false"];

    /// <summary>A name is a name and not a pattern, no lock is taken, nothing is asked at a terminal, and messages are in the language in which they are read here.</summary>
    private static readonly ImmutableArray<EnvironmentAddition> Environment =
    [
        new("GIT_LITERAL_PATHSPECS", Rendered.Literal("1")),
        new("GIT_OPTIONAL_LOCKS", Rendered.Literal("0")),
        new("GIT_TERMINAL_PROMPT", Rendered.Literal("0")),
        new("LC_ALL", Rendered.Literal("C")),
    ];

    public static ProgramStart Start(string folder, ImmutableArray<string> words, params ReadOnlySpan<Rendered> more) =>
        new([Rendered.Literal("git"), .. words.Select(Rendered.Literal), .. more], folder, Environment);

    /// <summary>Asks which commit a revision is; git fails when there is none.</summary>
    public static ProgramStart Resolve(string folder, Rendered revision) =>
        Start(folder, ["rev-parse", "--verify", "--quiet"], Rendered.Of([.. revision.Parts, .. Rendered.Literal("^{commit}").Parts]));

    /// <summary>A revision that git would read as an option, or as something else than one revision; null for a good one.</summary>
    public static string? RevisionProblem(string revision) =>
        revision is "" or ['-' or '^' or ':', ..] || revision.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)) || revision.Contains("..", StringComparison.Ordinal)
            ? $"'{revision}' is not one revision"
            : null;
}
