using System.Collections.Immutable;
using System.Text;
using Runbooks.Builtin.Programs;
using Runbooks.Engine.Hashing;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;
using Runbooks.Engine.Releases;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Releases;

/// <summary>
/// Keeps the images of good releases from being pruned: a tag of our own, and a container that was created and never started, because <c>image prune -a</c> takes what has only a tag.
/// Neither survives a <c>container prune</c> with an <c>image prune -a</c> after it, so that they are looked at again and again.
/// </summary>
public sealed class ImageAnchors(EnginePorts ports, string directory)
{
    private const string Registry = "runbook.local";
    private const int LongestName = 60;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Makes what is missing.</summary>
    public async Task<ImmutableArray<ImageAnchor>> MakeAsync(Release release, CancellationToken cancel)
    {
        var anchors = ImmutableArray.CreateBuilder<ImageAnchor>();
        foreach (var service in release.Services)
        {
            var anchor = Named(release, service);
            anchors.Add(await ProblemAsync(anchor, cancel) is null ? anchor : anchor with { Problem = await MakeAsync(anchor, release, cancel) ?? "" });
        }

        return anchors.ToImmutable();
    }

    /// <summary>Whether what should keep an image is there and is of that image.</summary>
    /// <returns>Null when it is; else what is missing. Unknown when the engine does not answer.</returns>
    public async Task<AnchorAnswer> LookAsync(ImageAnchor anchor, CancellationToken cancel) => await ProblemAsync(anchor, cancel) ?? new AnchorAnswer(VerdictKind.Holds, "");

    private async Task<AnchorAnswer?> ProblemAsync(ImageAnchor anchor, CancellationToken cancel)
    {
        var image = await ports.Docker.ImageAsync(anchor.ImageId, cancel);
        if (image.Problem is { } unknown)
        {
            return new AnchorAnswer(VerdictKind.Unknown, unknown);
        }

        if (image.Value is null)
        {
            return new AnchorAnswer(VerdictKind.DoesNotHold, $"the image of {anchor.Service} is not on this machine any more");
        }

        var tag = await ports.Docker.ImageAsync(anchor.Tag, cancel);
        var container = await ports.Docker.ContainersAsync(new ContainerFilter { Name = anchor.Container }, cancel);
        return (tag.Problem ?? container.Problem) is { } problem ? new AnchorAnswer(VerdictKind.Unknown, problem)
            : container.Value.FirstOrDefault() is not { } kept || kept.ImageId != anchor.ImageId ? new AnchorAnswer(VerdictKind.DoesNotHold, $"container {anchor.Container} is gone: 'image prune -a' would take the image of {anchor.Service}")
            : tag.Value?.Id != anchor.ImageId ? new AnchorAnswer(VerdictKind.DoesNotHold, $"tag {anchor.Tag} is gone or names another image")
            : null;
    }

    /// <returns>Why there is none; null when there is.</returns>
    private async Task<string?> MakeAsync(ImageAnchor anchor, Release release, CancellationToken cancel)
    {
        var image = await ports.Docker.ImageAsync(anchor.ImageId, cancel);
        if (image.Value is not { } known)
        {
            return image.Problem ?? "the engine has not got the image any more";
        }

        if (await RunAsync(["docker", "tag", anchor.ImageId, anchor.Tag], cancel) is { } failure)
        {
            return failure;
        }

        var there = await ports.Docker.ContainersAsync(new ContainerFilter { Name = anchor.Container }, cancel);
        if (there.Problem is null && there.Value.Any(c => c.ImageId == anchor.ImageId))
        {
            return null;
        }

        return await RunAsync(
            [
                "docker", "create", "--pull", "never", "--name", anchor.Container, "--network", "none", "--restart", "no", "--no-healthcheck",
                // An image that Compose built says of which project it is, and what is made from it would too.
                "--label", "com.docker.compose.project=", "--label", "com.docker.compose.service=", "--label", $"runbook.anchor={release.Id}", "--label", $"runbook.project={release.Project}",
                // It would get a new volume for each of these.
                .. known.Volumes.SelectMany(v => (string[])["--tmpfs", v]),
                "--entrypoint", "/runbook-anchor", anchor.Tag,
            ],
            cancel);
    }

    private async Task<string?> RunAsync(ImmutableArray<string> words, CancellationToken cancel)
    {
        var context = new CheckContext { Ports = ports, ProjectDirectory = directory, RunStarted = ports.Time.GetUtcNow(), Marks = ImmutableSortedDictionary<string, string>.Empty, Mask = text => text };
        var answer = await ProgramQuestions.AskAsync(new ProgramStart([.. words.Select(Rendered.Literal)], directory, []), Patience, context, cancel);
        return answer.Exit switch
        {
            { StartError: { } error } => error,
            { ExitCode: 0 } => null,
            { Stopped: true } => $"'{words[0]} {words[1]}' took too long",
            _ => answer.LastLines.LastOrDefault() ?? $"'{words[0]} {words[1]}' ended with exit code {answer.Exit.ExitCode}",
        };
    }

    private static ImageAnchor Named(Release release, ServiceSnapshot service) => new(
        service.Name,
        service.ImageId,
        $"{Registry}/{Component(release.Project)}/{Component(service.Name)}:{release.Id}",
        $"runbook-anchor.{Component(release.Project)}.{Component(service.Name)}.{release.Id}",
        "");

    /// <summary>A part of the name of an image: small letters and digits with single separators. What is lost by that is made up for by a hash.</summary>
    private static string Component(string name)
    {
        var plain = new StringBuilder();
        foreach (var c in name)
        {
            if (char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c))
            {
                plain.Append(c);
            }
            else if (plain.Length > 0 && plain[^1] != '-')
            {
                plain.Append('-');
            }
        }

        var text = plain.ToString().Trim('-');
        text = text.Length > LongestName ? text[..LongestName].Trim('-') : text;
        return text == name ? text : $"{(text.Length > 0 ? $"{text}-" : "")}{Sha256.Hex(Encoding.UTF8.GetBytes(name))[..8]}";
    }
}

/// <param name="Kind">Holds when the image is kept.</param>
/// <param name="Why">Empty when it holds.</param>
public sealed record AnchorAnswer(VerdictKind Kind, string Why);
