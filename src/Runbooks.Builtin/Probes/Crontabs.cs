using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Builtin.Phrasing;
using Runbooks.Builtin.Releases;
using Runbooks.Engine.Ports;
using Runbooks.Engine.Running;

namespace Runbooks.Builtin.Probes;

/// <summary>Lines of the machine's crontabs that deploy something, or work on containers.</summary>
internal static partial class Crontabs
{
    private const string Common = "/etc/crontab";
    private const string Spool = "/var/spool/cron";
    private const int MostLines = 10;
    private const int LongestLine = 160;
    private const long Largest = 1 << 20;

    /// <summary>Of Debian, of Red Hat and its like.</summary>
    private static readonly ImmutableArray<string> Folders = ["/etc/cron.d", $"{Spool}/crontabs", Spool];

    /// <returns>What was found in those that could be read, and why others could not be.</returns>
    public static (ActorsReading Reading, ImmutableArray<string> Problems) Look(Sight sight, CancellationToken cancel)
    {
        var (files, problems) = (new List<string>(), ImmutableArray.CreateBuilder<string>());
        if (sight.Ports.Files.Stat(Common).Kind != FileKind.Missing)
        {
            files.Add(Common);
        }

        foreach (var folder in Folders)
        {
            var read = sight.Ports.Files.ReadFolder(folder);
            files.AddRange((read.Names ?? []).Select(n => Path.Combine(folder, n)).Where(p => sight.Ports.Files.Stat(p).Kind == FileKind.File));
            if (read.Names is null && sight.Ports.Files.Stat(folder) is not { Kind: FileKind.Missing, Problem: null })
            {
                problems.Add($"crontabs in {folder}: {read.Problem}");
            }
        }

        var (deploys, works) = (ImmutableArray.CreateBuilder<string>(), ImmutableArray.CreateBuilder<string>());
        foreach (var file in files)
        {
            cancel.ThrowIfCancellationRequested();
            if (sight.Ports.Files.Read(file, Largest) is not { Bytes: { } bytes } read)
            {
                problems.Add($"the crontab {file}: {sight.Ports.Files.Read(file, Largest).Problem}");
                continue;
            }

            var number = 0;
            foreach (var line in Encoding.UTF8.GetString(bytes).Split('\n').Select(l => l.Trim()))
            {
                number++;
                if (line.Length == 0 || line[0] == '#' || Setting().IsMatch(line))
                {
                    continue;
                }

                // What is to be hidden is hidden before it is cut.
                var shown = string.Create(CultureInfo.InvariantCulture, $"{file}:{number}: {Phrases.Line(Masked(line, sight), LongestLine)}");
                if (Deploying().IsMatch(line))
                {
                    deploys.Add(shown);
                }
                else if (Working().IsMatch(line))
                {
                    works.Add(shown);
                }
            }
        }

        return (new ActorsReading("crontabs", sight.Now, [.. deploys.Take(MostLines)]) { Near = [.. works.Take(MostLines)] }, problems.ToImmutable());
    }

    /// <summary>Passwords are written into crontabs, too: by their names, by their looks, and in addresses.</summary>
    private static string Masked(string line, Sight sight)
    {
        var hidden = new SecretValues();
        var text = Named().Replace(line, m => SecretValues.IsNamedSo(m.Groups["name"].Value) ? $"{m.Groups["name"].Value}{m.Groups["between"].Value}***" : m.Value);
        foreach (var word in text.Split([' ', '\t', '"', '\'', '='], StringSplitOptions.RemoveEmptyEntries))
        {
            hidden.Add("", word);
        }

        return sight.Mask(new SecretMask(hidden.Values).Text(text));
    }

    [GeneratedRegex(@"\A[A-Za-z_]\w*\s*=", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Setting();

    [GeneratedRegex(@"(?<name>[A-Za-z_][\w-]*)(?<between>\s*[=:]\s*[""']?|(?<=(\A|\s)--?[\w-]+)\s+)(?<value>[^\s""']+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Named();

    [GeneratedRegex(@"deploy|watchtower|update-containers|git[ -]pull|git\s.*\b(reset|checkout)\b|compose\s.*\b(up|pull|build|create|start|restart|run)\b|docker\s.*\b(pull|load|run|start|restart|update)\b|ansible-(pull|playbook)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Deploying();

    [GeneratedRegex(@"docker|compose|podman", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Working();
}
