using System.Collections.Immutable;
using Runbooks.Engine.Kinds;

namespace Runbooks.Builtin.Compose;

/// <summary>
/// Which Compose a machine has, and how it is spoken to: the plugin of docker, which is Compose 2, or a program of its own, which is Compose 1 as a rule.
/// The words for the program are those of 1.29, and Compose 2 takes each of them too and means the same by it.
/// </summary>
/// <param name="IsStandalone">It is <c>docker-compose</c>.</param>
public readonly record struct ComposeProgram(bool IsStandalone)
{
    private const string Standalone = "docker-compose";

    /// <summary>Where docker looks for plugins after the user's own folder (docker/cli, <c>cli-plugins/manager</c>).</summary>
    private static ReadOnlySpan<string> PluginFolders => new[] { "/usr/local/lib/docker/cli-plugins", "/usr/local/libexec/docker/cli-plugins", "/usr/lib/docker/cli-plugins", "/usr/libexec/docker/cli-plugins" };

    public ImmutableArray<string> Words => IsStandalone ? [Standalone] : ["docker", "compose"];

    /// <summary>For people.</summary>
    public string Name => IsStandalone ? Standalone : "docker compose";

    /// <summary>The Compose file that stands for the standard input. Compose 1 takes <c>-</c> only when it is the only one, and opens this one more than once.</summary>
    public string StandardInput => IsStandalone ? "/dev/stdin" : "-";

    /// <summary>It pulls an image that is missing, and there is no word that forbids it.</summary>
    public bool PullsUnasked => IsStandalone;

    /// <summary>The words by which a command pulls nothing.</summary>
    public ImmutableArray<string> PullNever => IsStandalone ? [] : ["--pull", "never"];

    /// <summary>The command that prints what it makes of its files, in the form that holds the types of values; Compose 1 has no other than YAML.</summary>
    public ImmutableArray<string> Model => IsStandalone ? ["config"] : ["config", "--format", "json"];

    /// <summary>
    /// Looks for what a step would start: the plugin where there is one or nothing at all, so that a plan is the same on machines without Compose; else the program.
    /// Looked at are the folders in which docker looks by itself, with the variables of the step; those that its configuration adds are not, for it may hold passwords.
    /// </summary>
    public static ComposeProgram Of(PlanContext context)
    {
        var machine = context.Machine;
        return Of(
            name => context.Environment.FirstOrDefault(e => e.Name == name) is { Value.IsKnown: true } added ? added.Value.Reveal() : machine.Variable(name),
            path => machine.HasFile(context.Resolve(path)),
            context.WorkingDirectory ?? context.ProjectDirectory);
    }

    /// <param name="hasFile">Asked with paths that the variables hold, which can be relative.</param>
    /// <param name="folder">Absolute: where the program would be started.</param>
    public static ComposeProgram Of(Func<string, string?> variable, Func<string, bool> hasFile, string folder)
    {
        var own = variable("DOCKER_CONFIG") is { Length: > 0 } config ? config : variable("HOME") is { Length: > 0 } home ? Path.Join(home, ".docker") : null;
        if (own is not null && hasFile(Path.Join(own, "cli-plugins", Standalone)))
        {
            return default;
        }

        foreach (var plugins in PluginFolders)
        {
            if (hasFile(Path.Join(plugins, Standalone)))
            {
                return default;
            }
        }

        return new ComposeProgram((variable("PATH") ?? "").Split(':').Any(p => hasFile(Path.GetFullPath(Path.Join(p, Standalone), folder))));
    }
}
