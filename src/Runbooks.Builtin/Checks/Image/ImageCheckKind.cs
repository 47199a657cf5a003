using System.Collections.Immutable;
using System.Globalization;
using Runbooks.Builtin.Containers;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Fields;
using Runbooks.Language.Playbooks;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Checks.Image;

/// <summary><c>image:</c> asks whether this machine has an image, so that nothing has to be pulled in the middle of a rollback.</summary>
public sealed class ImageCheckKind : CheckKind<ImageCheck>
{
    private const string DigestPrefix = "sha256:";

    public override KindDeclaration Declaration { get; } = new("image", "An image is on this machine.", () => new FieldSet("'image'",
    [
        new Field("ref", FieldShape.Text, "the image: 'name:tag', 'name@sha256:…', or an id") { Required = true, NotEmpty = true },
        new Field("id", FieldShape.Text, "the id that the reference must have: sha256 and 64 digits"),
        new Field("digest", FieldShape.Text, "the digest under which a registry knows it: sha256 and 64 digits"),
    ])
    { Shorthand = "ref" });

    public override ImmutableArray<Descriptor> Descriptors => ImageDiagnostics.All;

    public override ImageCheck? Plan(Inputs inputs, PlanContext context)
    {
        var (reference, id, digest) = (inputs.Text("ref"), inputs.OptionalText("id"), inputs.OptionalText("digest"));
        var ok = true;
        if (reference.IsKnown && ReferenceProblem(reference.Reveal()) is { } problem)
        {
            context.Report(ImageDiagnostics.BadReference, inputs.SpanOf("ref"), $"'{reference.Display}' is not a reference of an image: {problem}");
            ok = false;
        }

        foreach (var (name, value) in (ReadOnlySpan<(string, Rendered?)>)[("id", id), ("digest", digest)])
        {
            if (value is { IsKnown: true } && !IsDigest(value.Reveal()))
            {
                context.Report(ImageDiagnostics.BadDigest, inputs.SpanOf(name), $"'{value.Display}' is not '{DigestPrefix}' and 64 hexadecimal digits");
                ok = false;
            }
        }

        return ok ? new ImageCheck(reference, id, digest) : null;
    }

    public override async Task<Verdict> AskAsync(ImageCheck question, CheckContext context, CancellationToken cancel)
    {
        var answer = await context.Ports.Docker.ImageAsync(question.Reference.Reveal(), cancel);
        if (answer.Problem is not null)
        {
            return Verdict.Unknown(answer.Problem);
        }

        if (answer.Value is not { } image)
        {
            return Verdict.DoesNotHold("it is not on this machine");
        }

        if (question.Id is { } id && image.Id != id.Reveal())
        {
            return Verdict.DoesNotHold($"its id is {ContainerWords.Short(image.Id)}: the tag means another image now");
        }

        if (question.Digest is { } digest && !image.Digests.Any(d => d.EndsWith($"@{digest.Reveal()}", StringComparison.Ordinal)))
        {
            return Verdict.DoesNotHold(image.Digests.IsEmpty ? "it has no digest: it was built here and never pushed" : $"its digest is {image.Digests[0].Split('@')[^1]}");
        }

        return Verdict.Holds($"id {ContainerWords.Short(image.Id)}{(image.Created is { } created ? $", made {created.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}" : "")}");
    }

    /// <summary>The coarse mistakes; the engine knows the rest.</summary>
    private static string? ReferenceProblem(string reference)
    {
        if (reference.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)))
        {
            return "it holds a space";
        }

        if (reference.StartsWith('-') || reference.Contains("://", StringComparison.Ordinal))
        {
            return "it begins like an option or a URL";
        }

        var (name, at, digest) = (reference.Split('@')[0], reference.Contains('@'), reference[(reference.IndexOf('@') + 1)..]);
        var (slash, colon) = (name.LastIndexOf('/'), name.LastIndexOf(':'));
        var (path, tag) = colon > slash ? (name[..colon], name[(colon + 1)..]) : (name, null);
        var host = path.IndexOf('/') is > 0 and var first && path[..first].AsSpan().ContainsAny('.', ':') ? path[..first] : "";
        return at && !IsDigest(digest) ? "what stands after '@' is not a digest"
            : path.Length == 0 ? "it has no name"
            : path[host.Length..].Any(char.IsUpper) ? "its name has capital letters"
            : tag is { Length: 0 } ? "its tag is empty"
            : null;
    }

    private static bool IsDigest(string text) => text.Length == DigestPrefix.Length + 64 && text.StartsWith(DigestPrefix, StringComparison.Ordinal) && text.AsSpan(DigestPrefix.Length).IndexOfAnyExcept(Hexadecimal) < 0;

    private static readonly System.Buffers.SearchValues<char> Hexadecimal = System.Buffers.SearchValues.Create("0123456789abcdef");
}
