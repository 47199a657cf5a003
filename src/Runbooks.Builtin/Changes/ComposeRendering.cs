using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Runbooks.Advisor.Changes;
using Runbooks.Builtin.Compose;
using Runbooks.Engine.Hashing;
using Runbooks.Engine.Ports;

namespace Runbooks.Builtin.Changes;

/// <summary>Where the files of a revision lie on disk for Compose, and which of them it is told of.</summary>
/// <param name="Top">Absolute: stands for the top of the repository.</param>
/// <param name="Folder">Absolute: the project's folder in it.</param>
/// <param name="Files">Absolute; empty when Compose finds them itself.</param>
/// <param name="EnvFiles">Absolute; empty when Compose takes <c>.env</c>.</param>
/// <param name="Project">Empty when the files or the folder say it.</param>
internal sealed record RenderedPlace(string Top, string Folder, ImmutableArray<string> Files, ImmutableArray<string> EnvFiles, string Project, string Directory);

/// <summary>
/// Has Compose resolve the files of a revision, as they lie in a private folder. Nothing of the environment of the person who asks has a say: what a revision means must not hang on that.
/// What Compose misses is given a mark in its place, so that it is seen which values hang on it.
/// </summary>
/// <param name="bring">Takes another file of the revision out, by its absolute path; false when the revision has none.</param>
internal sealed partial class ComposeRendering(IProcesses processes, IFiles files, IMachine machine, TimeProvider time, KeyedHash key, Func<string, CancellationToken, Task<bool>> bring)
{
    /// <summary>Each try finds at least one more thing that is missing.</summary>
    private const int MostTries = 40;

    private const int Longest = 1 << 20;
    private const int ShownProblem = 300;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>What lies behind an address is not in the revision, and may be another thing by now: it is not fetched.</summary>
    private static readonly ImmutableArray<string> NoRemotes = ["COMPOSE_EXPERIMENTAL_GIT_REMOTE=false", "COMPOSE_EXPERIMENTAL_OCI_REMOTE=false"];

    private readonly Dictionary<string, string> _additions = new(StringComparer.Ordinal);

    /// <param name="hide">Takes values out of what Compose says.</param>
    /// <returns>The model; or why there is none.</returns>
    public async Task<(ComposeModel? Model, string Problem)> RenderAsync(RenderedPlace place, Func<string, string> hide, CancellationToken cancel)
    {
        var program = ComposeProgram.Of(machine.Environment, path => files.Stat(Path.GetFullPath(path, place.Folder)).Kind == FileKind.File, place.Folder);
        if (program.IsStandalone && place.EnvFiles.Length > 1)
        {
            return (null, $"{program.Name} takes one env file, these are {place.EnvFiles.Length}");
        }

        var mark = ModelReading.Mark;
        for (var i = 0; i < MostTries; i++)
        {
            var output = Path.Join(Path.GetDirectoryName(place.Top), string.Create(CultureInfo.InvariantCulture, $"model-{i}"));
            var (exit, said) = await AskAsync(program, place, output, cancel);
            if (exit.StartError is not null || exit.ExitCode == 127)
            {
                return (null, $"{program.Name} is not on this machine: Compose is what resolves the files");
            }

            if (exit.Stopped)
            {
                return (null, $"{program.Name} config took longer than {Patience.TotalSeconds:0} seconds");
            }

            var isNew = false;
            foreach (Match missing in Unset().Matches(said))
            {
                var name = missing.Groups["name"].Value;
                isNew |= _additions.TryAdd(name, mark == ModelReading.Mark ? $"{mark}{name}" : mark);
            }

            if (exit.ExitCode == 0 && files.Read(output) is { Bytes: { } written })
            {
                if (!isNew)
                {
                    return ModelReading.Read(written, place.Top, key) is { } model ? (model, "") : (null, $"what {program.Name} config wrote is no model of Compose");
                }

                continue;
            }

            if (isNew || await SupplyAsync(said, place, cancel))
            {
                continue;
            }

            if (_additions.Count > 0 && mark == ModelReading.Mark)
            {
                // Something must be a number.
                mark = ModelReading.NumberMark;
                foreach (var name in _additions.Keys.ToArray())
                {
                    _additions[name] = mark;
                }

                continue;
            }

            var last = said.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault(l => !l.Contains("level=warning", StringComparison.Ordinal)) ?? "";
            var why = hide(last.Replace($"{place.Top}/", "", StringComparison.Ordinal).Replace(place.Top, ".", StringComparison.Ordinal));
            return (null, exit.ExitCode == 125 || said.Contains("is not a docker command", StringComparison.Ordinal) || said.Contains("unknown shorthand flag", StringComparison.Ordinal)
                ? "this machine has no Compose: Compose is what resolves the files"
                : $"{program.Name} config ended with exit code {exit.ExitCode}{(_additions.Count > 0 ? $", and {string.Join(", ", _additions.Keys.Order(StringComparer.Ordinal))} {(_additions.Count > 1 ? "are" : "is")} set in no file of the revision" : "")}{(why.Length > 0 ? $": {(why.Length > ShownProblem ? $"{why[..ShownProblem]}…" : why)}" : "")}");
        }

        return (null, "more is missing than can be counted");
    }

