using System.Collections.Immutable;

namespace Runbooks.Language.Editing;

/// <summary>Changes the default of a variable inside a value: the <c>v1.2.4</c> of <c>myapp:${TAG:-v1.2.4}</c>.</summary>
internal static class VariableDefault
{
    public static (string? Value, (EditRefusalKind Kind, string Sentence)? Refusal) Replace(string old, ImmutableArray<Reference> variables, string name, ScalarEdit edit)
    {
        var found = variables.Where(v => v.Name == name).ToList();
        if (found.Count == 0)
        {
            var known = variables.IsEmpty ? "it takes no variable" : $"it takes {string.Join(", ", variables.Select(v => $"${{{v.Name}}}").Distinct(StringComparer.Ordinal))}";
            return (null, (EditRefusalKind.NotFound, $"the value does not take ${{{name}}}; {known}"));
        }

        if (found.Count > 1)
        {
            return (null, (EditRefusalKind.Ambiguous, $"the value takes ${{{name}}} {found.Count} times; set the whole value instead"));
        }

        if (found[0].Default is not { } span)
        {
            return (null, (EditRefusalKind.NoDefault, $"${{{name}}} has no default in the value; change {name} where it is set (the .env file)"));
        }

        var inside = old.Substring(span.Start, span.Length);
        if (inside == edit.Value)
        {
            return (old, null);
        }

        if (!Interpolation.Find(inside).IsEmpty && !edit.AllowDisconnect)
        {
            return (null, (EditRefusalKind.Interpolated, $"the default of ${{{name}}} takes a variable itself, and overwriting it would cut that off; name the inner variable instead"));
        }

        // Braces and dollars would end the default early, or be replaced themselves.
        return edit.Value.AsSpan().IndexOfAny("{}$") >= 0
            ? (null, (EditRefusalKind.NotRepresentable, $"a default of ${{{name}}} cannot hold '$' or braces; set the whole value instead"))
            : (string.Concat(old.AsSpan(0, span.Start), edit.Value, old.AsSpan(span.End)), null);
    }
}
