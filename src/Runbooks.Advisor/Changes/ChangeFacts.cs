using System.Collections.Immutable;
using Runbooks.Advisor.Situations;
using ChangeKind = Runbooks.Advisor.Situations.ChangeKind;

namespace Runbooks.Advisor.Changes;

/// <summary>What a report of changes says, as facts.</summary>
internal static class ChangeFacts
{
    public static ImmutableArray<InfrastructureKind> Infrastructure(ChangeReport report) => [.. report.Changes.Select(c => c.Infrastructure).OfType<InfrastructureKind>().Distinct().Order()];

    public static ImmutableArray<Component> Components(ChangeReport report) => [.. report.Changes.Where(IsOfService).Select(c => new Component(c.Subject, c.Kind)).Distinct()];

    public static ImmutableArray<ConfigurationChange> Configuration(ChangeReport report) =>
    [
        .. report.Changes.Where(c => c is { Kind: ChangeKind.Configuration, Area: "env" or "config" })
            .Select(c => c.Area == "env" ? Setting(c, report) : new ConfigurationChange("", "", PathOf(c), c.Inside))
            .Where(c => c.Variable.Length + c.File.Length > 0).Distinct(),
    ];

    public static ImmutableArray<FlagChange> Flags(ChangeReport report) =>
    [
        .. report.Changes.Where(c => c is { Kind: ChangeKind.FeatureFlag, Area: "env" }).Select(c => c.Item).Distinct(StringComparer.Ordinal)
            .Select(name => EnvFileOf(name, report) is { Length: > 0 } file ? new FlagChange(name, "env_file", file, "") : new FlagChange(name, "environment", "", "")),
    ];

    /// <summary>
    /// The images of the application: repository and tag to go back to, and the tag that failed, which is empty when there are several or it is of another repository;
    /// null when the playbooks, which take one image, have none for all of them.
    /// </summary>
    public static (string Repository, string Good, string Bad)? Images(ChangeReport report)
    {
        var images = report.Changes.Where(IsOfApplication).Select(c => c.Image).ToImmutableArray();
        if (images.Select(i => (Repository: ImageReference.Repository(i.Was), Tag: ImageReference.Tag(i.Was))).Distinct().ToImmutableArray() is not [{ Tag.Length: > 0 } good])
        {
            return null;
        }

        var bad = images.Select(i => ImageReference.Repository(i.Now) == good.Repository ? ImageReference.Tag(i.Now) : "").Distinct().ToImmutableArray();
        return (good.Repository, good.Tag, bad is [var one] ? one : "");
    }

    /// <summary>Another major version of what keeps data is a migration that no file brings, and of which nobody knows the way back.</summary>
    public static ImmutableArray<Migration> NewServers(ChangeReport report) =>
        [.. report.Changes.Where(c => c is { Kind: ChangeKind.Database, Area: "image" }).Select(c => new Migration($"{c.Subject}: {c.Image.Was} → {c.Image.Now}", Answer.Unknown, Migrations.DataLoss.Unknown))];

    public static bool IsOfApplication(Change change) => change is { Kind: ChangeKind.Application, Area: "image", Image: { Was.Length: > 0, Now.Length: > 0 } };

    private static bool IsOfService(Change change) => change.Area is not "migration" && (change.Area != "config" || change.Item.Length > 0);

    private static string PathOf(Change change) => change.Item.Length > 0 ? change.Inside.Length > 0 ? change.Item : "" : change.Subject;

    /// <summary>A variable that its file does not have any more goes back with the file: nothing is left there that could be set.</summary>
    private static ConfigurationChange Setting(Change change, ChangeReport report)
    {
        var variable = change.Item;
        return report.To.EnvFiles.All(f => f.Values?.ContainsKey(variable) == false) && report.From.EnvFiles.FirstOrDefault(f => f.Values?.ContainsKey(variable) == true) is { } file
            ? new ConfigurationChange("", "", file.Path, "")
            : EnvFileOf(variable, report) is { Length: > 0 } known ? new ConfigurationChange(variable, "", known, "")
            : UnderAnotherName(change, report) is var (path, name) ? new ConfigurationChange(variable, "", path, "") { SetAs = name }
            : new ConfigurationChange(variable, "", "", "");
    }

    /// <summary>The one variable of a file that had its very value before, and has it now; null when there is none, or several.</summary>
    private static (string Path, string Name)? UnderAnotherName(Change change, ChangeReport report)
    {
        var item = $"environment.{change.Item}";
        if (report.From.Services.GetValueOrDefault(change.Subject)?.GetValueOrDefault(item) is not { } was || report.To.Services.GetValueOrDefault(change.Subject)?.GetValueOrDefault(item) is not { } now || was == now)
        {
            return null;
        }

        var found = report.To.EnvFiles.SelectMany(f => (f.Values ?? ImmutableSortedDictionary<string, string>.Empty).Where(v => $"hmac:{v.Value}" == now && report.From.EnvFiles.Any(o => o.Path == f.Path && o.Values?.GetValueOrDefault(v.Key) is { } before && $"hmac:{before}" == was)).Select(v => (f.Path, v.Key)));
        return found.ToImmutableArray() is [var only] ? only : null;
    }

    private static string EnvFileOf(string variable, ChangeReport report) =>
        report.To.EnvFiles.Concat(report.From.EnvFiles).FirstOrDefault(f => f.Values?.ContainsKey(variable) == true)?.Path ?? "";
}
