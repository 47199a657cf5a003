using System.Collections.Immutable;
using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Advisor.Situations;
using Runbooks.Builtin.Containers;
using Runbooks.Builtin.Programs;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Probes;

/// <summary>Whether the containers were made from the Compose files as they are now, by the hash that Compose keeps with each.</summary>
public sealed class DriftProbe : IProbe
{
    private const string HashLabel = "com.docker.compose.config-hash";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(12);

    public string Name => "drift";

    public string Source => "docker compose config --hash";

    public ImmutableArray<string> Facts => [FactKeys.SystemState];

    public TimeSpan Limit => TimeSpan.FromSeconds(15);

    public async Task<ProbeAnswer> LookAsync(Sight sight, CancellationToken cancel)
    {
        if (sight.Playbook is not { } playbook)
        {
            return ProbeAnswer.Unknown("which Compose files belong to the project is not known");
        }

        var start = new ProgramStart([.. playbook.Compose.Words.Append("config").Append("--hash").Append("*").Select(Rendered.Literal)], sight.Subject.Directory, []);
        var answer = await ProgramQuestions.AskAsync(start, Patience, sight.Context, cancel);
        if (answer.Exit is not { ExitCode: 0 })
        {
            return ProbeAnswer.Unknown(answer.Exit.StartError ?? (answer.Exit.Stopped ? "Compose took too long" : $"Compose does not take its files: {sight.Mask(answer.LastLines.LastOrDefault() ?? $"exit code {answer.Exit.ExitCode}")}"));
        }

        var hashes = answer.Output.Split('\n').Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(w => w is [_, { Length: 64 }]).GroupBy(w => w[0], StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First()[1], StringComparer.Ordinal);
        var containers = await sight.ContainersAsync(cancel);
        if (containers.Problem is not null || (hashes.Count == 0 && answer.Output.Trim().Length > 0))
        {
            return ProbeAnswer.Unknown(containers.Problem ?? "Compose answered something that is no hash");
        }

        return ProbeAnswer.Of(new DriftReading(Source, sight.Now,
        [
            .. containers.Value.Where(c => c.Labels.TryGetValue(HashLabel, out var made) && hashes.TryGetValue(c.Labels.GetValueOrDefault(ContainerChoice.ServiceLabel, ""), out var now) && made != now)
                .Select(c => c.Labels[ContainerChoice.ServiceLabel]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
        ]));
    }
}
