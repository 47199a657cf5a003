using System.Collections.Immutable;
using System.Globalization;
using Runbooks.Advisor.Assessing;
using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Advisor.Migrations;
using Runbooks.Advisor.Situations;
using Runbooks.Builtin.Git;
using Runbooks.Builtin.Programs;
using Runbooks.Engine.Releases;

namespace Runbooks.Builtin.Probes;

/// <summary>Whether the source of the releases that were well names the tables and columns which later migrations take away. A name in a source is a hint and no more.</summary>
public sealed class SourceProbe : IProbe
{
    /// <summary>Releases; and names of each.</summary>
    private const int MostReleases = 2;
    private const int MostNames = 8;
    private const int ShownPlaces = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public string Name => "source";

    public string Source => "git grep";

    public ImmutableArray<string> Facts => [FactKeys.SchemaCompatible];

    public TimeSpan Limit => TimeSpan.FromSeconds(15);

    public async Task<ProbeAnswer> LookAsync(Sight sight, CancellationToken cancel)
    {
        if (sight.Subject.Project?.Migrations is not { } declared || sight.Migrations(cancel).History is not { } history)
        {
            // Why the files cannot be read says who reads them.
            return ProbeAnswer.Of();
        }

        var (readings, problems) = (ImmutableArray.CreateBuilder<Reading>(), ImmutableArray.CreateBuilder<string>());
        foreach (var release in sight.Candidates.Where(c => c.Standing == ReleaseStanding.Good).Take(MostReleases).Select(c => c.Release))
        {
            if (release is not { Git: { IsDirty: false, Commit: var commit }, Schema: { } then })
            {
                continue;
            }

            foreach (var (migration, name) in GoneSince(history, then, declared.App).Take(MostNames))
            {
                var (places, more, problem) = await PlacesAsync(name, commit, declared.Folder, sight, cancel);
                if (problem.Length > 0)
                {
                    problems.Add($"whether the source of release {release.Id} names '{name}', which {migration} takes away: {problem}");
                    break;
                }

                readings.Add(new SourceUseReading($"{Source} -w {name} {Short(commit)}", sight.Now, release.Id, migration, name, places, more));
            }
        }

        return new ProbeAnswer(readings.ToImmutable(), problems.ToImmutable());
    }

    /// <summary>What the migrations take away that come after where a release had its database, as the files have it; which of them were made, the database says.</summary>
    private static IEnumerable<(string Migration, string Name)> GoneSince(MigrationHistory history, ReleasedSchema then, string app)
    {
        var last = history.Migrations.Where(m => m.App == app && !history.Migrations.Any(n => n.App == app && n.After.Contains(m.Key))).Select(m => m.Id);
        return history.Between([.. last], then.Heads.IsEmpty ? [MigrationHistory.None] : then.Heads, app) is { Problem: null, Migrations: var later }
            ? later.Reverse().SelectMany(m => m.Forward.Gone.Select(n => (m.Key, n))).DistinctBy(n => n.n, StringComparer.Ordinal)
            : [];
    }

    private static async Task<(ImmutableArray<string> Places, int More, string Problem)> PlacesAsync(string name, string commit, string folder, Sight sight, CancellationToken cancel)
    {
        var words = (string[])["grep", "-n", "-I", "-w", "-F", "-z", "--no-color", "-e", name, commit, "--", "."];
        var answer = await ProgramQuestions.AskAsync(GitProgram.Start(sight.Subject.Directory, [.. GitProgram.WithoutMonitor, .. words]), Patience, sight.Context, cancel);
        if (answer.Exit is not { ExitCode: 0 or 1 })
        {
            return ([], 0, answer.Exit.StartError ?? (answer.Exit.Stopped ? "git took too long" : sight.Mask(answer.LastLines.LastOrDefault() ?? $"git ended with exit code {answer.Exit.ExitCode}")));
        }

        // Each line is COMMIT:PATH, NUL, the number, NUL, the text.
        var found = answer.Output.Split('\n').Select(l => l.Split('\0')).Where(p => p.Length >= 3 && int.TryParse(p[1], NumberStyles.None, CultureInfo.InvariantCulture, out _) && p[0].StartsWith($"{commit}:", StringComparison.Ordinal))
            .Select(p => (Path: p[0][(commit.Length + 1)..], Line: p[1])).Where(p => !IsOfMigrations(p.Path, folder)).Select(p => sight.Mask($"{p.Path}:{p.Line}")).ToImmutableArray();
        return ([.. found.Take(ShownPlaces).Select(p => Phrasing.Phrases.Line(p, 200))], Math.Max(0, found.Length - ShownPlaces), "");
    }

    /// <summary>Migrations name what they make, and texts for people say what they like.</summary>
    private static bool IsOfMigrations(string path, string folder) =>
        (folder.TrimEnd('/') is { Length: > 0 } named && named != "." && path.StartsWith($"{(named.StartsWith("./", StringComparison.Ordinal) ? named[2..] : named)}/", StringComparison.Ordinal)) || Path.GetExtension(path) is ".md" or ".txt" or ".rst";

    private static string Short(string commit) => commit.Length > 10 ? commit[..10] : commit;
}
