using System.Text.Json;
using Runbooks.Cli.Views;
using Runbooks.Testing;

namespace Runbooks.Cli.Tests;

/// <summary>Nothing that a shipped playbook runs can delete a volume, a database or an image that a rollback may need, unless its plan says so and a verified backup of the run exists.</summary>
public sealed class RemovalTests
{
    /// <summary>Values beside those of <see cref="PreviewTests"/>, with which the steps run that they leave out.</summary>
    private static readonly Dictionary<string, string[][]> Others = new(StringComparer.Ordinal)
    {
        ["app-rollback"] = [[$"fetch=registry.example/shop/app@sha256:{new string('0', 64)}"]],
        ["app-rollback-fast"] = [[$"fetch=registry.example/shop/app@sha256:{new string('0', 64)}"]],
        ["compose-rollback"] = [["remove_gone=before"], ["remove_gone=after"]],
        ["config-file-rollback"] = [["check=true"], ["release=previous", "check=true"], ["reload=HUP", "effective=true"]],
        ["db-and-app-rollback"] = [["tool=django", "app=orders"], ["tool=rails", "migrations=alembic/versions"]],
        ["db-manual-rollback"] = [[$"schema={new string('0', 64)}"]],
        ["db-migration-rollback"] = [["tool=django", "app=orders"], ["tool=rails"], ["tool=flyway"], ["tool=liquibase", "dsn=jdbc:postgresql://db/shop"], ["tool=golang-migrate", "dsn=postgres://db/shop"], ["tool=golang-migrate", "dsn=postgres://db/shop", "head=none"], ["head=none"]],
        ["env-rollback"] = [["file=.env", "name=TAG"]],
        ["feature-flag-rollback"] = [["where=environment", "file=docker-compose.yml", "flag=FEATURE_NEW_CHECKOUT"], ["where=env_file", "file=.env", "flag=TAG"], ["where=http", "authorization=some"], ["recreate=false"]],
        ["sequential-rollback"] = [["tool=django", "django_app=orders"], ["tool=rails"], ["with_database=false"], ["with_infrastructure=true"], ["dump=backups/before-v1.2.4.dump"]],
        ["swarm-service-rollback"] = [["url=http://127.0.0.1/"]],
        ["volume-rollback"] = [["compare=false"]],
    };

    /// <summary>Those that remove anything: by a migration that is taken back, a file of SQL, a container, a network, a folder of their own.</summary>
    private static readonly string[] Removing =
        ["compose-rollback", "db-and-app-rollback", "db-manual-rollback", "db-migration-rollback", "db-restore", "network-rollback", "sequential-rollback", "volume-rollback"];

    public static TheoryData<string> Playbooks => PreviewTests.Playbooks;

    [Theory]
    [MemberData(nameof(Playbooks))]
    public async Task What_a_shipped_playbook_removes_is_said_and_behind_a_backup_of_the_same_run(string playbook)
    {
        var found = 0;
        var (all, read) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        foreach (var other in (string[][])[[], .. Others.GetValueOrDefault(playbook, [])])
        {
            var names = other.Select(v => v[..v.IndexOf('=', StringComparison.Ordinal)]).ToHashSet(StringComparer.Ordinal);
            var values = PreviewTests.ValuesOf(playbook).Where(v => !names.Contains(v[..v.IndexOf('=', StringComparison.Ordinal)])).Concat(other);
            using var plan = await PlanAsync(Repository.PathOf($"playbooks/{playbook}.yml"), Repository.PathOf("tests/cases/previews/project"), values);

            var reading = Removals.In(plan.RootElement);
            Assert.Equal([], reading.Unanswered);
            found += reading.Found;
            foreach (var step in plan.RootElement.GetProperty("steps").EnumerateArray())
            {
                // That of a playbook in it is read with that playbook.
                var id = (step.GetProperty("id").GetString() ?? "").Split('[')[0];
                _ = !id.Contains('/', StringComparison.Ordinal) && all.Add(id);
                _ = step.GetProperty("will").GetString() != "skip" && read.Add(id);
            }
        }

        Assert.Empty(all.Except(read));
        Assert.Equal(Removing.Contains(playbook, StringComparer.Ordinal), found > 0);
    }

