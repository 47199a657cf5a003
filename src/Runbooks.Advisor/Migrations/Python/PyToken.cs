namespace Runbooks.Advisor.Migrations.Python;

internal enum PyTokenKind
{
    Name,
    Text,
    Number,
    Sign,
}

/// <param name="Value">A name or a sign as it is. Of a text its value; null when it is computed (an f-string).</param>
internal readonly record struct PyToken(PyTokenKind Kind, string? Value, int Start, int End)
{
    public bool Is(string name) => Kind == PyTokenKind.Name && Value == name;

    public bool IsSign(string sign) => Kind == PyTokenKind.Sign && Value == sign;

    /// <summary>+1 for what opens, -1 for what closes.</summary>
    public int Depth => Kind != PyTokenKind.Sign ? 0 : Value switch
    {
        "(" or "[" or "{" => 1,
        ")" or "]" or "}" => -1,
        _ => 0,
    };
}
