using System.Collections.Immutable;
using System.Text;
using Runbooks.Engine.Journal;
using Runbooks.Engine.Ports;

namespace Runbooks.Cli;

/// <summary>Finds out who runs a playbook, from what the machine says.</summary>
internal static class Operators
{
    public static Operator Of(IMachine machine) =>
        new(machine.User, machine.HostName, machine.ProcessId, machine.ProcessStamp(machine.ProcessId) ?? "", CiUrl(machine.Environment));

    /// <summary>What git would write into a commit; empty without git.</summary>
    public static async Task<string> GitIdentityAsync(IMachine machine, EnginePorts ports, string project)
    {
        if (machine.Environment("GIT_AUTHOR_NAME") is { Length: > 0 } name)
        {
            return $"{name} <{machine.Environment("GIT_AUTHOR_EMAIL")}>";
        }

        if (new GitConfig(ports.Files, machine.Environment).Identity(project) is { } known)
        {
            return known;
        }

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2), ports.Time);
        var exit = await ports.Processes.RunAsync(
            new ProcessSpec
            {
                Argv = ["git", "config", "--get-regexp", "^user\\.(name|email)$"],
                WorkingDirectory = project,
                Environment = ImmutableSortedDictionary<string, string>.Empty,
            },
            new ProcessOutput { CaptureLimit = 4096 },
            new StopTokens(limit.Token, limit.Token));
        if (exit.ExitCode != 0)
        {
            return "";
        }

        var values = Encoding.UTF8.GetString(exit.Captured.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ', 2))
            .Where(pair => pair.Length == 2)
            .GroupBy(pair => pair[0], StringComparer.Ordinal)
            .ToDictionary(pairs => pairs.Key, pairs => pairs.Last()[1], StringComparer.Ordinal);
        return values.TryGetValue("user.name", out var who) ? $"{who} <{values.GetValueOrDefault("user.email")}>" : "";
    }

    private static string CiUrl(Func<string, string?> variable)
    {
        if (variable("GITHUB_RUN_ID") is { Length: > 0 } id)
        {
            return $"{variable("GITHUB_SERVER_URL")}/{variable("GITHUB_REPOSITORY")}/actions/runs/{id}";
        }

        return variable("CI_JOB_URL") ?? variable("BUILD_URL") ?? "";
    }
}
