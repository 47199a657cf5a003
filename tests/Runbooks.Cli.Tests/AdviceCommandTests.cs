using System.Collections.Immutable;
using Runbooks.Advisor.Advising;
using Runbooks.Advisor.Situations;
using Runbooks.Advisor.Strategies;
using Runbooks.Builtin;
using Runbooks.Cli.Views;
using Runbooks.Language.Playbooks;
using Runbooks.Language.Text;
using Runbooks.Testing;
using DataLoss = Runbooks.Advisor.Migrations.DataLoss;

namespace Runbooks.Cli.Tests;

/// <summary>The commands that advice gives are commands of playbooks that ship.</summary>
public sealed class AdviceCommandTests
{
    /// <summary>For what the facts of a test leave open; the example project is that of the previews.</summary>
    private static readonly Dictionary<string, string> Examples = new(StringComparer.Ordinal)
    {
        ["version"] = "v1.2.3",
        ["tool"] = "alembic",
        ["head"] = "ae1027a6acf",
        ["database"] = "shop",
        ["dump"] = "backups/before-v1.2.4.dump",
        ["inside"] = "/etc/app.conf",
        ["value"] = "false",
        ["where"] = "environment",
        ["flag"] = "FEATURE_NEW_CHECKOUT",
        ["reach"] = "app/worker:9090",
        ["service"] = "shop_app",
        ["from"] = "myapp:v1.2.4",
        ["to"] = "myapp:v1.2.3",
    };

    [Fact]
    public async Task Every_command_names_a_playbook_that_ships_and_only_variables_that_it_has_and_can_be_planned()
    {
        var playbooks = new SortedSet<string>(StringComparer.Ordinal);
        var planned = new HashSet<string>(StringComparer.Ordinal);
        foreach (var advice in Space().Select(new Adviser(BuiltinStrategies.All).Advise))
        {
            if (advice.Way.Command is not { } command || !planned.Add(advice.CommandLine ?? ""))
            {
                continue;
            }

            playbooks.Add(Path.GetFileNameWithoutExtension(command.Playbook));
            var read = Playbook(command.Playbook);
            Assert.All(command.Vars, v => Assert.True(read.Vars.Any(d => d.Name == v.Name), $"{command.Playbook} has no variable '{v.Name}'"));
            Assert.All(read.Vars.Where(v => v.Required), v => Assert.True(command.Vars.Any(c => c.Name == v.Name), $"{advice.CommandLine}: '{v.Name}' is missing"));
            Assert.Equal(command.Vars.Select(v => v.Name).Distinct(), command.Vars.Select(v => v.Name));
            await PlanAsync(command);
        }

        Assert.True(planned.Count > 30, $"only {planned.Count} commands");
        Assert.Equal(
            ["app-rollback", "compose-rollback", "config-file-rollback", "db-and-app-rollback", "db-manual-rollback", "db-migration-rollback", "db-restore", "env-rollback", "feature-flag-rollback", "network-rollback", "sequential-rollback", "swarm-service-rollback", "volume-rollback"],
            playbooks);
    }

    [Fact]
    public void Commands_in_the_steps_are_such_commands_too()
    {
        var found = 0;
        foreach (var line in Space().Select(new Adviser(BuiltinStrategies.All).Advise).SelectMany(a => a.Way.Order).Where(l => l.Contains("runbook exec ", StringComparison.Ordinal)).Distinct())
        {
            var words = line[line.IndexOf("runbook exec ", StringComparison.Ordinal)..].Split(' ');
            var playbook = Playbook(words[2]);
            Assert.All(words.Skip(3).Where((_, i) => i % 2 == 1), w => Assert.True(playbook.Vars.Any(v => v.Name == w.Trim('\'').Split('=')[0]), line));
            found++;
        }

        Assert.True(found > 4, $"only {found} lines");
    }

    [Fact]
    public void The_downtime_is_what_the_playbook_declares()
    {
        var compared = 0;
        foreach (var advice in Space().Select(new Adviser(BuiltinStrategies.All).Advise).Where(a => a.Way.Command is not null).DistinctBy(a => a.Way.Command?.Playbook))
        {
            var file = advice.Way.Command?.Playbook ?? "";
            Assert.Equal(Playbook(file).Downtime, advice.Way.Downtime?.Shortest);
            compared++;
        }

        Assert.Equal(13, compared);
    }

