using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Runbooks.Engine.Kinds;

namespace Runbooks.Engine.Releases;

/// <summary>Something that happened to a release. Versioned: what was ever written can be read for ever.</summary>
public abstract record ReleaseEvent
{
    private protected ReleaseEvent(string type) => Type = type;

    /// <summary>Its name in the journal.</summary>
    [JsonPropertyOrder(-1)]
    public string Type { get; }

    /// <summary>The release.</summary>
    public required string Release { get; init; }

    public required ReleaseAuthor By { get; init; }

    /// <summary>In the operator's words; empty when not said.</summary>
    public string Reason { get; init; } = "";
}

/// <param name="Git">What git would write into a commit; empty without git.</param>
public sealed record ReleaseAuthor(string User, string Host, string Git, string CiUrl);

/// <summary>A deployed state was put on record.</summary>
public sealed record ReleaseRecorded() : ReleaseEvent("release.recorded")
{
    public required Release State { get; init; }
}

/// <summary>Whether it is well was asked.</summary>
public sealed record ReleaseVerified() : ReleaseEvent("release.verified")
{
    /// <summary>All checks together: holds makes it good, and nothing else does.</summary>
    public required VerdictKind Verdict { get; init; }

    public required ImmutableArray<AnsweredCheck> Checks { get; init; }

    /// <summary>Of each service how long it took from its start until it was healthy for the first time, in milliseconds; only those of which it could be seen.</summary>
    public ImmutableSortedDictionary<string, long> HealthyAfter { get; init; } = ImmutableSortedDictionary<string, long>.Empty;
}

public sealed record AnsweredCheck(string Statement, VerdictKind Verdict, string Observed);

/// <summary>Somebody said that it is bad. That cannot be taken back: a release that is deployed again is a new one.</summary>
public sealed record ReleaseCondemned() : ReleaseEvent("release.bad");

/// <summary>Its images got something that keeps a prune from removing them, or it could not be done.</summary>
public sealed record ReleaseAnchored() : ReleaseEvent("release.anchored")
{
    public required ImmutableArray<ImageAnchor> Anchors { get; init; }
}

/// <summary>What keeps an image: a tag that names it, and a container that was made from it and never started.</summary>
/// <param name="Problem">Why there is none; empty when there is.</param>
public sealed record ImageAnchor(string Service, string ImageId, string Tag, string Container, string Problem);
