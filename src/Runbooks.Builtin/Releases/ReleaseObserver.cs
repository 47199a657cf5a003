using System.Collections.Immutable;
using Runbooks.Builtin.Containers;
using Runbooks.Engine.Hashing;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;
using Runbooks.Engine.Releases;
using Runbooks.Language.Projects;

namespace Runbooks.Builtin.Releases;

/// <summary>What is deployed at this moment, and the bytes that are to be kept of it.</summary>
/// <param name="Kept">Bytes by their SHA-256.</param>
/// <param name="Secrets">Values that may be shown nowhere.</param>
public sealed record ObservedRelease(Release Release, ImmutableDictionary<string, byte[]> Kept, ImmutableArray<string> Secrets);

/// <summary>Looks at what is deployed. Changes nothing; what it cannot find out is among the unknown of the release.</summary>
public sealed class ReleaseObserver(EnginePorts ports, ProjectFile project, ProjectPlaybook playbook, KeyedHash key)
{
    /// <returns>What is deployed; or why nothing can be said: no engine, no containers.</returns>
    public async Task<(ObservedRelease? Observed, string Problem)> ObserveAsync(string id, CancellationToken cancel)
    {
        var answer = await ports.Docker.ContainersAsync(new ContainerFilter { Project = playbook.Compose.Name }, cancel);
        if (answer.Problem is { } problem)
        {
            return (null, problem);
        }

        var containers = answer.Value.Where(ContainerChoice.IsOfService).ToImmutableArray();
        if (containers.IsEmpty)
        {
            return (null, $"project {playbook.Compose.Name} has no containers: nothing is deployed that could be recorded");
        }

        // First all values of variables, so that none of them is in what is kept afterwards.
        var secrets = new SecretValues();
        foreach (var (name, value) in containers.SelectMany(c => c.Environment))
        {
            secrets.Add(name, value);
        }

        var files = new FileObserver(ports, project.Config, playbook, key, secrets);
        var envFiles = files.EnvFiles();
        foreach (var secret in playbook.Secrets)
        {
            secrets.Add("password", secret);
        }

        var context = Context();
        var (services, schema, git) = (new ServiceObserver(ports.Docker, project.Services, key), new SchemaObserver(project.Migrations, playbook), new GitObserver(playbook.Plan.ProjectDirectory));
        var release = new Release
        {
            Id = id,
            Project = playbook.Compose.Name,
            Services = await services.ObserveAsync(containers, cancel),
            Schema = await schema.ObserveAsync(context, cancel),
            Model = await files.ModelAsync(context, cancel),
            Files = files.Files(),
            EnvFiles = envFiles,
            Git = await git.ObserveAsync(context, cancel),
        };
        var unknown = services.Unknown.Concat(schema.Unknown).Concat(files.Unknown).Concat(git.Unknown);
        return (new ObservedRelease(release with { Unknown = [.. unknown] }, files.Kept.ToImmutableDictionary(StringComparer.Ordinal), [.. secrets.Values]), "");
    }

    private CheckContext Context() => new()
    {
        Ports = ports,
        ProjectDirectory = playbook.Plan.ProjectDirectory,
        RunStarted = ports.Time.GetUtcNow(),
        Marks = ImmutableSortedDictionary<string, string>.Empty,
        Mask = text => text,
    };
}
