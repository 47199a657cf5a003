using System.Collections.Immutable;
using Runbooks.Advisor.Advising;
using Runbooks.Advisor.Situations;

namespace Runbooks.Advisor.Tests;

/// <summary>The hard constraints once more, written from the issue and not from the product: what no advice may do.</summary>
internal static class Laws
{
    /// <summary>What the advice breaks.</summary>
    public static IEnumerable<string> Broken(Facts facts, Advice advice)
    {
        var strategy = advice.Strategy;
        var rollsBack = strategy is not ("none" or "inconclusive");
        var redeploys = strategy == "application" || (strategy is "sequential" or "database" && Changed(facts, ChangeKind.Application));
        var command = advice.CommandLine ?? "";
        if (rollsBack && (facts.Deployed == Answer.No || facts.CauseInRelease == Answer.No || facts.DiskFull == Answer.Yes || facts.ProbeBroken == Answer.Yes))
        {
            yield return "it rolls back a release that is not the cause, or on a full disk";
        }

        if (rollsBack && facts.OtherFolder == Answer.Yes)
        {
            yield return "it rolls back a project that is deployed from another folder";
        }

        if (rollsBack && facts.Changes is null)
        {
            yield return "it rolls back, and nobody knows what changed";
        }

        if (rollsBack && facts.Changes is { IsEmpty: true } && facts.Migrations is null or { IsEmpty: true })
        {
            yield return "it rolls back, and nothing changed";
        }

        if (redeploys && facts.PreviousReleaseAvailable != Answer.Yes)
        {
            yield return "it deploys a release that is not known to be there";
        }

        var fetches = command.Contains("fetch=", StringComparison.Ordinal);
        if (redeploys && facts.TargetImagePresent == Answer.No && (facts.TargetImagePullable != Answer.Yes || !fetches))
        {
            yield return "it deploys an image that is neither here nor fetched from a registry that has it";
        }

        if (fetches && (facts.TargetImagePresent != Answer.No || facts.TargetImagePullable != Answer.Yes))
        {
            yield return "it fetches an image that is here, or that no registry is known to have";
        }

        if (strategy == "application" && facts.SchemaCompatible == Answer.No)
        {
            yield return "it puts the previous release on a schema that it does not work with";
        }

        if (strategy == "application" && facts.Migrations is { IsEmpty: false } && facts.SchemaCompatible != Answer.Yes)
        {
            yield return "it puts the previous release on a schema that it may not work with";
        }

        if (rollsBack && strategy != "configuration" && facts.VolumeNewerThanEngine == Answer.Yes)
        {
            yield return "it starts an engine on a volume that is newer";
        }

        var irreversible = facts.Migrations?.Any(m => m.Reversible != Answer.Yes) == true;
        var reverses = ((string[])["db-migration", "db-and-app", "db-manual"]).Any(p => command.Contains(p, StringComparison.Ordinal)) || (command.Contains("with_database=true", StringComparison.Ordinal) && !command.Contains("dump=", StringComparison.Ordinal));
        if (irreversible && reverses)
        {
            yield return "it takes back a migration that is not known to be reversible";
        }

        if (reverses && facts.DatabaseBusy == Answer.Yes && !(advice.Way.BlockedBy.Any(b => b.Contains("in the way of a migration", StringComparison.Ordinal)) && advice.Way.Order.Any(o => o.StartsWith("make way in the database", StringComparison.Ordinal))))
        {
            yield return "it takes a migration back where somebody is in its way, and does not say so";
        }

        if ((strategy == "database" || command.Contains("dump=", StringComparison.Ordinal)) && irreversible && facts.BackupAvailable != Answer.Yes)
        {
            yield return "it restores a backup that is not known to be there";
        }

        if (rollsBack && Changed(facts, ChangeKind.Database) && facts.Migrations is null or { IsEmpty: true } && facts.SchemaCompatible != Answer.Yes)
        {
            yield return "it rolls back a database change that nobody knows";
        }

        var lines = advice.Way.Order.Append(command).ToList();
        foreach (var tried in facts.Tried ?? [])
        {
            var same = lines.Where(l => l.Contains($"runbook exec playbooks/{tried.Playbook}.yml", StringComparison.Ordinal))
                .Where(l => tried.Target.All(t => !l.Contains($" {t.Key}=", StringComparison.Ordinal) || l.Contains($" {t.Key}={t.Value}", StringComparison.Ordinal)));
            // What follows after a first command finds another situation; a flag is switched before it.
            if (same.Any(l => l == command || !rollsBack || l.StartsWith("switch the feature flag back", StringComparison.Ordinal)))
            {
                yield return $"it goes the way of {tried.Playbook} a second time";
            }
        }

        if (advice.Tried is { } again && (rollsBack || facts.Tried?.Contains(again) != true || !string.Join('\n', advice.Way.Order).Contains($"runbook runs show {again.Run}", StringComparison.Ordinal)))
        {
            yield return "it does not say which run has tried it";
        }

        if (strategy == "sequential" && facts.SchemaCompatible == Answer.No && Changed(facts, ChangeKind.Application) && !Changed(facts, ChangeKind.Database))
        {
            yield return "it puts the previous release on a schema that it does not work with, among others";
        }
    }

    /// <summary>What advice must have, whatever it is.</summary>
    public static IEnumerable<string> Missing(Advice advice)
    {
        var way = advice.Way;
        if (way.Because.IsEmpty || way.Because.Any(r => r.Text.Length == 0 || r.Fact.Length == 0))
        {
            yield return "it has no reason";
        }

        if (way.RiskReasons.IsEmpty || way.Order.IsEmpty || way.Recommendation.Length == 0)
        {
            yield return "it does not say how risky it is, or what to do";
        }

        var rollsBack = advice.Strategy is not ("none" or "inconclusive");
        if (rollsBack != way.RollsBack || rollsBack != way.Downtime is not null)
        {
            yield return "it does not say how long it takes";
        }

        if (way.Downtime is { } downtime && (downtime.Shortest > downtime.Longest || downtime.From.IsEmpty))
        {
            yield return "its downtime is no range with a source";
        }

        if (rollsBack && advice.CommandLine is null && way.BlockedBy.IsEmpty)
        {
            yield return "it has no command, and does not say why";
        }

        if (!rollsBack && advice.CommandLine is not null)
        {
            yield return "it has a command, and rolls nothing back";
        }

        if ((advice.Strategy == "inconclusive") != (way.Probe is not null) || (advice.Strategy == "none" && way.BlockedBy.IsEmpty))
        {
            yield return "it does not say what would decide, or what forbids it";
        }

        ImmutableArray<string> others = ["none", "application", "configuration", "infrastructure", "database", "sequential"];
        if (!others.Remove(advice.Strategy).Order(StringComparer.Ordinal).SequenceEqual(advice.Alternatives.Select(a => a.Strategy).Order(StringComparer.Ordinal)))
        {
            yield return "it does not say why not the others";
        }
    }

    private static bool Changed(Facts facts, ChangeKind kind) =>
        facts.Changes is { } changes && (changes.Contains(kind) || (kind == ChangeKind.Database && facts.Migrations is { IsEmpty: false }));
}
