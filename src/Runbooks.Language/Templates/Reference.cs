using System.Collections.Immutable;
using Runbooks.Language.Text;

namespace Runbooks.Language.Templates;

/// <summary>A name that an expression uses, with its members: <c>steps.find.stdout</c>.</summary>
/// <param name="Path">At least one name.</param>
/// <param name="Span">Its place in the file.</param>
public sealed record Reference(ImmutableArray<string> Path, TextSpan Span)
{
    public string Root => Path[0];

    /// <summary>How many values it is called with, the piped one included; 0 for a name that is not called.</summary>
    public int Arguments { get; init; }

    public override string ToString() => string.Join('.', Path);
}
