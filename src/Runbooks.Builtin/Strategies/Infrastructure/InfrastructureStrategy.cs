using Runbooks.Advisor.Situations;
using Runbooks.Advisor.Strategies;
using Runbooks.Builtin.WaysBack;

namespace Runbooks.Builtin.Strategies.Infrastructure;

/// <summary>Compose files, networks or mounts go back to a git revision.</summary>
public sealed class InfrastructureStrategy : IStrategy
{
    public string Name => "infrastructure";

    public string Summary => "put the Compose files, networks or mounts back";

    public Opinion Consider(Situation situation)
    {
        if (situation.Parts is not [Part.Infrastructure])
        {
            return new Opinion.FitsNot(WhyNot.Of(situation, Part.Infrastructure));
        }

        var (playbook, command) = PartCommands.Infrastructure(situation);
        return new Opinion.Fits(new Way
        {
            Recommendation = playbook == ShippedPlaybook.NetworkRollback ? "put the networks back" : playbook == ShippedPlaybook.VolumeRollback ? "mount again what was mounted before" : "put the Compose files back",
            Risk = Handbook.Infrastructure.Risk,
            RiskReasons = ["containers are made anew, and several services can be touched"],
            Downtime = Handbook.Infrastructure.DowntimeWith(playbook, situation),
            Time = Handbook.Infrastructure.TimeWith(playbook, situation),
            Order =
            [
                .. Remarks.Before(situation, isRisky: true),
                "put the files back to the good revision and make the services anew that differ: the command above; no volume is removed",
                .. Remarks.After(situation, isRisky: true),
            ],
            Because =
            [
                situation.Kinds.Length == 1 ? new Reason("only the infrastructure changed", FactKeys.Changes) : new Reason("of what changed, only the infrastructure has to go back", FactKeys.Changes),
                new Reason(What(playbook), FactKeys.Infrastructure),
            ],
            Against = [.. Remarks.Against(situation), .. situation.Facts.Infrastructure.IsEmpty ? ["whether networks or volumes are among it is not known: the preview names what is touched"] : Array.Empty<string>()],
            BlockedBy = [.. Remarks.BlockedBy(situation)],
            Command = command,
            WouldChange =
            [
                .. Remarks.WouldChange(situation),
                .. situation.Facts.Infrastructure.IsEmpty ? ["if only networks changed: playbooks/network-rollback.yml; if only mounts did: playbooks/volume-rollback.yml"] : Array.Empty<string>(),
            ],
        });
    }

    private static string What(ShippedPlaybook playbook) =>
        playbook == ShippedPlaybook.NetworkRollback ? "networks have to be made anew, which Compose does not do by itself"
        : playbook == ShippedPlaybook.VolumeRollback ? "the data are compared before and after, byte for byte"
        : "what the files said before is in git, and only services that differ are made anew";
}