    private static Playbook Playbook(string file)
    {
        (SourceText?, string) Open(string name) => (SourceText.FromBytes(name, File.ReadAllBytes(Repository.PathOf(name))), "");
        var read = PlaybookReader.Read(Assert.IsType<SourceText>(Open(file).Item1), BuiltinKinds.Catalogue, (part, _, _) => Open($"playbooks/{part}"));
        return Assert.IsType<Playbook>(read.Value);
    }

    private static async Task PlanAsync(PlaybookCommand command)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var file = Path.GetFileNameWithoutExtension(command.Playbook) switch
        {
            "db-manual-rollback" => "sql/rollback-v1.2.4.sql",
            "feature-flag-rollback" => "config/flags.json",
            _ => "config/app.conf",
        };
        string[] words =
        [
            "plan", Repository.PathOf(command.Playbook), "-C", Repository.PathOf("tests/cases/previews/project"),
            .. command.Vars.SelectMany(v => (string[])["--var", $"{v.Name}={v.Value ?? (v.Name == "file" ? file : Examples[v.Name])}"]),
        ];

        var exit = await App.RunAsync(words, new Composition(new Terminal { Out = output, Error = error }, Repository.Root));

        Assert.True(exit == 0, $"{string.Join(' ', words)}\n{error}");
    }

    /// <summary>Facts whose details lead to different playbooks and variables; what is named exists in the example project.</summary>
    private static IEnumerable<Facts> Space() =>
        from changes in Enumerable.Range(1, 31).Select(bits => (ImmutableArray<ChangeKind>)[.. Enum.GetValues<ChangeKind>().Where(k => (bits & (1 << (int)k)) != 0)])
        from schema in (Answer[])[Answer.Unknown, Answer.Yes]
        from reversible in (Answer[])[Answer.Yes, Answer.No]
        from details in Details
        select details(new Facts
        {
            Changes = changes,
            PreviousReleaseAvailable = Answer.Yes,
            SchemaCompatible = schema,
            BackupAvailable = Answer.Yes,
            Migrations = changes.Contains(ChangeKind.Database) ? [new Migration("1975ea83b712", reversible, DataLoss.None)] : null,
        });

    private static readonly Func<Facts, Facts>[] Details =
    [
        f => f,
        f => With(f, ("service", "app"), ("workers", "worker"), ("version", "v1.2.3"), ("failed_version", "v1.2.4"), ("image", "myapp"), ("port", "8080"), ("url", "http://127.0.0.1:8080/health"), ("compose", "docker-compose.yml"), ("compose_project", "shop"),
            ("env_file", ".env"), ("revision", "v1.2.3"), ("tool", "django"), ("head", "0006"), ("from", "0007"), ("django_app", "orders"), ("database", "shop"), ("db_service", "db"), ("db_user", "shop"), ("gone", "worker")) with
        {
            Configuration = [new ConfigurationChange("FEATURE_NEW_CHECKOUT", "false", "docker-compose.yml", "")],
            Flags = [new FlagChange("checkout.enabled", "file", "config/flags.json", "false")],
            Infrastructure = [InfrastructureKind.Volume],
        },
        f => With(f, ("tool", "golang-migrate"), ("db_host", "db.example"), ("networks", "shop_default"), ("gone", "shop_edge")) with
        {
            Configuration = [new ConfigurationChange("", "", "config/app.conf", "/etc/app.conf")],
            Flags = [new FlagChange("FEATURE_NEW_CHECKOUT", "environment", "", "")],
            Infrastructure = [InfrastructureKind.Network],
            Components = f.Changes is { } changes && changes.Contains(ChangeKind.Application) ? [new Component("app", ChangeKind.Application), new Component("worker", ChangeKind.Application)] : [],
        },
        f => f with
        {
            Configuration = [new ConfigurationChange("", "", "config/app.conf", "/etc/app.conf"), new ConfigurationChange("FEATURE_NEW_CHECKOUT", "false", "docker-compose.yml", "")],
            Infrastructure = [InfrastructureKind.Network, InfrastructureKind.Volume],
            Swarm = f.Changes is [ChangeKind.Application] ? Answer.Yes : Answer.No,
        },
    ];

    private static Facts With(Facts facts, params (string Name, string Value)[] vars) => facts with { Vars = vars.ToImmutableSortedDictionary(v => v.Name, v => (ImmutableArray<string>)[v.Value], StringComparer.Ordinal) };
}
