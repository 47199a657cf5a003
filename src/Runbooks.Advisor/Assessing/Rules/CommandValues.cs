using System.Collections.Immutable;
using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Advisor.Changes;
using Runbooks.Advisor.Migrations;
using Runbooks.Advisor.Situations;
using Runbooks.Language.Projects;

namespace Runbooks.Advisor.Assessing.Rules;

/// <summary>The values that the playbooks need: from the release on record, the project file and the containers. What is not certain is left out, and stands in the command as a placeholder.</summary>
internal static class CommandValues
{
    public static void Apply(Draft draft)
    {
        var vars = ImmutableSortedDictionary.CreateBuilder<string, ImmutableArray<string>>(StringComparer.Ordinal);
        void Set(string name, params IEnumerable<string> values)
        {
            var all = values.Where(v => v.Length > 0 && !v.Any(char.IsControl)).Distinct(StringComparer.Ordinal).ToImmutableArray();
            if (!all.IsEmpty)
            {
                vars[name] = all;
            }
        }

        var subject = draft.Subject;
        Set("compose", subject.ComposeFiles);
        Set("compose_project", draft.Get<ContainersReading>()?.Project is { Length: > 0 } found ? found : subject.Name);
        Set("env_file", subject.EnvFiles);
        var service = ServiceOf(draft);
        Set("service", service);
        Set("url", AddressOf(subject, service));
        if (draft.Services.FirstOrDefault(s => s.Name == service) is { } sight)
        {
            Set("port", PortsOf(draft, sight).DefaultIfEmpty("0").Take(1));
        }

        Images(draft, service, Set);
        if (draft.Good?.Release.Git is { IsDirty: false } git)
        {
            Set("revision", git.Commit);
        }

        if (draft.Get<GitReading>()?.Tracked is { } tracked)
        {
            var changed = draft.Facts.Configuration.Select(c => c.File).ToImmutableArray();
            Set("files", [.. subject.ComposeFiles.Concat(subject.EnvFiles).Concat(changed).Where(tracked.Contains)]);
        }

        if (draft.Report is { } report)
        {
            var areNetworks = draft.Facts.Infrastructure is [InfrastructureKind.Network];
            Set("gone", areNetworks ? NetworkValues.Added(report) : report.Changes.Where(c => c.Area == "service" && c.Text.StartsWith("added", StringComparison.Ordinal)).Select(c => c.Subject));
            // What was taken down is made in any case.
            Set("networks", areNetworks && !draft.IsTakenDown ? NetworkValues.Changed(report) : []);
            Set("reach", areNetworks ? NetworkValues.Pairs(report) : []);
        }

        Database(draft, Set);
        draft.Facts = draft.Facts with { Vars = vars.ToImmutable() };
    }

    /// <summary>The one whose image changed; of several, the one that the project calls its application.</summary>
    private static string ServiceOf(Draft draft)
    {
        var applications = draft.Subject.Services.Where(s => s.Kind == ServiceKind.Application).Select(s => s.Name).ToImmutableArray();
        var changed = (draft.Report?.Changes ?? []).Where(c => c.Area != "migration").Select(c => c.Subject).Distinct(StringComparer.Ordinal).Where(c => draft.Services.Any(s => s.Name == c) && IsOld(c, draft)).ToImmutableArray();
        return changed is [var only] ? only
            : changed.Where(applications.Contains).ToImmutableArray() is [var application] ? application
            : changed.IsEmpty && applications is [var single] ? single
            : "";
    }

    /// <summary>One that came with the failed release goes, and is nothing that could be well afterwards.</summary>
    private static bool IsOld(string service, Draft draft) => draft.Good is not { } good || good.Release.Services.Any(s => s.Name == service);

    /// <summary>A worker says nowhere that it is well; that of the application, when there is only one, says it of the whole.</summary>
    private static string AddressOf(Subject subject, string service)
    {
        var addresses = subject.Services.Where(s => s.Health.Length > 0).ToImmutableArray();
        return addresses.FirstOrDefault(s => s.Name == service)?.Health ?? (addresses is [var only] ? only.Health : "");
    }

