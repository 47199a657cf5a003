namespace Runbooks.Language.Editing;

/// <summary>The formats in which a scalar can be changed.</summary>
public enum EditFormat
{
    Yaml,

    /// <summary>Strict JSON (RFC 8259): no comments, no trailing commas.</summary>
    Json,

    /// <summary>Lines of <c>KEY=value</c> as Docker Compose reads them.</summary>
    DotEnv,
}

/// <summary>Which format a file has, by its name.</summary>
public static class EditFormats
{
    /// <summary>The format of <c>*.yml</c>, <c>*.yaml</c>, <c>*.json</c>, <c>.env</c>, <c>.env.*</c> and <c>*.env</c> (case ignored), else null.</summary>
    /// <remarks>The extension decides first: <c>.env.json</c> is JSON.</remarks>
    public static EditFormat? OfPath(string path)
    {
        var name = path[(path.LastIndexOfAny(['/', '\\']) + 1)..].ToLowerInvariant();
        if (name.EndsWith(".yml", StringComparison.Ordinal) || name.EndsWith(".yaml", StringComparison.Ordinal))
        {
            return EditFormat.Yaml;
        }

        if (name.EndsWith(".json", StringComparison.Ordinal))
        {
            return EditFormat.Json;
        }

        return name.EndsWith(".env", StringComparison.Ordinal) || name.StartsWith(".env.", StringComparison.Ordinal) ? EditFormat.DotEnv : null;
    }
}
