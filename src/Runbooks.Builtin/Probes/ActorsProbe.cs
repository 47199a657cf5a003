using System.Collections.Immutable;
using System.Text.Json;
using Runbooks.Advisor.Assessing;
using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Advisor.Situations;
using Runbooks.Builtin.Programs;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Probes;

/// <summary>Who else may change what is deployed: containers that update others, and timers and crontabs of the machine that speak of deployments.</summary>
public sealed class ActorsProbe : IProbe
{
    private static readonly ImmutableArray<string> Images = ["watchtower", "ouroboros", "doco-cd", "portainer/agent", "portainer/portainer", "shepherd", "diun", "wud", "whats-up-docker", "komodo"];
    private static readonly ImmutableArray<string> Words = ["deploy", "docker", "compose", "watchtower", "update-containers", "git-pull"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public string Name => "actors";

    public string Source => "docker ps, systemctl list-timers, crontabs";

    public ImmutableArray<string> Facts => [FactKeys.OtherActors];

    public TimeSpan Limit => TimeSpan.FromSeconds(15);

    public async Task<ProbeAnswer> LookAsync(Sight sight, CancellationToken cancel)
    {
        var (readings, problems) = (ImmutableArray.CreateBuilder<Reading>(), ImmutableArray.CreateBuilder<string>());
        var asked = sight.Ports.Docker.ContainersAsync(new ContainerFilter(), cancel);
        await TimersAsync(sight, readings, problems, cancel);
        var (crontabs, unread) = Crontabs.Look(sight, cancel);
        readings.Add(crontabs);
        problems.AddRange(unread);
        switch (await sight.InTimeAsync(asked, cancel))
        {
            case null:
                problems.Add("the containers of this machine were not known in time");
                break;
            case { Problem: { } problem }:
                problems.Add(problem);
                break;
            case var answer:
                readings.Insert(0, new ActorsReading("docker ps", sight.Now, [.. answer.Value.Where(c => c.Status is "running" or "restarting" && IsOne(c.ImageReference)).Select(c => $"container {c.Name} runs {c.ImageReference}")]));
                break;
        }

        return new ProbeAnswer(readings.ToImmutable(), problems.ToImmutable());
    }

    private static async Task TimersAsync(Sight sight, ImmutableArray<Reading>.Builder readings, ImmutableArray<string>.Builder problems, CancellationToken cancel)
    {
        if (sight.Ports.Processes.Find("systemctl", sight.Subject.Directory, ImmutableSortedDictionary<string, string>.Empty) is null)
        {
            problems.Add("timers of this machine: there is no systemctl");
            return;
        }

        var start = new ProgramStart([.. ((string[])["systemctl", "list-timers", "--all", "--no-pager", "--output=json"]).Select(Rendered.Literal)], sight.Subject.Directory, [new EnvironmentAddition("LC_ALL", Rendered.Literal("C"))]);
        var timers = await ProgramQuestions.AskAsync(start, Patience, sight.Context, cancel);
        if (timers.Exit.ExitCode == 0 && Units(timers.Output) is { } units)
        {
            readings.Add(new ActorsReading("systemctl list-timers", sight.Now, [.. units.Where(u => Words.Any(w => u.Contains(w, StringComparison.OrdinalIgnoreCase))).Select(u => $"timer {sight.Mask(u)}")]));
        }
        else
        {
            problems.Add("timers of this machine: systemd does not answer");
        }
    }

    private static bool IsOne(string image) => Images.Any(i => image.Split('@')[0].Contains(i, StringComparison.OrdinalIgnoreCase));

    /// <returns>The names of timers; null when it is no list of them.</returns>
    private static ImmutableArray<string>? Units(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind != JsonValueKind.Array ? null
                : [.. document.RootElement.EnumerateArray().Where(t => t.ValueKind == JsonValueKind.Object).Select(t => t.TryGetProperty("unit", out var unit) ? $"{unit}" : "").Where(u => u.Length > 0)];
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
