using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Runbooks.Advisor.Assessing;
using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Advisor.Situations;
using Runbooks.Builtin.Git;
using Runbooks.Builtin.Programs;
using Runbooks.Builtin.Releases;
using Runbooks.Engine.Releases;
using Runbooks.Language.Editing;

namespace Runbooks.Builtin.Probes;

/// <summary>
/// What variables of the containers were with the releases that were well: of what the files of their commit could mean, the value whose keyed hash is on record. Secrets are left out.
/// </summary>
public sealed partial class SettingsProbe : IProbe
{
    private const int MostReleases = 2;

    /// <summary>Characters. A longer value is no setting that somebody reads.</summary>
    private const int Longest = 200;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public string Name => "settings";

    public string Source => "git cat-file";

    public ImmutableArray<string> Facts => [FactKeys.Configuration];

    public TimeSpan Limit => TimeSpan.FromSeconds(15);

    public async Task<ProbeAnswer> LookAsync(Sight sight, CancellationToken cancel)
    {
        var candidates = sight.Candidates.Where(c => c.Standing == ReleaseStanding.Good && c.Release.Git is not null).Take(MostReleases).Select(c => c.Release).ToImmutableArray();
        if (candidates.IsEmpty)
        {
            return ProbeAnswer.Of();
        }

        if (await sight.InTimeAsync(sight.ContainersAsync(cancel), cancel) is not { Problem: null })
        {
            return ProbeAnswer.Unknown("the values that variables had: which of them have to be hidden is not known without the containers");
        }

        return new ProbeAnswer([.. await Task.WhenAll(candidates.Select(r => OfAsync(r, sight, cancel)))], []);
    }

    private async Task<Reading> OfAsync(Release release, Sight sight, CancellationToken cancel)
    {
        var commit = release.Git?.Commit ?? "";
        var composeFiles = new List<(string Path, ScalarView View)>();
        foreach (var file in release.Files.Where(f => sight.Subject.ComposeFiles.Contains(f.Path)))
        {
            var bytes = file.IsKept && file.Sha256 is { } kept ? ReleaseFiles.Kept(sight.Store, kept, sight.Ports.Files).Bytes : null;
            if ((bytes ?? await BytesAsync(file.Path, commit, sight, cancel)) is { } text && ScalarView.Read(text, EditFormat.Yaml, out _) is { } view)
            {
                composeFiles.Add((file.Path, view));
            }
        }

        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        var own = release.Services.ToDictionary(s => s.Name, s => composeFiles.SelectMany(f => f.View.Below("services", s.Name, "env_file")).Select(v => v.Value).Where(v => v.Length > 0 && !v.Contains('$', StringComparison.Ordinal)).ToImmutableArray(), StringComparer.Ordinal);
        var read = new Dictionary<string, ImmutableArray<KeyValuePair<string, string>>>(StringComparer.Ordinal);
        foreach (var path in release.EnvFiles.Select(f => f.Path).Concat(own.Values.SelectMany(f => f)).Distinct(StringComparer.Ordinal))
        {
            read[path] = await BytesAsync(path, commit, sight, cancel) is { } bytes && ScalarView.Read(bytes, EditFormat.DotEnv, out _) is { } view ? [.. view.Keys().Select(k => KeyValuePair.Create(k, view.Find(k)?.Value ?? ""))] : [];
        }

        foreach (var (name, value) in release.EnvFiles.SelectMany(f => read[f.Path]))
        {
            variables[name] = value;
        }

        var (values, hidden) = (ImmutableArray.CreateBuilder<PastValue>(), ImmutableSortedSet.CreateBuilder<string>(StringComparer.Ordinal));
        foreach (var service in release.Services)
        {
            foreach (var (variable, hash) in service.Environment)
            {
                var written = composeFiles.Select(f => (f.Path, Text: WrittenIn(f.View, service.Name, variable))).LastOrDefault(f => f.Text is not null);
                var guesses = Guesses(written.Text, variable, variables, own[service.Name].SelectMany(p => read[p])).Where(g => sight.Key.Of(g) == hash);
                if (guesses.FirstOrDefault() is not { } value)
                {
                    _ = SecretValues.IsNamedSo(variable) && hidden.Add(variable);
                }
                else if (IsHidden(variable, value, sight))
                {
                    hidden.Add(variable);
                }
                else
                {
                    values.Add(new PastValue(service.Name, variable, value, written.Text == value ? written.Path : ""));
                }
            }
        }

        return new PastValuesReading($"{Source} {(commit.Length > 10 ? commit[..10] : commit)}", sight.Now, release.Id, values.ToImmutable()) { Hidden = hidden.ToImmutable() };
    }

    /// <summary>What the files could mean; which of it was so, the hash on record says.</summary>
    private static IEnumerable<string> Guesses(string? written, string variable, Dictionary<string, string> variables, IEnumerable<KeyValuePair<string, string>> ownFiles)
    {
        if (written is not null)
        {
            yield return written;
            if (OnlyVariable().Match(written) is { Success: true } only)
            {
                if (variables.TryGetValue(only.Groups["name"].Value, out var given))
                {
                    yield return given;
                }

                yield return only.Groups["default"].Value;
            }
        }

        foreach (var (_, value) in ownFiles.Where(v => v.Key == variable).Reverse())
        {
            yield return value;
        }

        if (variables.TryGetValue(variable, out var passed))
        {
            yield return passed;
        }
    }

    /// <summary>As a mapping or as a list of KEY=value; null when it is not there.</summary>
    private static string? WrittenIn(ScalarView view, string service, string variable) =>
        view.Find("services", service, "environment", variable)?.Value
        ?? (view.Keys("services", service, "environment").IsEmpty ? view.Below("services", service, "environment").Select(v => v.Value).LastOrDefault(v => v.StartsWith($"{variable}=", StringComparison.Ordinal))?[(variable.Length + 1)..] : null);

    private static bool IsHidden(string variable, string value, Sight sight)
    {
        var secrets = new SecretValues();
        secrets.Add(variable, value);
        return SecretValues.IsNamedSo(variable) || secrets.Values.Any() || value.Length > Longest || value.Any(char.IsControl) || sight.Mask(value) != value;
    }

    /// <returns>Null when the commit has no such file.</returns>
    private static async Task<byte[]?> BytesAsync(string path, string commit, Sight sight, CancellationToken cancel)
    {
        if (Path.IsPathRooted(path) || commit.Length < 40)
        {
            return null;
        }

        var answer = await ProgramQuestions.AskAsync(GitProgram.Start(sight.Subject.Directory, [.. GitProgram.WithoutMonitor, "cat-file", "blob", $"{commit}:./{(path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path)}"]), Patience, sight.Context, cancel);
        return answer.Exit is { ExitCode: 0, CaptureExceeded: false } ? answer.Exit.Captured.ToArray() : null;
    }

    [GeneratedRegex(@"\A\$(\{(?<name>[A-Za-z_]\w*)(:?-(?<default>[^${}]*))?\}|(?<name>[A-Za-z_]\w*))\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex OnlyVariable();
}
