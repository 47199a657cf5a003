using System.Collections.Immutable;
using Runbooks.Builtin.Releases;
using Runbooks.Engine.Hashing;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;
using Runbooks.Engine.Releases;
using Runbooks.Host.Releases;
using Runbooks.Language.Projects;

namespace Runbooks.Cli;

/// <summary>What the verbs of releases share: the store, the project, and who asks.</summary>
internal sealed class ReleaseWork(Composition composition, string directory, string store)
{
    /// <summary>Logs are read a little further back than the containers are old: clocks of engine and machine can differ.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(5);

    private readonly Lazy<EnginePorts> _ports = new(composition.Ports);

    public FileReleaseStore Store { get; } = new(store, composition.Files);

    public string Directory => directory;

    public EnginePorts Ports => _ports.Value;

    public IRunStore Runs => composition.RunStore(store);

    public DateTimeOffset Now => composition.Time.GetUtcNow();

    /// <summary>What is on record.</summary>
    /// <returns>Null when it cannot be read, which was printed.</returns>
    public (ReleaseContent Content, ReleaseHistory History)? Read()
    {
        var (content, problem) = Store.Read();
        if (content is null)
        {
            composition.Terminal.Error.WriteLine($"error: {problem}");
            return null;
        }

        return (content, ReleaseHistory.Of(content));
    }

    /// <summary>Says where the journal is not whole.</summary>
    /// <returns>True when it was altered: then what is shown ends before that.</returns>
    public bool SayBreak(ReleaseContent content)
    {
        if (content.Break is { } broken)
        {
            var style = composition.Terminal.Style;
            composition.Terminal.Error.WriteLine(content.IsTorn
                ? $"{style.Doubt}torn{style.Reset}: {Store.JournalPath} line {broken.LineNumber} (byte {broken.Offset}): {broken.Problem}: what it was to say is not on record"
                : $"{style.Bad}altered{style.Reset}: {Store.JournalPath} line {broken.LineNumber} (byte {broken.Offset}): {broken.Problem}: nothing from there on is believed");
        }

        return content.IsAltered;
    }

    public async Task<ReleaseAuthor> AuthorAsync()
    {
        var who = Operators.Of(composition.Machine);
        return new ReleaseAuthor(who.User, who.Host, await Operators.GitIdentityAsync(composition.Machine, Ports, directory), who.CiUrl);
    }

    /// <summary>The project's checks, with logs read since its containers were started.</summary>
    /// <returns>Null when the project file does not fit what is there, which was printed.</returns>
    public ProjectPlaybook? Playbook(ProjectFile project, DateTimeOffset since)
    {
        var back = Now - since + Slack;
        var (made, problems) = ProjectPlaybook.Make(project, directory, TimeSpan.FromSeconds(Math.Ceiling(Math.Max(Slack.TotalSeconds, back.TotalSeconds))), composition.Planner(), composition.Machine.Environment, Composition.EngineVersion);
        foreach (var problem in problems)
        {
            composition.Terminal.Error.WriteLine($"error: {project.Source.Path}: {problem}");
        }

        composition.Know(made?.Secrets ?? []);
        return made;
    }

    /// <summary>What is deployed now.</summary>
    /// <returns>Null when it could not be found out, which was printed.</returns>
    public async Task<ObservedRelease?> ObserveAsync(ProjectFile project, ProjectPlaybook playbook, KeyedHash key, string id, CancellationToken cancel)
    {
        var (observed, problem) = await new ReleaseObserver(Ports, project, playbook, key).ObserveAsync(id, cancel);
        if (observed is null)
        {
            await composition.Terminal.Error.WriteLineAsync($"error: {problem}");
            return null;
        }

        composition.Know(observed.Secrets);
        return observed;
    }

    /// <summary>The same history, with what the engine says of its last release.</summary>
    /// <returns>And why that is not what is deployed, or cannot be told; empty when it is.</returns>
    public async Task<(ReleaseHistory History, string Why)> LookedAtAsync(ReleaseHistory history, CancellationToken cancel)
    {
        if (history.Current is not { } current)
        {
            return (history, "");
        }

        var (isDeployed, why) = await DeployedRelease.LookAsync(current.Release, Ports.Docker, cancel);
        return (history with { IsCurrentDeployed = isDeployed }, why);
    }

    /// <summary>Of each good release what keeps its images.</summary>
    public async Task<ImmutableDictionary<string, ImmutableArray<AnchorAnswer>>> AnchorsAsync(IEnumerable<ReleaseState> releases, CancellationToken cancel)
    {
        var anchors = new ImageAnchors(Ports, directory);
        var found = ImmutableDictionary.CreateBuilder<string, ImmutableArray<AnchorAnswer>>(StringComparer.Ordinal);
        foreach (var release in releases.Where(r => r.Standing == ReleaseStanding.Good))
        {
            var answers = ImmutableArray.CreateBuilder<AnchorAnswer>();
            foreach (var service in release.Release.Services)
            {
                answers.Add(release.Anchors.FirstOrDefault(a => a.Service == service.Name) is { } anchor
                    ? await anchors.LookAsync(anchor, cancel)
                    : new AnchorAnswer(VerdictKind.DoesNotHold, $"nothing keeps the image of {service.Name}: 'runbook release verify {release.Release.Id}' was interrupted"));
            }

            found[release.Release.Id] = answers.ToImmutable();
        }

        return found.ToImmutable();
    }
}
