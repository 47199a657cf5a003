using System.Collections.Immutable;
using Runbooks.Language.Diagnostics;

namespace Runbooks.Builtin.Checks.Image;

/// <summary>What can be wrong with an <c>image:</c> check.</summary>
public static class ImageDiagnostics
{
    public static readonly Descriptor BadReference = new("RB3240", "image-reference", "a text is not a reference of an image", Severity.Error,
        "A reference is [host/]name[:tag][@digest] in small letters: myapp:v1.2.3, registry.example/team/myapp:v1.2.3. A tag may have capital letters.");

    public static readonly Descriptor BadDigest = new("RB3241", "image-digest", "a text is not an id or a digest", Severity.Error,
        "Ids and digests are 'sha256:' and 64 hexadecimal digits, whole: 'docker image inspect' shows them.");

    public static readonly ImmutableArray<Descriptor> All = [BadReference, BadDigest];
}
