using System.Collections.Immutable;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Releases;
using Runbooks.Language.Fields;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Steps.Restore;

/// <summary>One file, as it was kept with a release.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="Shown">The same, as people write it.</param>
/// <param name="To">Absolute: where its bytes go.</param>
/// <param name="ShownTo">The same, as people write it.</param>
public sealed record ReleaseTarget(string Path, string Shown, Rendered Release, string To, string ShownTo) : RestoreTarget
{
    internal static readonly FieldSet Fields = new("'release'",
    [
        new Field("path", FieldShape.Path, "the file, one that the project file names under 'config' or as a Compose file") { Required = true },
        new Field("id", FieldShape.Text, $"the release: its id, the beginning of it, or '{ReleaseHistory.PreviousWord}' for the last one that was verified before the current one") { Default = ReleaseHistory.PreviousWord, NotEmpty = true, IsShown = true },
        new Field("to", FieldShape.Path, "the file that gets its bytes") { Otherwise = "the file itself" },
    ])
    { Shorthand = "path" };

    /// <summary>It looks at the file first: done is done, and half does not exist. But what is previous depends on what is there, which is another thing once it was done.</summary>
    public override bool IsRepeatable => Release.IsKnown && Release.Reveal() != ReleaseHistory.PreviousWord;

    public override string Inverse => "the saved file is put back, or the new one removed";

    public override ImmutableArray<PlannedEffect> Effects(Rendered from) => [new FileRestored(Shown, Rendered.Of([.. Rendered.Literal("release ").Parts, .. Release.Parts]), ShownTo)];

    internal static ReleaseTarget Read(Inputs inputs, PlanContext context)
    {
        var path = context.Resolve(inputs.Path("path"));
        var to = inputs.OptionalPath("to") is { } other ? context.Resolve(other) : path;
        return new ReleaseTarget(path, context.Show(path), inputs.Text("id"), to, context.Show(to));
    }
}
