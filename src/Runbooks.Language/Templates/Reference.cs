using System.Collections.Immutable;

namespace Runbooks.Language.Templates;

/// <summary>A name that an expression uses, with its members: <c>steps.find.stdout</c>.</summary>
/// <param name="Path">At least one name.</param>
/// <param name="Offset">Where it stands in the expression.</param>
public sealed record Reference(ImmutableArray<string> Path, int Offset)
{
    public string Root => Path[0];

    public override string ToString() => string.Join('.', Path);
}
