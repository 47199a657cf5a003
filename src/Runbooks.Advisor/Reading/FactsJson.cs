using System.Text.Json;
using Runbooks.Advisor.Migrations;
using Runbooks.Advisor.Situations;
using Runbooks.Language.Fields;
using static Runbooks.Advisor.Reading.JsonParts;
using ChangeKind = Runbooks.Advisor.Situations.ChangeKind;

namespace Runbooks.Advisor.Reading;

/// <summary>Writes facts in the form in which <see cref="FactsReader"/> reads them. What is not known is null.</summary>
internal static class FactsJson
{
    /// <summary>The keys, inside of an object that was begun.</summary>
    public static void Write(Utf8JsonWriter json, Facts facts)
    {
        json.WriteNumber(FactKeys.Format, 1);
        Array<ChangeKind>(json, FactKeys.Changes, facts.Changes, c => json.WriteStringValue(FactWords.Of(c)));
        Array<Migration>(json, FactKeys.Migrations, facts.Migrations, m => Object(json, ("id", m.Id), ("reversible", Boolean(m.Reversible)), ("data_loss", MigrationWords.Of(m.DataLoss))));
        json.WriteString(FactKeys.FailureTime, FactWords.Of(FactWords.FailureTimes, facts.FailureTime));
        json.WriteString(FactKeys.SystemState, FactWords.Of(FactWords.SystemStates, facts.SystemState));
        json.WriteString(FactKeys.Traffic, FactWords.Of(FactWords.Traffic, facts.Traffic));
        foreach (var (key, answer) in (ReadOnlySpan<(string, Answer)>)
            [
                (FactKeys.PreviousReleaseAvailable, facts.PreviousReleaseAvailable),
                (FactKeys.TargetImagePresent, facts.TargetImagePresent),
                (FactKeys.TargetImagePullable, facts.TargetImagePullable),
                (FactKeys.SchemaCompatible, facts.SchemaCompatible),
                (FactKeys.VolumeNewerThanEngine, facts.VolumeNewerThanEngine),
                (FactKeys.Deployed, facts.Deployed),
                (FactKeys.OtherFolder, facts.OtherFolder),
                (FactKeys.CauseInRelease, facts.CauseInRelease),
                (FactKeys.DiskFull, facts.DiskFull),
                (FactKeys.ProbeBroken, facts.ProbeBroken),
                (FactKeys.BackupAvailable, facts.BackupAvailable),
                (FactKeys.DatabaseBusy, facts.DatabaseBusy),
                (FactKeys.OtherActors, facts.OtherActors),
                (FactKeys.GitDirty, facts.GitDirty),
                (FactKeys.Swarm, facts.Swarm),
            ])
        {
            Member(json, key, Boolean(answer));
        }

        Array(json, FactKeys.Infrastructure, facts.Infrastructure, i => json.WriteStringValue(FactWords.Of(FactWords.Infrastructure, i)));
        Array(json, FactKeys.Components, facts.Components, c => Object(json, ("name", c.Name), ("change", FactWords.Of(c.Change))));
        Array(json, FactKeys.Configuration, facts.Configuration, c => Object(json, ("variable", c.Variable), ("previous", c.Previous), ("file", c.File), ("inside", c.Inside), ("set_as", c.SetAs)));
        Array(json, FactKeys.Flags, facts.Flags, f => Object(json, ("name", f.Name), ("where", f.Where.Length > 0 ? f.Where : null), ("file", f.File), ("previous", f.Previous)));
        json.WriteStartObject(FactKeys.Vars);
        foreach (var (name, isList, _) in KnownVars.All.Where(v => facts.Vars.ContainsKey(v.Name)))
        {
            if (isList)
            {
                Array(json, name, facts.Vars[name], json.WriteStringValue);
            }
            else
            {
                json.WriteString(name, facts.Vars[name][0]);
            }
        }

        json.WriteEndObject();
        Array(json, FactKeys.Measured, facts.Measured, m => Object(json, ("what", m.What), ("took", Durations.Format(m.Took)), ("from", m.From)));
        Array<TriedRollback>(json, FactKeys.Tried, facts.Tried, t => Tried(json, t));
        Array(json, FactKeys.Evidence, facts.Evidence, e => Object(json, ("fact", e.Fact), ("source", e.Source), ("observed_at", e.ObservedAt), ("value", e.Value), ("means", e.Means)));
    }

    private static void Tried(Utf8JsonWriter json, TriedRollback tried)
    {
        json.WriteStartObject();
        json.WriteString("playbook", tried.Playbook);
        json.WriteString("run", tried.Run);
        json.WriteString("outcome", FactWords.Of(FactWords.TriedEnds, tried.End));
        json.WriteStartObject("target");
        foreach (var (name, value) in tried.Target)
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
        json.WriteString("why", tried.Why);
        json.WriteEndObject();
    }

    private static bool? Boolean(Answer answer) => answer switch
    {
        Answer.Yes => true,
        Answer.No => false,
        _ => null,
    };
}
