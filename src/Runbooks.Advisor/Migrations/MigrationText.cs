namespace Runbooks.Advisor.Migrations;

/// <summary>A file as it was found.</summary>
/// <param name="Path">With '/', below the folder in which migrations are looked for; its name and its folders mean something to the tools.</param>
public sealed record MigrationText(string Path, string Text)
{
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    /// <summary>Without the last extension.</summary>
    public string Stem => Name.LastIndexOf('.') is > 0 and var dot ? Name[..dot] : Name;

    public bool EndsWith(string end) => Path.EndsWith(end, StringComparison.OrdinalIgnoreCase);
}
