using Runbooks.Advisor.Situations;
using Runbooks.Advisor.Strategies;
using Runbooks.Builtin.WaysBack;

namespace Runbooks.Builtin.Strategies.Configuration;

/// <summary>Settings, or a feature flag, get their previous values.</summary>
public sealed class ConfigurationStrategy : IStrategy
{
    public string Name => "configuration";

    public string Summary => "restore the previous configuration, or switch a feature flag back";

    public Opinion Consider(Situation situation)
    {
        if (situation.Parts is not [Part.Configuration])
        {
            return new Opinion.FitsNot(situation.Has(Part.Configuration) && situation.Kinds.Contains(ChangeKind.FeatureFlag) && WhyNot.Open(situation) is null
                ? "the feature flag goes back first, and when the system is well then, nothing else has to; it alone does not take back the rest"
                : WhyNot.Of(situation, Part.Configuration));
        }

        var isFlag = !situation.Kinds.Contains(ChangeKind.Configuration);
        var settings = PartCommands.Settings(situation);
        var (playbook, command) = isFlag ? PartCommands.Flag(situation) : PartCommands.Configuration(situation);
        var several = !isFlag && settings.Length > 1;
        return new Opinion.Fits(new Way
        {
            Recommendation = isFlag ? "switch the feature flag back" : several ? "put the files back that hold the configuration" : "restore the previous configuration",
            Risk = several ? Risk.Medium : Handbook.Configuration.Risk,
            RiskReasons = [several ? "several settings go back together, with everything else that the files say" : isFlag ? "no release changes, only a switch" : "one setting changes, and the present one comes back when the service is not well with it"],
            Downtime = Handbook.Configuration.DowntimeWith(playbook, situation),
            Time = Handbook.Configuration.TimeWith(playbook, situation),
            Order = [.. situation.Kinds.Contains(ChangeKind.Configuration) ? Remarks.FlagFirst(situation) : [], .. Remarks.Before(situation, isRisky: false), .. Steps(situation, isFlag), .. Remarks.After(situation, isRisky: false)],
            Because = [.. Because(situation, isFlag)],
            Against =
            [
                .. Remarks.Against(situation),
                .. isFlag ? Array.Empty<string>() : ["a secret that was replaced where it is kept has no way back: leave the new one in place", "a setting that deletes data (retention, truncate) has done it: the previous value does not bring them back"],
            ],
            BlockedBy = [.. Remarks.BlockedBy(situation)],
            Command = command,
            WouldChange =
            [
                .. Remarks.WouldChange(situation),
                .. !isFlag && settings.IsEmpty ? ["if it is an environment variable and not a file: use playbooks/env-rollback.yml"] : Array.Empty<string>(),
            ],
        });
    }

    private static IEnumerable<Reason> Because(Situation situation, bool isFlag)
    {
        var what = WhyNot.Words(situation, Part.Configuration);
        if (situation.Schema == SchemaWay.Stays)
        {
            yield return new Reason($"of what changed, only {what} has to go back", FactKeys.Changes);
            yield return new Reason("the migrations stay: the previous release works with the schema as it is", FactKeys.SchemaCompatible);
        }
        else
        {
            yield return new Reason($"only {what} changed", FactKeys.Changes);
        }

        if (isFlag)
        {
            yield return new Reason("it is the quickest way back, because no release changes", FactKeys.Flags);
        }
    }

    private static IEnumerable<string> Steps(Situation situation, bool isFlag)
    {
        yield return isFlag
            ? "switch the flag back and see that the service is well with it: the command above"
            : "put the previous configuration back and create the service anew, because a container keeps what it was created with: the command above";
        var flags = isFlag ? PartCommands.Flags(situation).Skip(1).Select(f => f.Name).ToList() : [];
        if (flags.Count > 0)
        {
            yield return $"then the same for {Remarks.And(flags)}";
        }
    }
}
