using System.Collections.Immutable;
using Runbooks.Language.Text;

namespace Runbooks.Language.Yaml;

/// <summary>How a scalar was written.</summary>
public enum ScalarStyle
{
    Plain,
    SingleQuoted,
    DoubleQuoted,
    Block,
}

/// <summary>A node of the syntax tree of a YAML file, with its place.</summary>
public abstract record YamlNode(TextSpan Span)
{
    /// <summary>What people call it in a message: "a mapping", "a list", "text", "a number" …</summary>
    public abstract string Described { get; }
}

/// <summary>A scalar.</summary>
/// <param name="Value">The decoded text.</param>
public sealed record YamlScalar(string Value, ScalarStyle Style, TextSpan Span) : YamlNode(Span)
{
    /// <summary>Null in the core schema: nothing, <c>~</c> or <c>null</c>, unquoted.</summary>
    public bool IsNull => Style == ScalarStyle.Plain && Value is "" or "~" or "null" or "Null" or "NULL";

    /// <summary>The boolean this is in the core schema of YAML 1.2 (<c>yes</c> and <c>on</c> are text), else null.</summary>
    public bool? AsBoolean => Style != ScalarStyle.Plain
        ? null
        : Value switch
        {
            "true" or "True" or "TRUE" => true,
            "false" or "False" or "FALSE" => false,
            _ => null,
        };

    public override string Described => IsNull ? "nothing" : $"'{Shortened(Value)}'";

    private static string Shortened(string value)
    {
        var line = value.ReplaceLineEndings(" ").Trim();
        return line.Length <= 40 ? line : string.Concat(line.AsSpan(0, 37), "…");
    }
}

/// <summary>A mapping; its keys are scalars and differ from each other (the reader reports the rest).</summary>
public sealed record YamlMapping(ImmutableArray<YamlEntry> Entries, TextSpan Span) : YamlNode(Span)
{
    public override string Described => "a mapping";

    public YamlEntry? Find(string key) => Entries.FirstOrDefault(e => e.Key.Value == key);
}

/// <summary>One key of a mapping with its value.</summary>
public sealed record YamlEntry(YamlScalar Key, YamlNode Value);

public sealed record YamlSequence(ImmutableArray<YamlNode> Items, TextSpan Span) : YamlNode(Span)
{
    public override string Described => "a list";
}

/// <summary>A place where something was wrong and already reported: nothing more is said about it.</summary>
public sealed record YamlBroken(TextSpan Span) : YamlNode(Span)
{
    public override string Described => "something that could not be read";
}
