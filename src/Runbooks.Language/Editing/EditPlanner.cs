using Runbooks.Language.Text;

namespace Runbooks.Language.Editing;

/// <summary>A slice of the file and what is to stand there.</summary>
internal sealed record Replacement(string Path, ScalarPath Where, TreeScalar Scalar, string NewSource, string NewValue)
{
    public TextSpan Span => Scalar.Span;

    /// <summary>The value is already as wanted.</summary>
    public required bool IsNothing { get; init; }

    /// <summary>What <see cref="TreeScalar.IsLiteral"/> must be afterwards.</summary>
    public required bool IsLiteral { get; init; }
}

/// <summary>An edit with its place found and its text chosen, or refused.</summary>
internal readonly record struct PlannedEdit(Replacement? Replacement, ScalarChange? Change, EditRefusal? Refusal);

/// <summary>Works out one edit.</summary>
internal static class EditPlanner
{
    public static PlannedEdit Plan(EditTree tree, EditFormat format, ScalarEdit edit)
    {
        if (ScalarPath.TryParse(edit.Path, out var problem) is not { } path)
        {
            return Refuse(edit, EditRefusalKind.BadPath, null, $"'{edit.Path}' is not a path: {problem}");
        }

        if (HasHalfCharacter(edit.Value))
        {
            return Refuse(edit, EditRefusalKind.NotRepresentable, null, "the value holds half of a UTF-16 pair, which no file can");
        }

        var where = EditTrees.Normalize(path, format);
        var finder = new PathFinder(tree, where);
        if (finder.Find(edit.AllowShared) is not { } target)
        {
            // Find sets the refusal whenever it returns nothing.
            return new PlannedEdit(null, null, finder.Refusal! with { Path = edit.Path });
        }

        var wanted = Wanted(tree, edit, path, target, out var refusal);
        return wanted is null ? new PlannedEdit(null, null, refusal) : Choose(tree, format, edit, where, target, wanted);
    }

    /// <summary>The whole value the scalar shall have.</summary>
    private static string? Wanted(EditTree tree, ScalarEdit edit, ScalarPath path, Target target, out EditRefusal? refusal)
    {
        refusal = null;
        var line = tree.LineOf(target.Scalar);
        var old = target.Value;
        var variables = target.Scalar.IsLiteral ? [] : Interpolation.Find(old);
        if (path.Variable is { } variable)
        {
            var (value, reason) = VariableDefault.Replace(old, variables, variable, edit);
            refusal = reason is { } r ? new EditRefusal(r.Kind, edit.Path, line, $"line {line}: {r.Sentence}") : null;
            return value;
        }

        var lost = variables.Select(v => v.Name).Except(Interpolation.Names(edit.Value), StringComparer.Ordinal).ToList();
        if (edit.Value == old || lost.Count == 0 || edit.AllowDisconnect)
        {
            return edit.Value;
        }

        var names = string.Join(", ", lost.Select(n => $"${{{n}}}"));
        var withDefault = variables.Where(v => v.Default is not null && lost.Contains(v.Name)).Select(v => v.Name).FirstOrDefault();
        var way = withDefault is null ? "" : $", or change only its default with the path '{path}${{{withDefault}}}'";
        refusal = new EditRefusal(EditRefusalKind.Interpolated, edit.Path, line, $"line {line}: the value takes {names}, and overwriting it would cut that off; change the variable where it is set (the .env file){way}");
        return null;
    }

    private static PlannedEdit Choose(EditTree tree, EditFormat format, ScalarEdit edit, ScalarPath where, Target target, string wanted)
    {
        var scalar = target.Scalar;
        var line = tree.LineOf(scalar);
        var oldSource = tree.Source.Slice(scalar.Span);
        if (wanted == target.Value && !EditTrees.IsNull(scalar))
        {
            var nothing = new Replacement(edit.Path, where, scalar, oldSource, wanted) { IsNothing = true, IsLiteral = scalar.IsLiteral };
            return new PlannedEdit(nothing, new ScalarChange(edit.Path, line, wanted, wanted, oldSource, oldSource), null);
        }

        // Where a dollar can be written as a mere dollar, it is, unless the value took variables before and goes on doing so.
        var isLiteral = format == EditFormat.DotEnv && (scalar.IsLiteral || Interpolation.Names(target.Value).Except(Interpolation.Names(wanted), StringComparer.Ordinal).Any());
        var failure = (string?)null;
        foreach (var rendering in EditTrees.Renderings(format, scalar, target.Prefix + wanted, isLiteral))
        {
            var source = Spaced(tree, scalar, rendering);
            var replacement = new Replacement(edit.Path, where, scalar, source, wanted) { IsNothing = false, IsLiteral = isLiteral };
            failure = SelfCheck.Difference(tree, format, SelfCheck.Splice(tree.Source.Content, [replacement]), [replacement]);
            if (failure is null)
            {
                var added = isLiteral ? [] : Interpolation.Names(wanted).Except(scalar.IsLiteral ? [] : Interpolation.Names(target.Value), StringComparer.Ordinal);
                return new PlannedEdit(replacement, new ScalarChange(edit.Path, line, target.Value, wanted, oldSource, source) { AddedVariables = [.. added] }, null);
            }
        }

        return failure is null && format != EditFormat.DotEnv
            ? Refuse(edit, EditRefusalKind.TypeWouldChange, line, TypeSentence(edit, format, scalar))
            : Refuse(edit, EditRefusalKind.NotRepresentable, line, $"the value cannot be written at '{edit.Path}' so that it and nothing else is read back{(failure is null ? "" : $" ({failure})")}; edit the file by hand");
    }

    private static string TypeSentence(ScalarEdit edit, EditFormat format, TreeScalar scalar)
    {
        var type = format == EditFormat.Json ? JsonText.TypeName(scalar) : YamlText.TypeName(scalar);
        var way = EditTrees.IsNull(scalar) ? "write a value of the wanted kind there by hand" : "put quotes around the old one in the file first, if text is meant";
        return $"'{edit.Path}' is {type} in the file, and the new value would not be read as the same kind; {way}";
    }

    /// <summary>Where a value was missing (<c>image:</c>), it is set off from the colon or dash before it.</summary>
    private static string Spaced(EditTree tree, TreeScalar scalar, string rendering)
    {
        var text = tree.Source.Content;
        var isMissing = scalar.Span.Length == 0 && scalar.Style == TreeStyle.Plain;
        return isMissing && scalar.Span.Start > 0 && !char.IsWhiteSpace(text[scalar.Span.Start - 1]) ? " " + rendering : rendering;
    }

    private static bool HasHalfCharacter(string value)
    {
        for (var i = 0; i < value.Length; i++)
        {
            if (char.IsSurrogate(value[i]))
            {
                if (i + 1 == value.Length || !char.IsSurrogatePair(value[i], value[i + 1]))
                {
                    return true;
                }

                i++;
            }
        }

        return false;
    }

    private static PlannedEdit Refuse(ScalarEdit edit, EditRefusalKind kind, int? line, string what) =>
        new(null, null, new EditRefusal(kind, edit.Path, line, line is null ? what : $"line {line}: {what}"));
}
