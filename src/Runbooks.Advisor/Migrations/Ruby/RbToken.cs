namespace Runbooks.Advisor.Migrations.Ruby;

internal enum RbTokenKind
{
    Name,

    /// <summary><c>:orders</c></summary>
    Symbol,

    /// <summary><c>null:</c></summary>
    Label,
    Text,
    Number,
    Sign,

    /// <summary>The end of a line, or a semicolon.</summary>
    Break,
}

/// <param name="Value">A name, a label and a sign as they are, without colons. Of a text its value; null when it is computed.</param>
internal readonly record struct RbToken(RbTokenKind Kind, string? Value, int Start, int End)
{
    public bool Is(string name) => Kind == RbTokenKind.Name && Value == name;

    public bool IsSign(string sign) => Kind == RbTokenKind.Sign && Value == sign;

    /// <summary>+1 for what opens, -1 for what closes.</summary>
    public int Depth => Kind != RbTokenKind.Sign ? 0 : Value switch
    {
        "(" or "[" or "{" => 1,
        ")" or "]" or "}" => -1,
        _ => 0,
    };
}
