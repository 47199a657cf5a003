using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Runbooks.Builtin.Releases;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Releases;
using Runbooks.Language.Fields;

namespace Runbooks.Cli.Views;

/// <summary>Releases, for people.</summary>
internal static class ReleaseText
{
    private const int ShownHash = 12;
    private const int LongestLine = 400;

    public static string Recorded(ReleaseState recorded, PreviousRelease previous, ImmutableDictionary<string, ImmutableArray<AnchorAnswer>> anchors, Style style)
    {
        var text = new StringBuilder($"release {style.Strong}{recorded.Release.Id}{style.Reset} of {recorded.Release.Project} is on record, as a candidate\n");
        Services(text, recorded);
        Unknown(text, recorded.Release, style);
        Previous(text, previous, style);
        if (previous.Previous is { } good)
        {
            Anchors(text, good.Release.Id, anchors, style);
        }

        return text.Append("'runbook release verify' asks whether it is well\n").ToString();
    }

    /// <param name="why">Why the last release is not what is deployed, or why that cannot be told.</param>
    public static string List(ReleaseHistory history, string why, ImmutableDictionary<string, ImmutableArray<AnchorAnswer>> anchors, Style style)
    {
        if (history.Releases.IsEmpty)
        {
            return "no releases yet: 'runbook release record' puts what is deployed on record\n";
        }

        var text = new StringBuilder();
        foreach (var state in history.Releases.Reverse())
        {
            var images = string.Join(", ", state.Release.Services.Select(s => s.Reference).Distinct(StringComparer.Ordinal));
            text.Append($"{state.Release.Id}  {Coloured(state.Standing, style)}  {Line(images)}{(state == history.Current ? "  (current)" : "")}\n");
            if (state.Condemned is { } bad)
            {
                text.Append($"    {Line(bad.Reason)}\n");
            }

            Anchors(text, state.Release.Id, anchors, style);
        }

        text.Append(history.IsCurrentDeployed switch
        {
            true => "",
            false => $"deployed  {style.Doubt}something that is not on record{style.Reset}: {Line(why)}; 'runbook release record' puts it on record\n",
            _ => $"deployed  {style.Doubt}unknown{style.Reset}: {Line(why)}\n",
        });
        Previous(text, history.Previous(), style);
        return text.ToString();
    }

    public static string Show(ReleaseState state, PreviousRelease previous, ImmutableDictionary<string, ImmutableArray<AnchorAnswer>> anchors, Style style)
    {
        var release = state.Release;
        var text = new StringBuilder($"release   {release.Id}\nproject   {release.Project}\nstanding  {Coloured(state.Standing, style).TrimEnd()}\nrecorded  {Time(state.RecordedAt)} by {Who(state.By)}\n");
        Row(text, "why", state.Reason);
        Row(text, "good", state.VerifiedAt is { } at ? $"verified {Time(at)}" : "");
        Row(text, "bad", state.Condemned is { } bad ? $"{bad.Reason} (by {Who(bad.By)})" : "");
        Row(text, "git", release.Git is { } git ? $"{git.Commit}{git.IsDirty switch { true => ", with changes that are in no commit", false => "", _ => ", whether all of it is in a commit is unknown" }}" : "unknown");
        text.Append("services\n");
        Services(text, state);
        foreach (var service in release.Services)
        {
            var healthy = state.LastVerified?.HealthyAfter.GetValueOrDefault(service.Name) is > 0 and var later ? later : service.HealthyAfter;
            text.Append($"  {service.Name}\n");
            Row(text, "    id", service.ImageId);
            Row(text, "    digests", string.Join(", ", service.Digests));
            Row(text, "    version", service.Version);
            Row(text, "    healthy", healthy is { } time ? $"{Durations.Format(TimeSpan.FromMilliseconds(time))} after its start" : "");
            Row(text, "    env", string.Join(" ", service.Environment.Keys));
            Row(text, "    mounts", string.Join(", ", service.Mounts.Select(m => $"{m.Type} {m.Source} at {m.Target}")));
            Row(text, "    networks", string.Join(", ", service.Networks));
            Row(text, "    ports", string.Join(", ", service.Ports));
        }

        text.Append("files\n");
        foreach (var file in release.Files)
        {
            text.Append($"  {Line(file.Path)}  {(file.Sha256 is { } sha ? sha[..ShownHash] : "unknown")}  {(file.IsKept ? "kept" : $"not kept: {file.Why}")}\n");
        }

        foreach (var file in release.EnvFiles)
        {
            text.Append($"  {Line(file.Path)}  {(file.Values is { } values ? $"variables {string.Join(" ", values.Keys)}" : "unknown")}\n");
        }

        Row(text, "database", release.Schema is { } schema ? $"{schema.Database} at {(schema.Heads.IsEmpty ? "no migration" : string.Join(" and ", schema.Heads))} of {schema.Tool}{(schema.Server.Length > 0 ? $", {schema.Server}" : "")}{(schema.Unfinished.IsEmpty ? "" : $"; {string.Join("; ", schema.Unfinished)}")}" : "");
        foreach (var check in state.LastVerified?.Checks ?? [])
        {
            text.Append($"  {Box(check.Verdict)} {Line(check.Statement)}{(check.Verdict == VerdictKind.Holds ? "" : $": {Line(check.Observed)}")}\n");
        }

        Unknown(text, release, style);
        Anchors(text, release.Id, anchors, style);
        Previous(text, previous, style);
        return text.ToString();
    }

