using System.Collections.Immutable;
using Runbooks.Builtin.Compose;
using Runbooks.Builtin.Containers;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Fields;
using Runbooks.Language.Playbooks;

namespace Runbooks.Builtin.Checks.Identity;

/// <summary><c>identity:</c> compares the image that runs with the one that is meant, by id: a tag says only what it means now.</summary>
public sealed class IdentityCheckKind : CheckKind<IdentityCheck>
{
    private const string Running = "running";

    public override KindDeclaration Declaration { get; } = new("identity", "Every running container of a service runs the very image that a reference means on this machine.", () => new FieldSet("'identity'",
    [
        .. ContainerChoice.Fields("container", "service", "whose image is compared"),
        new Field("image", FieldShape.Text, "the image that must run: 'name:tag', 'name@sha256:…', or an id; it is looked up, and the ids must be equal") { Required = true, NotEmpty = true },
    ]));

    public override ImmutableArray<Descriptor> Descriptors => [.. ContainerDiagnostics.All, .. ComposeDiagnostics.All];

    public override IdentityCheck? Plan(Inputs inputs, PlanContext context) =>
        ContainerChoice.Read(inputs, context, "container", "service") is { } choice ? new IdentityCheck(choice, inputs.Text("image")) : null;

    public override async Task<Verdict> AskAsync(IdentityCheck question, CheckContext context, CancellationToken cancel)
    {
        var docker = context.Ports.Docker;
        var found = await question.Choice.FindAsync(docker, cancel);
        if (found.Problem is not null)
        {
            return Verdict.Unknown(found.Problem);
        }

        if (found.Value.IsEmpty)
        {
            return Verdict.Unknown($"{await question.Choice.NoneAsync(docker, cancel)}, so there is nothing to compare");
        }

        var meant = await docker.ImageAsync(question.Image.Reveal(), cancel);
        if (meant.Value is not { } image)
        {
            return Verdict.Unknown(meant.Problem ?? $"image {question.Image.Display} is not on this machine, so which id it has cannot be told") with { Evidence = Evidence(found.Value) };
        }

        // Those that are paused, or wait between two crashes, go on with the image that they have.
        var others = found.Value.Where(c => c.Status is Running or "paused" or "restarting" && c.ImageId != image.Id).ToImmutableArray();
        if (!others.IsEmpty)
        {
            return Verdict.DoesNotHold(await OtherAsync(question, others[0], image, docker, cancel)) with { Evidence = Evidence(found.Value) };
        }

        var running = found.Value.Count(c => c.Status == Running);
        return running == 0 ? Verdict.Unknown($"{found.Value[0].Name} is {ContainerWords.Of(found.Value[0])}, and no container runs whose image could be compared") with { Evidence = Evidence(found.Value) }
            : Verdict.Holds(running == 1 ? $"it runs {ContainerWords.Short(image.Id)}" : $"{running} containers run {ContainerWords.Short(image.Id)}");
    }

    private static async Task<string> OtherAsync(IdentityCheck question, ContainerState container, ImageState meant, IDocker docker, CancellationToken cancel)
    {
        var runs = await docker.ImageAsync(container.ImageId, cancel);
        var names = runs.Problem is not null ? $"made from {container.ImageReference}"
            : runs.Value is not { } image ? "an image that is not on this machine any more"
            : !image.Tags.IsEmpty ? string.Join(", ", image.Tags)
            : !image.Digests.IsEmpty ? string.Join(", ", image.Digests)
            : "an image that no tag means any more";
        var moved = container.ImageReference == question.Image.Reveal() ? ": the reference was given to another image after the container was made, so make the container anew" : "";
        return $"{container.Name} runs {ContainerWords.Short(container.ImageId)} ({names}), and {question.Image.Display} means {ContainerWords.Short(meant.Id)}{moved}";
    }

    private static ImmutableArray<string> Evidence(ImmutableArray<ContainerState> containers) =>
        [.. containers.Select(c => $"{c.Name}: {ContainerWords.Of(c)}, made from {c.ImageReference}, runs {c.ImageId}")];
}
