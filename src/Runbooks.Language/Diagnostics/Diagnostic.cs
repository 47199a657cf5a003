using System.Collections.Immutable;
using Runbooks.Language.Text;

namespace Runbooks.Language.Diagnostics;

/// <summary>One mistake at one place.</summary>
/// <param name="Message">What is wrong here, one sentence that quotes the author's own words.</param>
public sealed record Diagnostic(Descriptor Descriptor, SourceText Source, TextSpan Span, string Message)
{
    private const int MaxText = 400;

    /// <summary>A hint may be a whole list to choose from.</summary>
    private const int MaxHint = 800;
    private const int KeptAtEnd = 160;

    private readonly string? _hint;

    /// <summary>A very long one (it quotes a text of the file) is cut in its middle.</summary>
    public string Message { get; init; } = Shortened(Message, MaxText);

    public string Code => Descriptor.Code;

    public Severity Severity => Descriptor.Severity;

    /// <summary>What to do about it; null when the message says it.</summary>
    public string? Hint
    {
        get => _hint;
        init => _hint = value is null ? null : Shortened(value, MaxHint);
    }

    /// <summary>Another place that explains this one ("first given here").</summary>
    public Related? Related { get; init; }

    /// <summary>The line may hold a secret: it is not shown, only its place.</summary>
    public bool HidesText { get; init; }

    public LinePosition Start => Source.PositionOf(Span.Start);

    public LinePosition End => Source.PositionOf(Span.End);

    private static string Shortened(string text, int most) =>
        text.Length <= most ? text : string.Concat(text.AsSpan(0, most - KeptAtEnd), "…", text.AsSpan(text.Length - KeptAtEnd));
}

/// <summary>A second place that a diagnostic points to.</summary>
public sealed record Related(TextSpan Span, string Message);

/// <summary>What a stage of reading returns: a value, if one could be made, and every mistake found on the way.</summary>
/// <param name="Value">Null when nothing useful could be made.</param>
public sealed record Checked<T>(T? Value, ImmutableArray<Diagnostic> Diagnostics)
    where T : class
{
    public bool HasErrors => Diagnostics.Any(d => d.Severity == Severity.Error);
}
