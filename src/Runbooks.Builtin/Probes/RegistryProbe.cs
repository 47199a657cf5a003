using System.Collections.Immutable;
using Runbooks.Advisor.Assessing;
using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Advisor.Situations;
using Runbooks.Builtin.Programs;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Releases;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Probes;

/// <summary>Whether the registries still have the images of releases that were well, where they are not on this machine any more. They are asked by digest, never by tag.</summary>
public sealed class RegistryProbe : IProbe
{
    /// <summary>Questions, at most: an image can be known to several registries, and a release has several images.</summary>
    private const int Asked = 8;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    public string Name => "registry";

    public string Source => "the registry, asked by the Docker Engine";

    public ImmutableArray<string> Facts => [FactKeys.TargetImagePullable];

    public TimeSpan Limit => TimeSpan.FromSeconds(20);

    public async Task<ProbeAnswer> LookAsync(Sight sight, CancellationToken cancel)
    {
        var missing = new List<(string ImageId, string Name)>();
        foreach (var service in sight.Candidates.Where(r => r.Standing == ReleaseStanding.Good).SelectMany(r => r.Release.Services))
        {
            var names = RegistryNames.Of(service);
            // What cannot be told of this machine is told by who looks for the image.
            if (!names.IsEmpty && await sight.Ports.Docker.ImageAsync(service.ImageId, cancel) is { Problem: null, Value: null })
            {
                missing.AddRange(names.Select(n => (service.ImageId, n)));
            }
        }

        return new ProbeAnswer([.. await Task.WhenAll(missing.Distinct().Take(Asked).Select(m => AskAsync(m.ImageId, m.Name, sight, cancel)))], []);
    }

    private async Task<Reading> AskAsync(string imageId, string name, Sight sight, CancellationToken cancel)
    {
        RegistryReading Answer(string source, bool? hasIt, string why) => new(source, sight.Now, imageId, name, hasIt, sight.Mask(why));
        return await sight.InTimeAsync(sight.Ports.Docker.RegistryAsync(name, cancel), cancel) switch
        {
            null => Answer(Source, null, "there was no answer in time"),
            { Problem: { } problem } => Answer(Source, null, problem),
            { Value: { WantsCredentials: true } refused } => await HasForTheCommandAsync(name, sight, cancel)
                ? Answer($"docker manifest inspect {name}", true, "")
                : Answer(Source, null, $"it does not answer without credentials ({refused.Why}), and 'docker manifest inspect' has none that it takes: 'docker login' first"),
            var answer => Answer(Source, answer.Value?.HasIt, answer.Value?.Why ?? ""),
        };
    }

    /// <summary>The engine has no credentials; the docker command may have some. Only its yes is believed: that there is no such image is also what it says when it cannot ask.</summary>
    private static async Task<bool> HasForTheCommandAsync(string name, Sight sight, CancellationToken cancel)
    {
        var start = new ProgramStart([.. ((string[])["docker", "manifest", "inspect", name]).Select(Rendered.Literal)], sight.Subject.Directory, []);
        return (await ProgramQuestions.AskAsync(start, Patience, sight.Context, cancel)).Exit.ExitCode == 0;
    }
}
