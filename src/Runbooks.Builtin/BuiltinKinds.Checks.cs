using System.Collections.Immutable;
using Runbooks.Builtin.Checks.Command;
using Runbooks.Builtin.Checks.Compose;
using Runbooks.Builtin.Checks.Container;
using Runbooks.Builtin.Checks.Disk;
using Runbooks.Builtin.Checks.File;
using Runbooks.Builtin.Checks.Git;
using Runbooks.Builtin.Checks.Http;
using Runbooks.Builtin.Checks.Identity;
using Runbooks.Builtin.Checks.Image;
using Runbooks.Builtin.Checks.Logs;
using Runbooks.Builtin.Checks.Metric;
using Runbooks.Builtin.Checks.Migration;
using Runbooks.Builtin.Checks.MySql;
using Runbooks.Builtin.Checks.Port;
using Runbooks.Builtin.Checks.Postgres;
using Runbooks.Builtin.Checks.Resources;
using Runbooks.Builtin.Checks.Smoke;
using Runbooks.Builtin.Checks.Stable;
using Runbooks.Builtin.Checks.Swarm;
using Runbooks.Builtin.Checks.Tcp;
using Runbooks.Engine.Kinds;

namespace Runbooks.Builtin;

public static partial class BuiltinKinds
{
    public static ImmutableArray<ICheckKind> Checks { get; } =
    [
        new CommandCheckKind(),
        new ComposeCheckKind(),
        new ContainerCheckKind(),
        new DiskCheckKind(),
        new FileCheckKind(),
        new GitCheckKind(),
        new HttpCheckKind(),
        new IdentityCheckKind(),
        new ImageCheckKind(),
        new LogsCheckKind(),
        new MetricCheckKind(),
        new MigrationCheckKind(),
        new MySqlCheckKind(),
        new PortCheckKind(),
        new PostgresCheckKind(),
        new ResourcesCheckKind(),
        new SmokeCheckKind(),
        new StableCheckKind(),
        new SwarmCheckKind(),
        new TcpCheckKind(),
    ];
}
