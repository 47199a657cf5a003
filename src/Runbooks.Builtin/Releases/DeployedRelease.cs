using Runbooks.Builtin.Containers;
using Runbooks.Engine.Ports;
using Runbooks.Engine.Releases;

namespace Runbooks.Builtin.Releases;

/// <summary>Whether a release is what is deployed, by what the engine says: after a deployment that nobody recorded, the last one on record is not.</summary>
public static class DeployedRelease
{
    /// <returns>Null when it could not be told; and why it is not, or cannot be told.</returns>
    public static async Task<(bool? IsDeployed, string Why)> LookAsync(Release release, IDocker docker, CancellationToken cancel)
    {
        var answer = await docker.ContainersAsync(new ContainerFilter { Project = release.Project }, cancel);
        if (answer.Problem is { } problem)
        {
            return (null, problem);
        }

        var images = answer.Value.Where(ContainerChoice.IsOfService).ToLookup(c => c.Labels.GetValueOrDefault(ContainerChoice.ServiceLabel, c.Name), c => c.ImageId, StringComparer.Ordinal);
        var other = release.Services.FirstOrDefault(s => !s.IsMixed && images[s.Name].Any(id => id != s.ImageId));
        var added = images.Select(g => g.Key).FirstOrDefault(name => release.Services.All(s => s.Name != name));
        return other is not null ? (false, $"{other.Name} runs another image")
            : added is not null ? (false, $"it has no service {added}")
            : release.Services.FirstOrDefault(s => !images[s.Name].Any()) is { } gone ? (images.Count == 0 ? null : false, $"{gone.Name} has no container")
            : (true, "");
    }
}
