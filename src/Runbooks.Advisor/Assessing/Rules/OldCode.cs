using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Advisor.Situations;

namespace Runbooks.Advisor.Assessing.Rules;

/// <summary>Whether the source of the good release names what the migrations since have taken away. It is said and decides nothing: a name can be that of something else, and can be put together while it runs.</summary>
internal static class OldCode
{
    public static void Apply(Draft draft)
    {
        var applied = (draft.Facts.Migrations ?? []).Select(m => m.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var use in draft.Readings.OfType<SourceUseReading>().Where(u => u.Release == draft.Good?.Release.Id && applied.Contains(u.Migration)))
        {
            if (use.Places.IsEmpty)
            {
                draft.Tell(FactKeys.SchemaCompatible, use, $"{use.Migration} takes '{use.Name}' away, which the source of release {use.Release} does not name outside of its migrations", "a hint that the previous release works without it; a name that is put together while it runs is not seen");
            }
            else
            {
                draft.Tell(FactKeys.SchemaCompatible, use, $"{use.Migration} takes '{use.Name}' away, which the source of release {use.Release} names: {string.Join(", ", use.Places)}{(use.More > 0 ? $" and {use.More} more" : "")}",
                    "a hint that the previous release does not work without it: look there");
            }
        }
    }
}
