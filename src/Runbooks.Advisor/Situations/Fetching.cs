using Runbooks.Engine.Planning;

namespace Runbooks.Advisor.Situations;

/// <summary>How an image comes back that is not on this machine any more.</summary>
internal static class Fetching
{
    /// <summary>Nothing is known of where it could be.</summary>
    public const string Elsewhere = "get it back before anything is stopped: pull it by its digest, load a saved one, or go back to an older release that was well; building it anew gives another image";

    /// <summary>What a person does, where no playbook does it, or nobody knows whether it can be done.</summary>
    public static string Instead(Facts facts) => (facts.TargetImagePullable, Lines(facts)) switch
    {
        (Answer.No, _) => "load a saved one, or go back to an older release that was well; building it anew gives another image",
        (Answer.Yes, { } lines) => $"its registry has it: fetch it before anything is stopped, and ask again: {lines}",
        (_, { } lines) => $"load a saved one, or go back to an older release that was well (building it anew gives another image); or try whether its registry still has it, which stops nothing, and ask again when it came: {lines}",
        _ => Elsewhere,
    };

    /// <summary>Fetches it by its digest and gives it the name that the playbooks look for; null when the digest is not known.</summary>
    private static string? Lines(Facts facts)
    {
        if (Value(facts, "fetch") is not { } fetch)
        {
            return null;
        }

        var pull = $"docker pull {CommandLine.Quote(fetch)}";
        return Value(facts, "image") is { } image && Value(facts, "version") is { } version && !version.Contains('@') ? $"{pull} && docker tag {CommandLine.Quote(fetch)} {CommandLine.Quote($"{image}:{version}")}" : pull;
    }

    private static string? Value(Facts facts, string name) => facts.Vars.TryGetValue(name, out var values) && values is [{ Length: > 0 } only] ? only : null;
}