    /// <summary>Those that it had with the good release: one that does not run publishes nothing.</summary>
    private static IEnumerable<string> PortsOf(Draft draft, ServiceSight service) =>
        (draft.Good?.Release.Services.FirstOrDefault(s => s.Name == service.Name)?.Ports ?? [.. service.Containers.SelectMany(c => c.PublishedPorts)]).Select(p => $"{p}");

    private static void Images(Draft draft, string service, Action<string, IEnumerable<string>> set)
    {
        if (draft.Report is not { } report || ChangeFacts.Images(report) is not var (repository, good, bad))
        {
            // Without a release to compare with, a person names the version: of which image is seen here.
            if (draft.Good is null && draft.Get<RunningReading>()?.Running.Services.FirstOrDefault(s => s.Name == service) is { IsMixed: false } running)
            {
                set("image", [ImageReference.Repository(running.Reference)]);
                set("failed_version", [ImageReference.Tag(running.Reference)]);
            }

            return;
        }

        var changed = report.Changes.Where(ChangeFacts.IsOfApplication).Select(c => c.Subject).ToImmutableArray();
        set("failed_version", [bad]);
        set("workers", changed.Length > 1 ? changed.Where(c => c != service) : []);
        var images = draft.Readings.OfType<ImagesReading>().FirstOrDefault(i => i.Release == draft.Good?.Release.Id)?.Images.Where(i => changed.Contains(i.Service)).ToImmutableArray() ?? [];
        set("fetch", [draft.Fetch]);
        if (images.Any(i => i.IsThere == false && i.ReferenceId.Length > 0) && draft.Fetch.Length > 0)
        {
            // The tag is taken: the image is named by its digest, so that none has to be moved.
            Named(draft.Fetch);
        }
        else if (images.All(i => i.ReferenceId == i.Id || i.IsThere != true))
        {
            set("image", [repository]);
            set("version", [good]);
        }
        else if (images is [{ Anchor.Length: > 0 } moved])
        {
            // The name leads to another image now; what keeps the right one leads to it.
            set("image", [ImageReference.Repository(moved.Anchor)]);
            set("version", [ImageReference.Tag(moved.Anchor)]);
        }
        else if (images.Select(i => i.Digest).Distinct(StringComparer.Ordinal).ToImmutableArray() is [{ Length: > 0 } untagged])
        {
            Named(untagged);
        }

        void Named(string digest)
        {
            set("image", [ImageReference.Repository(digest)]);
            set("version", [$"{good}{digest[digest.IndexOf('@')..]}"]);
        }
    }

    private static void Database(Draft draft, Action<string, IEnumerable<string>> set)
    {
        if (draft.Subject.Project?.Migrations is not { } declared)
        {
            return;
        }

        set("tool", [declared.Tool]);
        set("django_app", [declared.App]);
        set("database", [declared.Database]);
        set("db_service", [declared.Service]);
        set("db_user", [declared.User]);
        set("db_host", [declared.Host]);
        set("dump", [draft.Dump]);
        if (draft.Dump.Length > 0 && !(draft.Report?.Changes ?? []).Any(ChangeFacts.IsOfApplication))
        {
            // A worker that stays connected keeps the restored database from taking the place of the present one. Where images go back, these are the services that run the same image.
            set("workers", draft.Subject.Services.Where(s => s.Kind == ServiceKind.Worker).Select(s => s.Name));
        }

        if (draft.Facts.Migrations is { IsEmpty: false } && draft.Good?.Release.Schema is { } then)
        {
            set("head", then.Heads switch { [] => [MigrationHistory.None], [var one] => [one], _ => [] });
            set("from", draft.Get<SchemaReading>()?.Schema.Heads ?? []);
        }
    }
}
