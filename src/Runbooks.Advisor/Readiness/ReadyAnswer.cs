using System.Collections.Immutable;
using Runbooks.Engine.Kinds;

namespace Runbooks.Advisor.Readiness;

/// <summary>What one item of readiness found.</summary>
/// <param name="Kind">Holds: as far as this item goes, a rollback could begin now.</param>
/// <param name="Summary">One line: what is so, what is not, or why it cannot be said.</param>
public sealed record ReadyAnswer(VerdictKind Kind, string Summary)
{
    /// <summary>As many are named in one line; all of them are among the <see cref="Seen"/>.</summary>
    private const int Named = 3;

    /// <summary>What was seen, and where; what speaks against it first.</summary>
    public ImmutableArray<Sighting> Seen { get; init; } = [];

    /// <summary>So many of the <see cref="Seen"/> speak against it; the others are about what is as it should be.</summary>
    public int Against { get; init; }

    /// <summary>What to do about it, in this order; with an item that is ready, what would make it better.</summary>
    public ImmutableArray<ReadyFix> Fixes { get; init; } = [];

    public static ReadyAnswer Ready(string summary) => new(VerdictKind.Holds, summary);

    public static ReadyAnswer NotReady(string summary, params ReadOnlySpan<ReadyFix> fixes) => new(VerdictKind.DoesNotHold, summary) { Fixes = [.. fixes] };

    public static ReadyAnswer Unknown(string why, params ReadOnlySpan<ReadyFix> fixes) => new(VerdictKind.Unknown, why) { Fixes = [.. fixes] };

    /// <summary>The answer of which several things have a part. What is not ready counts more than what is unknown.</summary>
    /// <param name="ready">The summary when all parts are.</param>
    public static ReadyAnswer Of(IReadOnlyCollection<ReadyPart> parts, string ready)
    {
        var kind = parts.Any(p => p.Kind == VerdictKind.DoesNotHold) ? VerdictKind.DoesNotHold : parts.All(p => p.Kind == VerdictKind.Holds) ? VerdictKind.Holds : VerdictKind.Unknown;
        var open = parts.Where(p => p.Kind == kind && kind != VerdictKind.Holds).Select(p => p.Text).Distinct(StringComparer.Ordinal).ToImmutableArray();
        var against = parts.Where(p => p.Kind != VerdictKind.Holds).SelectMany(p => p.Seen).Distinct().ToImmutableArray();
        return new ReadyAnswer(kind, kind == VerdictKind.Holds ? ready : string.Join("; ", open.Take(Named)) + (open.Length > Named ? $"; and {open.Length - Named} more" : ""))
        {
            Seen = [.. against.Concat(parts.Where(p => p.Kind == VerdictKind.Holds).SelectMany(p => p.Seen)).Distinct()],
            Against = against.Length,
            Fixes = [.. parts.OrderBy(p => p.Kind == VerdictKind.Holds).SelectMany(p => p.Fixes).Distinct()],
        };
    }
}

/// <summary>What to do where something could not be found out.</summary>
public static class CommonFixes
{
    public static ReadyFix Engine { get; } = new("see whether the engine answers, and where it is looked for", "docker version");

    public static ReadyFix Compose { get; } = new("see what Compose says about its files", "docker compose config --quiet");

    /// <summary>It hangs on which release would be gone back to.</summary>
    public static ReadyFix Previous { get; } = new("mend 'previous' first", "runbook release list");
}

/// <param name="Source">Where it was seen: a file, a program, the engine.</param>
/// <param name="Value">What was there, on one line; nothing that could be secret.</param>
public sealed record Sighting(string Source, string Value);

/// <summary>One thing that has a part in an answer: a service, a file, a migration.</summary>
/// <param name="Text">One line.</param>
public sealed record ReadyPart(VerdictKind Kind, string Text)
{
    public ImmutableArray<Sighting> Seen { get; init; } = [];

    public ImmutableArray<ReadyFix> Fixes { get; init; } = [];
}

/// <summary>What to do about a finding.</summary>
/// <param name="What">In words.</param>
/// <param name="Command">To be pasted in the project's folder; empty when there is none.</param>
public sealed record ReadyFix(string What, string Command = "")
{
    /// <summary>The change of a file that does it; null when there is none that is certain.</summary>
    public FilePatch? Patch { get; init; }

    /// <summary>Lines to paste by hand where no patch is certain; empty when there are none.</summary>
    public string Block { get; init; } = "";
}
