using System.Collections.Immutable;
using Runbooks.Builtin.Readiness;
using Runbooks.Builtin.Readiness.Backups;
using Runbooks.Builtin.Readiness.Config;
using Runbooks.Builtin.Readiness.Disk;
using Runbooks.Builtin.Readiness.Healthchecks;
using Runbooks.Builtin.Readiness.Images;
using Runbooks.Builtin.Readiness.Migrations;
using Runbooks.Builtin.Readiness.Playbooks;
using Runbooks.Builtin.Readiness.Previous;
using Runbooks.Builtin.Readiness.Project;
using Runbooks.Builtin.Readiness.Rehearsal;
using Runbooks.Builtin.Readiness.Tags;

namespace Runbooks.Builtin;

/// <summary>What a rollback needs, in the order in which a person wants to read it. A test compares the list with the folders.</summary>
public static class BuiltinReadiness
{
    public static ImmutableArray<IReadyItem> All =>
    [
        new ProjectItem(),
        new PreviousItem(),
        new ImagesItem(),
        new MigrationsItem(),
        new BackupsItem(),
        new ConfigItem(),
        new HealthchecksItem(),
        new TagsItem(),
        new PlaybooksItem(),
        new RehearsalItem(),
        new DiskItem(),
    ];
}
