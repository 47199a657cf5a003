namespace Runbooks.Advisor.Migrations.Sql;

internal enum SqlTokenKind
{
    /// <summary>Not in quotes: a keyword or a name.</summary>
    Word,

    /// <summary>A name in quotes, or one that is put in later (<c>${table}</c>).</summary>
    Name,

    /// <summary>A text in quotes of any sort.</summary>
    Text,
    Number,

    /// <summary>A single character.</summary>
    Sign,
}

/// <param name="Value">A word in upper case, a sign as it is, a name with its quotes; of the others nothing that counts.</param>
internal readonly record struct SqlToken(SqlTokenKind Kind, string Value, int Start, int End)
{
    public bool Is(string word) => Kind == SqlTokenKind.Word && Value == word;

    public bool IsSign(char sign) => Kind == SqlTokenKind.Sign && Value[0] == sign;

    /// <summary>It can be the name of something.</summary>
    public bool IsName => Kind is SqlTokenKind.Word or SqlTokenKind.Name;
}