    public static string Diff(ReleaseState from, ReleaseState to, ImmutableArray<ReleaseDifference> differences) =>
        $"{from.Release.Id} ({Word(from.Standing)}) → {to.Release.Id} ({Word(to.Standing)})\n{(differences.IsEmpty ? "no difference\n" : Lines(differences))}";

    public static string Lines(ImmutableArray<ReleaseDifference> differences) => string.Concat(differences.Select(d => $"  {d.Area,-10} {Line(d.Subject)}: {Line(d.Text)}\n"));

    public static string Answered(string statement, Verdict verdict, Style style)
    {
        var colour = verdict.Kind switch { VerdictKind.Holds => style.Good, VerdictKind.DoesNotHold => style.Bad, _ => style.Doubt };
        var text = new StringBuilder($"  {colour}{Box(verdict.Kind)}{style.Reset} {Line(statement)}\n");
        if (verdict.Kind != VerdictKind.Holds)
        {
            text.Append($"        {(verdict.Kind == VerdictKind.Unknown ? "unknown: " : "")}{Line(verdict.Observed)}\n");
            foreach (var line in verdict.Evidence)
            {
                text.Append($"        {style.Faint}{Line(line)}{style.Reset}\n");
            }
        }

        return text.ToString();
    }

    public static string Verified(string id, VerdictKind verdict, ImmutableArray<ImageAnchor> anchors, Style style)
    {
        var text = new StringBuilder(verdict switch
        {
            VerdictKind.Holds => $"release {id} is {style.Good}good{style.Reset}\n",
            VerdictKind.DoesNotHold => $"release {id} is {style.Bad}not well{style.Reset}; 'runbook release bad {id} --reason …' says so for good\n",
            _ => $"release {id} is {style.Doubt}not verified{style.Reset}: what is unknown is no reason to call it good\n",
        });
        foreach (var anchor in anchors)
        {
            text.Append(anchor.Problem.Length == 0 ? $"  the image of {anchor.Service} is kept by {anchor.Container}\n" : $"  {style.Bad}the image of {anchor.Service} is not kept{style.Reset}: {Line(anchor.Problem)}\n");
        }

        return text.ToString();
    }

    public static string Word(ReleaseStanding standing) => standing.ToString().ToLowerInvariant();

    public static string Word(VerdictKind verdict) => verdict switch { VerdictKind.Holds => "holds", VerdictKind.DoesNotHold => "does-not-hold", _ => "unknown" };

    private static void Services(StringBuilder text, ReleaseState state)
    {
        foreach (var service in state.Release.Services)
        {
            text.Append($"  {service.Name,-16} {Line(service.Reference)}{(service.Kind.Length > 0 ? $"  ({service.Kind})" : "")}{(service.IsMixed ? "  its containers run several images" : "")}\n");
        }
    }

    private static void Unknown(StringBuilder text, Release release, Style style)
    {
        foreach (var unknown in release.Unknown)
        {
            text.Append($"  {style.Doubt}unknown{style.Reset}: {Line(unknown)}\n");
        }
    }

    private static void Previous(StringBuilder text, PreviousRelease previous, Style style)
    {
        text.Append(previous.Previous is { } good ? $"previous  {style.Good}{good.Release.Id}{style.Reset}, verified {(good.VerifiedAt is { } at ? Time(at) : "")}\n" : "previous  none: no release before it was verified\n");
        foreach (var skipped in previous.Skipped)
        {
            text.Append($"  skipped {skipped.Id}: it {Line(skipped.Why)}\n");
        }
    }

    private static void Anchors(StringBuilder text, string id, ImmutableDictionary<string, ImmutableArray<AnchorAnswer>> anchors, Style style)
    {
        foreach (var answer in anchors.GetValueOrDefault(id, []).Where(a => a.Kind != VerdictKind.Holds).DistinctBy(a => a.Why))
        {
            text.Append(answer.Kind == VerdictKind.Unknown
                ? $"    {style.Doubt}unknown{style.Reset} whether its images are kept: {Line(answer.Why)}\n"
                : $"    {style.Bad}not kept{style.Reset}: {Line(answer.Why)}\n");
        }
    }

    private static void Row(StringBuilder text, string name, string value)
    {
        if (value.Length > 0)
        {
            text.Append($"{name,-9} {Line(value)}\n");
        }
    }

    private static string Coloured(ReleaseStanding standing, Style style) =>
        $"{standing switch { ReleaseStanding.Good => style.Good, ReleaseStanding.Bad => style.Bad, _ => style.Doubt }}{Word(standing),-9}{style.Reset}";

    private static string Box(VerdictKind verdict) => verdict switch { VerdictKind.Holds => "[x]", VerdictKind.DoesNotHold => "[ ]", _ => "[?]" };

    private static string Who(ReleaseAuthor by) => Line($"{(by.Git.Length > 0 ? by.Git : by.User)} on {by.Host}");

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Line(string text) => Printable.Line(text, LongestLine);
}
