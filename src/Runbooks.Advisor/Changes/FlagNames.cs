namespace Runbooks.Advisor.Changes;

/// <summary>Whether a variable switches something, by its name. Names mislead: <c>FLAGD_IMAGE</c> is an image, <c>FEATURE_FLAG_SERVICE_PORT</c> a port.</summary>
public static class FlagNames
{
    public static bool IsOne(string name)
    {
        var words = name.ToUpperInvariant().Split(['_', '-', '.'], StringSplitOptions.RemoveEmptyEntries);
        return words.Length > 0 && !IsThing(words[^1]) && (words[0] == "FF" || words.Any(IsSwitch));
    }

    private static bool IsSwitch(string word) => word is "FEATURE" or "FEATURES" or "FLAG" or "FLAGS" or "TOGGLE" or "TOGGLES" or "EXPERIMENT" or "EXPERIMENTS" or "ENABLE" or "ENABLED" or "DISABLE" or "DISABLED";

    private static bool IsThing(string word) => word is "HOST" or "PORT" or "URL" or "URI" or "ADDR" or "ADDRESS" or "ENDPOINT" or "IMAGE" or "TAG" or "VERSION" or "PATH" or "FILE" or "DIR"
        or "KEY" or "TOKEN" or "SECRET" or "PASSWORD" or "SERVICE" or "TIMEOUT" or "INTERVAL" or "NAME" or "ID";
}