    [Theory]
    [InlineData("docker volume rm shop_data")]
    [InlineData("docker volume prune --force")]
    [InlineData("docker image rm myapp:v1.2.3")]
    [InlineData("docker rmi myapp:v1.2.3")]
    [InlineData("docker image prune --all --force")]
    [InlineData("docker system prune -af --volumes")]
    [InlineData("docker compose --project-name shop down -v")]
    [InlineData("docker compose down --timeout 5 --volumes")]
    [InlineData("docker compose down --rmi all")]
    [InlineData("docker rm -fv shop-db-1")]
    [InlineData("docker compose rm --force -v db")]
    [InlineData("docker rm --volumes \"$id\"")]
    [InlineData("psql --command='drop database shop'")]
    [InlineData("psql --command='DROP TABLE orders'")]
    [InlineData("psql --command='ALTER TABLE orders DROP COLUMN total'")]
    [InlineData("psql --command='truncate orders'")]
    [InlineData("psql --command='DELETE FROM orders'")]
    [InlineData("dropdb shop")]
    [InlineData("mysqladmin --force drop shop")]
    [InlineData("pg_restore --clean --dbname=shop a.dump")]
    [InlineData("alembic downgrade base")]
    [InlineData("python3 manage.py migrate orders zero")]
    [InlineData("python3 manage.py flush --no-input")]
    [InlineData("bin/rails db:drop")]
    [InlineData("bin/rails db:migrate VERSION=0")]
    [InlineData("flyway clean")]
    [InlineData("liquibase rollback-count --count=1")]
    [InlineData("liquibase dropAll")]
    [InlineData("migrate -path /m -database postgres://db/shop down -all")]
    [InlineData("docker rm --force shop-db-1")]
    [InlineData("docker compose down")]
    [InlineData("docker network rm shop_back")]
    [InlineData("docker network prune --force")]
    [InlineData("docker compose up -d --remove-orphans")]
    [InlineData("rm -rf /var/lib/docker/volumes/shop_data")]
    [InlineData("rm --recursive \"$folder\"")]
    [InlineData("find uploads -name '*.tmp' -delete")]
    public async Task A_removal_is_found_wherever_a_playbook_has_it(string words)
    {
        using var project = new Project();
        var script = JsonSerializer.Serialize(words);
        project.Playbook($$"""
            steps:
              - { id: one, shell: {{script}} }
              - { id: two, run: ["true"], undo: { shell: {{script}} } }
              - { id: three, run: [sh, -c, {{script}}] }
              - id: four
                run: ["true"]
                effect: read
                validate: [ { command: { argv: [bash, -c, {{script}}] } } ]
            validations: [ { command: { argv: [bash, -c, {{script}}] } } ]
            """);

        using var plan = await PlanAsync(project.At("pb.yml"), project.Folder, []);

        var unanswered = string.Join('\n', Removals.In(plan.RootElement).Unanswered);
        Assert.All((string[])["step one: ", "the undo of step two: ", "step three: ", "a check of step four: ", "a check: "], w => Assert.Contains(w, $"\n{unanswered}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Only_a_backup_that_is_made_before_it_answers_for_what_holds_data()
    {
        using var project = new Project();
        project.Write("reverse.sql", "DROP TABLE orders;\n");
        project.Playbook("""
            steps:
              - { id: save, backup: { files: [reverse.sql] } }
              - { id: sql, postgres: { file: reverse.sql, database: shop }, requires_backup: save }
              - { id: drop, run: dropdb shop, effect: destroy, requires_backup: save }
              - { id: network, run: docker network rm shop_back, effect: destroy, acknowledge: it holds nothing }
              - { id: said, run: docker volume rm shop_data, effect: destroy, acknowledge: nobody needs it }
            """);

        using var plan = await PlanAsync(project.At("pb.yml"), project.Folder, []);
        var reading = Removals.In(plan.RootElement);
        Assert.Equal((4, "step said: docker volume rm shop_data"), (reading.Found, string.Join(", ", reading.Unanswered)));
    }

    private static async Task<JsonDocument> PlanAsync(string playbook, string project, IEnumerable<string> values)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        string[] words = ["plan", playbook, "-C", project, "--format", "json", .. values.SelectMany(v => (string[])["--var", v])];

        var exit = await App.RunAsync(words, new Composition(new Terminal { Out = output, Error = error }, Repository.Root));

        Assert.True(exit == 0, error.ToString());
        return JsonDocument.Parse(output.ToString());
    }
}
