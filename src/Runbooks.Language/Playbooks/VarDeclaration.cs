using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Runbooks.Language.Text;

namespace Runbooks.Language.Playbooks;

/// <summary>What a variable holds.</summary>
public enum VarType
{
    String,
    Integer,
    Number,
    Boolean,
    Path,
    Duration,
    List,
}

/// <summary>A variable as declared.</summary>
public sealed record VarDeclaration(string Name, VarType Type, TextSpan Span)
{
    public bool Required { get; init; }

    /// <summary>The default's texts: one, or several for a list; null when there is no default.</summary>
    public ImmutableArray<string>? Default { get; init; }

    public TextSpan DefaultSpan { get; init; }

    public string Description { get; init; } = "";

    public Regex? Pattern { get; init; }

    public ImmutableArray<string> Allowed { get; init; } = [];

    /// <summary>Smallest number; for durations in seconds.</summary>
    public double? Minimum { get; init; }

    /// <summary>Largest number; for durations in seconds.</summary>
    public double? Maximum { get; init; }

    /// <summary>The environment variable that gives the value when none is given.</summary>
    public string? FromEnv { get; init; }

    public bool Secret { get; init; }
}
