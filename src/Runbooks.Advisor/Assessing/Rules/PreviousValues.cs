using System.Collections.Immutable;
using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Advisor.Situations;

namespace Runbooks.Advisor.Assessing.Rules;

/// <summary>The values to which variables and flags go back.</summary>
internal static class PreviousValues
{
    public static void Apply(Draft draft)
    {
        if (draft.Readings.OfType<PastValuesReading>().FirstOrDefault(r => r.Release == draft.Good?.Release.Id) is not { } past)
        {
            return;
        }

        draft.Facts = draft.Facts with
        {
            Configuration = [.. draft.Facts.Configuration.Select(c => c is { Variable.Length: > 0, Previous: "" } && Of(draft, past, c.Variable, FactKeys.Configuration) is var (value, file) ? c with { Previous = value, File = c.File.Length > 0 ? c.File : file } : c)],
            Flags = [.. draft.Facts.Flags.Select(f => f is { Where: "environment" or "env_file", Previous: "" } && Of(draft, past, f.Name, FactKeys.Flags) is var (value, file) ? f with { Previous = value, File = f.File.Length > 0 ? f.File : file } : f)],
        };
    }

    /// <returns>The value, and the Compose file in which it was written down, when it was; null when it is not known or not for everybody.</returns>
    private static (string Value, string File)? Of(Draft draft, PastValuesReading past, string variable, string fact)
    {
        ImmutableArray<string> services = [.. (draft.Report?.Changes ?? []).Where(c => c.Area == "env" && c.Item == variable).Select(c => c.Subject).Distinct(StringComparer.Ordinal)];
        var found = services.Select(s => past.Values.FirstOrDefault(v => v.Service == s && v.Variable == variable)).ToImmutableArray();
        var values = found.Select(f => f?.Value).Distinct(StringComparer.Ordinal).ToImmutableArray();
        if (values is [{ } value] && !draft.Hides(value))
        {
            draft.Tell(fact, past, $"{variable} was {(value.Length > 0 ? $"'{value}'" : "empty")} with release {past.Release}", "its files say it, and its record confirms it");
            return value.Length == 0 ? null : (value, found is [{ } only] ? only.LiteralIn : "");
        }

        // One that was not there has no value to go back to.
        if (services.Any(s => draft.Good?.Release.Services.Any(r => r.Name == s && r.Environment.ContainsKey(variable)) == true))
        {
            draft.TellUnknown(fact, past.Source, past.At, past.Hidden.Contains(variable) || values.Any(v => v is not null && draft.Hides(v))
                ? $"what {variable} was with release {past.Release}: it may be a secret, and is shown nowhere"
                : $"what {variable} was with release {past.Release}: no file of its commit says it");
        }

        return null;
    }
}
