using System.Collections.Immutable;
using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Advisor.Situations;
using Runbooks.Engine.Releases;

namespace Runbooks.Advisor.Assessing.Rules;

/// <summary>
/// A release that runs <c>alembic upgrade head</c> before it serves does not start with a database that has a migration which it does not have: "Can't locate revision", whatever the migration did.
/// That it does not have it is certain: with this command it would have brought the database there itself.
/// </summary>
internal static class MigratingStart
{
    private const string Alembic = "alembic";

    /// <summary>Says what the services start that the good release had, when it was the same command then. Call it when the database has migrations beyond those of the good release.</summary>
    /// <returns>No: it would not start; unknown: it may not; null when nothing of the kind is seen.</returns>
    public static Answer? Tell(Draft draft, ReleaseState good)
    {
        if (draft.Subject.Project?.Migrations?.Tool != Alembic || draft.Get<RunningReading>() is not { } running || draft.Get<ContainersReading>() is not { } containers)
        {
            return null;
        }

        Answer? answer = null;
        foreach (var service in draft.Services)
        {
            var (was, now) = (Of(good.Release, service.Name), Of(running.Running, service.Name));
            var words = service.Containers.Select(c => c.Command).FirstOrDefault(c => !c.IsDefaultOrEmpty, []);
            if (was is null || now is null || was.Command.Length == 0 || was.Command != now.Command || !StartCommand.NamesUpgrade(words))
            {
                continue;
            }

            if (StartCommand.NeedsUpgrade(words))
            {
                draft.Tell(FactKeys.SchemaCompatible, containers, $"{service.Name} starts '{Short(words)}', in release {good.Release.Id} too",
                    "the previous release would not start: Alembic refuses a database with a migration that it does not have (\"Can't locate revision\")");
                answer = Answer.No;
            }
            else
            {
                draft.TellUnknown(FactKeys.SchemaCompatible, containers.Source, containers.At,
                    $"{service.Name} starts '{Short(words)}', in release {good.Release.Id} too: Alembic fails with a database that has a migration which it does not have; whether the previous release comes up nevertheless is not understood");
                answer ??= Answer.Unknown;
            }
        }

        return answer;
    }

    private static ServiceSnapshot? Of(Release release, string service) => release.Services.FirstOrDefault(s => s.Name == service);

    private static string Short(ImmutableArray<string> words) => string.Join(' ', words) is var text && text.Length > 120 ? $"{text[..120]}…" : text;
}
