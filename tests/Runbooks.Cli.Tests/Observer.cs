using System.Collections.Immutable;
using System.Text;

namespace Runbooks.Cli.Tests;

/// <summary>One start of a program, as the kernel tells it.</summary>
internal sealed record Start(ImmutableArray<string> Argv, ImmutableSortedDictionary<string, string> Environment, string Folder, byte[] StandardInput);

/// <summary>A script by which a process writes down what it was started with: words and environment as the kernel has them, not as bash understands them.</summary>
/// <remarks>What it writes lies beside the project, so that the project's own folder stays as it is.</remarks>
internal sealed class Observer : IDisposable
{
    private readonly string _records = Directory.CreateTempSubdirectory("runbook-observed-").FullName;

    internal Observer(Project project)
    {
        Script = project.Write("observe.sh", $$"""
            n=1
            while [ -e '{{_records}}'/"${RUNBOOK_STEP/\//.}.$n.argv" ]; do n=$((n + 1)); done
            cat "/proc/$$/cmdline" >'{{_records}}'/"${RUNBOOK_STEP/\//.}.$n.argv"
            cat "/proc/$$/environ" >'{{_records}}'/"${RUNBOOK_STEP/\//.}.$n.env"
            pwd -P >'{{_records}}'/"${RUNBOOK_STEP/\//.}.$n.cwd"
            cat >'{{_records}}'/"${RUNBOOK_STEP/\//.}.$n.stdin"
            :
            """);
    }

    /// <summary>Absolute path; for <c>bash</c> to run, or for a script to source.</summary>
    internal string Script { get; }

    /// <summary>Puts a program of this name first on PATH that observes, and then is the real one when that is given, or says something.</summary>
    /// <param name="says">As printf understands it.</param>
    internal string StandIn(Project project, string name, string? real = null, string says = "")
    {
        var then = real is null ? $"printf '{says}'\n" : $"exec '{real}' \"$@\"\n";
        var path = project.Write($"bin/{name}", $"#!/bin/bash\n. '{Script}'\n{then}", executable: true);
        project.Set("PATH", $"{project.At("bin")}:{Environment.GetEnvironmentVariable("PATH")}");
        return path;
    }

    /// <summary>What a step started, in order.</summary>
    internal ImmutableArray<Start> Of(string step)
    {
        var starts = ImmutableArray.CreateBuilder<Start>();
        for (var n = 1; File.Exists(FileOf(n, "argv")); n++)
        {
            starts.Add(new Start(
                Words(FileOf(n, "argv")),
                Words(FileOf(n, "env")).Select(e => e.Split('=', 2)).ToImmutableSortedDictionary(p => p[0], p => p[1], StringComparer.Ordinal),
                File.ReadAllText(FileOf(n, "cwd")).TrimEnd('\n'),
                File.ReadAllBytes(FileOf(n, "stdin"))));
        }

        return starts.ToImmutable();

        string FileOf(int n, string ending) => Path.Combine(_records, $"{step.Replace('/', '.')}.{n}.{ending}");

        static ImmutableArray<string> Words(string path) => [.. Encoding.UTF8.GetString(File.ReadAllBytes(path)).Split('\0')[..^1]];
    }

    public void Dispose() => Directory.Delete(_records, recursive: true);
}
