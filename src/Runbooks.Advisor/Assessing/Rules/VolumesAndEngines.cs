using System.Globalization;
using System.Text.RegularExpressions;
using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Advisor.Situations;
using Runbooks.Engine.Releases;
using Runbooks.Language.Projects;

namespace Runbooks.Advisor.Assessing.Rules;

/// <summary>Whether a server that keeps data is newer than with the good release: then its files are, too.</summary>
internal static partial class VolumesAndEngines
{
    public static void Apply(Draft draft)
    {
        if (draft.Good is not { } good || draft.Get<RunningReading>() is not { } running)
        {
            return;
        }

        var data = good.Release.Services.Where(s => draft.Subject.KindOf(s.Name) == ServiceKind.Database).ToList();
        var answers = data.ConvertAll(then => Of(draft, running, then));
        draft.Facts = draft.Facts with
        {
            VolumeNewerThanEngine = answers.Contains(Answer.Yes) ? Answer.Yes : data.Count > 0 && answers.TrueForAll(a => a == Answer.No) ? Answer.No : Answer.Unknown,
        };
    }

    private static Answer Of(Draft draft, RunningReading running, ServiceSnapshot then)
    {
        if (running.Running.Services.FirstOrDefault(s => s.Name == then.Name) is not { } now)
        {
            return Answer.Unknown;
        }

        if (now.ImageId == then.ImageId)
        {
            return Answer.No;
        }

        if (Major(then) is not { } was || Major(now) is not { } major)
        {
            draft.TellUnknown(FactKeys.VolumeNewerThanEngine, running.Source, running.At, $"{then.Name} has another image than with release {draft.Good?.Release.Id}, and of one of them no version is known");
            return Answer.Unknown;
        }

        var kept = then.Mounts.Any(m => m is { Type: "volume" or "bind", Source.Length: > 0 } && now.Mounts.Any(n => n.Source == m.Source));
        draft.Tell(FactKeys.VolumeNewerThanEngine, running, $"{then.Name}: {then.Version} → {now.Version}{(kept ? ", on the same volume" : "")}", major > was && kept ? "the older server may not read what the newer one has written" : "");
        return major > was && kept ? Answer.Yes : major == was ? Answer.No : Answer.Unknown;
    }

    private static int? Major(ServiceSnapshot service) =>
        Number().Match(service.Version) is { Success: true } found && int.TryParse(found.Groups["major"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var major) ? major : null;

    [GeneratedRegex(" (?<major>[0-9]+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Number();
}