    private async Task<(ProcessExit Exit, string Said)> AskAsync(ComposeProgram program, RenderedPlace place, string output, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        ImmutableArray<string> kept = ["PATH", "HOME", "DOCKER_CONFIG"];
        var spec = new ProcessSpec
        {
            Argv =
            [
                "env", "-i", "LC_ALL=C", .. NoRemotes, .. kept.Where(n => machine.Environment(n) is not null).Select(n => $"{n}={machine.Environment(n)}"), .. _additions.Select(a => $"{a.Key}={a.Value}"),
                .. program.Words,
                // What is switched off by a profile belongs to the project too. Compose 1 shows all of it in any case.
                .. (ReadOnlySpan<string>)(program.IsStandalone ? [] : ["--profile", "*"]),
                .. place.Project.Length > 0 ? (string[])["--project-name", place.Project] : [],
                .. place.Directory.Length > 0 ? (string[])["--project-directory", place.Directory] : [],
                .. place.Files.SelectMany(f => (string[])["-f", f]),
                .. place.EnvFiles.SelectMany(f => (string[])["--env-file", f]),
                .. program.Model,
            ],
            WorkingDirectory = place.Folder,
            Environment = ImmutableSortedDictionary<string, string>.Empty,
            EndDescendants = true,
        };
        var said = new ArrayBufferWriter<byte>();
        var exit = await processes.RunAsync(spec, new ProcessOutput { StandardOutputFile = output, Seen = bytes => said.Write(bytes[..Math.Min(bytes.Length, Longest - said.WrittenCount)]) }, new StopTokens(either.Token, CancellationToken.None));
        cancel.ThrowIfCancellationRequested();
        return (exit, Encoding.UTF8.GetString(said.WrittenSpan));
    }

    /// <summary>Brings what Compose says it has not found: from the revision, or a mark in its place when it is a file with variables.</summary>
    private async Task<bool> SupplyAsync(string said, RenderedPlace place, CancellationToken cancel)
    {
        foreach (var path in PathsIn(said, place.Top))
        {
            if (files.Stat(path).Kind != FileKind.Missing)
            {
                continue;
            }

            if (await bring(path, cancel))
            {
                return true;
            }

            if (EnvFile().IsMatch(said) && files.Create(path, Encoding.UTF8.GetBytes($"{ModelReading.Mark}={Path.GetRelativePath(place.Top, path)}\n"), ownerOnly: true) is null)
            {
                return true;
            }
        }

        return false;
    }

    private static IEnumerable<string> PathsIn(string said, string top)
    {
        for (var at = said.IndexOf($"{top}/", StringComparison.Ordinal); at >= 0; at = said.IndexOf($"{top}/", at + 1, StringComparison.Ordinal))
        {
            var end = said.AsSpan(at).IndexOfAny("\n\"'");
            var text = end < 0 ? said[at..] : said[at..(at + end)];
            foreach (var cut in (ReadOnlySpan<string>)[" not found", ": ", " does not exist"])
            {
                text = text.Contains(cut, StringComparison.Ordinal) ? text[..text.IndexOf(cut, StringComparison.Ordinal)] : text;
            }

            yield return text.TrimEnd('.', ':', ' ', '\r');
        }
    }

    [GeneratedRegex("""The \\?"?(?<name>[A-Za-z_][A-Za-z0-9_]*)\\?"? variable is not set|required variable (?<name>[A-Za-z_][A-Za-z0-9_]*) is missing""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Unset();

    [GeneratedRegex("env.?file|\\.env|no such file", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex EnvFile();
}
