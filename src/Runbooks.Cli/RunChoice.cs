using System.CommandLine;
using Runbooks.Cli.Views;
using Runbooks.Engine.Ports;

namespace Runbooks.Cli;

/// <summary>Which run a person means.</summary>
internal static class RunChoice
{
    private const string Latest = "latest";

    public static Argument<string?> Argument() =>
        new("run") { Description = "id, its beginning, or 'latest' (the default)", Arity = ArgumentArity.ZeroOrOne };

    public static string? Find(string? given, IRunStore store, Terminal terminal) => Find(given, store.List(), terminal);

    public static string? Find(string? given, IReadOnlyList<string> ids, Terminal terminal)
    {
        var matches = given is null or Latest ? [.. ids.TakeLast(1)] : ids.Where(i => i.StartsWith(given, StringComparison.Ordinal)).ToList();
        switch (matches.Count)
        {
            case 1:
                return matches[0];
            case 0:
                terminal.Error.WriteLine(ids.Count == 0 ? "error: there are no runs here (-C or --store names another place)" : $"error: there is no run '{given}'; 'runbook runs list' lists them");
                return null;
            default:
                terminal.Error.WriteLine($"error: '{given}' is the beginning of {matches.Count} runs: {string.Join(", ", matches)}");
                return null;
        }
    }
}
