namespace Runbooks.Language.Playbooks;

/// <summary>Whether a secret is long enough to be taken out of everything that is shown or written.</summary>
public static class SecretStrength
{
    /// <summary>Characters. Shorter texts cannot be masked without masking half of everything.</summary>
    public const int Shortest = 4;

    /// <summary>
    /// True when one of its lines is long enough without the blanks around it. Shorter lines of a longer secret (the braces of a JSON key, the last line of a PEM) are not masked
    /// where they stand alone, and are no reason to refuse it; of a secret that has nothing but such lines nothing would be masked when it is printed indented.
    /// </summary>
    public static bool CanBeMasked(string secret) => LinesOf(secret).Any();

    /// <summary>The lines that are long enough, without the blanks around them.</summary>
    public static IEnumerable<string> LinesOf(string secret) => secret.Split('\n', '\r').Select(line => line.Trim()).Where(line => line.Length >= Shortest);
}
