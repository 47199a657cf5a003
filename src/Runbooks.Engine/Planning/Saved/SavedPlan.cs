using System.Collections.Immutable;
using System.Text.Json;

namespace Runbooks.Engine.Planning.Saved;

/// <summary>A plan as it was written to a file: to be run once, and only while it is still what would happen.</summary>
public sealed record SavedPlan
{
    public required PlanCopy Copy { get; init; }

    /// <summary>Of the plan, lower-case hex.</summary>
    public required string Digest { get; init; }

    public required string ProjectDirectory { get; init; }

    /// <summary>The playbook as messages name it.</summary>
    public required string PlaybookPath { get; init; }

    public required string PlaybookSha256 { get; init; }

    /// <summary>With <see cref="PlannedVar.Texts"/> wherever there is a value that is no secret.</summary>
    public required ImmutableArray<PlannedVar> Vars { get; init; }

    /// <summary>The whole plan.</summary>
    public required JsonElement Json { get; init; }

    /// <summary>The values with which the plan is made anew. A secret that had one is not among them: it is asked for again.</summary>
    public ImmutableDictionary<string, ImmutableArray<string>?> Values => Vars
        .Where(v => !v.IsSecret || v.Origin == PlannedVar.NotGiven)
        .ToImmutableDictionary(v => v.Name, v => v.Texts, StringComparer.Ordinal);

    /// <summary>Writes a plan to be run later.</summary>
    /// <returns>The bytes of the file; or why there can be none.</returns>
    public static (ReadOnlyMemory<byte> Bytes, string? Problem) Write(Plan plan, PlanCopy copy)
    {
        var bytes = PlanJson.Utf8(plan, copy);
        // JSON has no form for half of a surrogate pair: read back, such a text is another one, and the digest with it.
        return SavedPlanReader.Read(bytes).Plan is null ? (default, "the plan cannot be saved: a value or a text in it is no valid Unicode") : (bytes, null);
    }

    /// <summary>A variable of a plan that was made anew from this one, with the origin that it had: the value came from here, and before that from there.</summary>
    /// <remarks>A secret may be given in another way than before, but not left out.</remarks>
    public PlannedVar Keep(PlannedVar now) =>
        Vars.FirstOrDefault(v => v.Name == now.Name) is { } was && was.Origin == PlannedVar.NotGiven == (now.Origin == PlannedVar.NotGiven) ? now with { Origin = was.Origin } : now;
}
