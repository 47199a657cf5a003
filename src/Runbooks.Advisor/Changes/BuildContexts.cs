using System.Collections.Immutable;
using Runbooks.Advisor.Situations;

namespace Runbooks.Advisor.Changes;

/// <summary>Files of which images are built: that one of them changed makes another image, though its name stays the same.</summary>
internal static class BuildContexts
{
    private const int Named = 3;

    public static void Compare(RevisionState from, RevisionState to, List<Change> changes)
    {
        // What is said of these is said elsewhere, and by what they mean.
        var elsewhere = MountedFiles.Of(from).Concat(MountedFiles.Of(to)).Concat(from.ComposeFiles).Concat(to.ComposeFiles).Concat(from.Config).Concat(to.Config)
            .Concat(from.EnvFiles.Concat(to.EnvFiles).Select(f => f.Path))
            .Concat((from.Migrations?.Migrations ?? []).Concat(to.Migrations?.Migrations ?? []).SelectMany(m => (string[])[m.File, .. m.Back.Statements.Select(s => s.File)])).ToHashSet(StringComparer.Ordinal);
        foreach (var (service, items) in to.Services)
        {
            if (items.GetValueOrDefault("build.context") is not { } context || from.Services.GetValueOrDefault(service)?.GetValueOrDefault("build.context") != context || (context != "." && !context.StartsWith("./", StringComparison.Ordinal)))
            {
                continue;
            }

            var below = context == "." ? "" : $"{context[2..]}/";
            var changed = from.Files.Keys.Union(to.Files.Keys, StringComparer.Ordinal)
                .Where(f => f.StartsWith(below, StringComparison.Ordinal) && !elsewhere.Contains(f) && !IsBeside(f) && ChangeComparison.WordOf(f, from, to) is not null)
                .Order(StringComparer.Ordinal).ToImmutableArray();
            if (!changed.IsEmpty)
            {
                changes.Add(new Change(ChangeKind.Application, "build", service, "context", $"{changed.Length} of the files that it is built from changed: {string.Join(", ", changed.Take(Named))}{(changed.Length > Named ? ", …" : "")}"));
            }
        }
    }

    /// <summary>Files about a project, of which no image is made.</summary>
    private static bool IsBeside(string path) => path.Split('/') is var parts && (parts.Any(p => p.StartsWith(".git", StringComparison.Ordinal)) || parts[^1] is "runbook.yml" or "runbook.yaml" or ".dockerignore" || parts[^1].EndsWith(".md", StringComparison.OrdinalIgnoreCase));
}
