using System.Collections.Immutable;
using Runbooks.Builtin.Git;
using Runbooks.Builtin.Programs;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Fields;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Steps.Restore;

/// <summary>One file, as git has it at a revision.</summary>
/// <param name="Shown">The file, as people write it.</param>
/// <param name="To">Absolute: where its bytes go.</param>
/// <param name="ShownTo">The same, as people write it.</param>
public sealed record GitTarget(string Shown, Rendered Revision, string To, string ShownTo) : RestoreTarget
{
    internal static readonly FieldSet Fields = new("'git'",
    [
        new Field("path", FieldShape.Path, "the file, in a git repository; it need not be there any more") { Required = true },
        new Field("revision", FieldShape.Text, "the commit, tag or branch at which it is wanted: HEAD~1, v1.2.3") { Required = true, NotEmpty = true, IsShown = true },
        new Field("to", FieldShape.Path, "the file that gets its bytes") { Otherwise = "the file itself" },
    ]);

    /// <summary>Which commit the revision is.</summary>
    public required ProgramStart Resolve { get; init; }

    /// <summary>What git has there: mode, type, name.</summary>
    public required ProgramStart Listing { get; init; }

    /// <summary>Its bytes.</summary>
    public required ProgramStart Content { get; init; }

    public override ImmutableArray<Requirement> Requirements => ProgramSteps.RequirementsOf(Resolve);

    /// <summary>It looks at the file first: done is done, and half does not exist.</summary>
    public override bool IsRepeatable => true;

    public override string Inverse => "the saved file is put back, or the new one removed";

    public override ImmutableArray<PlannedEffect> Effects(Rendered from) => [Resolve, Listing, Content, new FileRestored(Shown, Revision, ShownTo)];

    /// <summary>Beside it first: a git that fails must not have emptied the file. Copied over it, so that it keeps its mode.</summary>
    public override ImmutableArray<PlannedEffect> ByHand(Rendered from) =>
    [
        Containers.ByHand.Start("cp", "-p", ShownTo, $"{ShownTo}.before-rollback"),
        Content with { WritesTo = $"{ShownTo}.restored" },
        Containers.ByHand.Start("cp", $"{ShownTo}.restored", ShownTo),
    ];

    public override ImmutableArray<PlannedEffect> BackByHand => [Containers.ByHand.Start("cp", "-p", $"{ShownTo}.before-rollback", ShownTo)];

    /// <returns>Null when something is wrong: the context was told what.</returns>
    internal static GitTarget? Read(Inputs inputs, PlanContext context)
    {
        var (path, revision) = (context.Resolve(inputs.Path("path")), inputs.Text("revision"));
        if (revision.IsKnown && GitProgram.RevisionProblem(revision.Reveal()) is { } problem)
        {
            context.Report(RestoreDiagnostics.BadRevision, inputs.SpanOf("revision"), problem);
            return null;
        }

        // Git is asked from a folder that is there: the one of the file may be gone with it.
        var folder = Path.GetDirectoryName(path);
        while (folder is not null && !context.Files.Read(folder).IsFolder && Path.GetDirectoryName(folder) is { } above)
        {
            folder = above;
        }

        var (place, name) = (folder ?? context.ProjectDirectory, Path.GetRelativePath(folder ?? context.ProjectDirectory, path));
        var to = inputs.OptionalPath("to") is { } other ? context.Resolve(other) : path;
        return new GitTarget(context.Show(path), revision, to, context.Show(to))
        {
            Resolve = GitProgram.Resolve(place, revision),
            Listing = GitProgram.Start(place, ["ls-tree", "-z"], revision, Rendered.Literal("--"), Rendered.Literal(name)),
            Content = GitProgram.Start(place, ["cat-file", "blob"], Rendered.Of([.. revision.Parts, .. Rendered.Literal($":./{name}").Parts])),
        };
    }
}
