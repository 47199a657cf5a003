using Runbooks.Builtin.Checks.Http;
using Runbooks.Builtin.Checks.Logs;
using Runbooks.Builtin.Checks.Migration;
using Runbooks.Builtin.Releases;
using Runbooks.Engine.Planning;
using Runbooks.Language.Projects;
using Runbooks.Language.Text;
using Runbooks.Testing;

namespace Runbooks.Builtin.Tests.Releases;

public sealed class ProjectPlaybookTests
{
    private const string Folder = "/srv/shop";

    [Fact]
    public void Everything_that_the_project_says_is_asked()
    {
        var (made, problems) = Make("""
            project: v1
            compose: { project: shop }
            services: { app: { kind: application, health: 'http://127.0.0.1:8080/health', status: [2xx] }, job: worker, db: database }
            migrations: { tool: alembic, database: shop, service: db, password_env: DB_PASSWORD }
            logs: { max_errors: 3, ignore: ['it''s "normal"\d'] }
            verify: { within: 30s, for: 8s }
            """);

        Assert.Empty(problems);
        Assert.Equal(
            [
                "app, job and db of project shop are running",
                "GET http://127.0.0.1:8080/health answers 2xx",
                "service app of project shop stays as it is, running and healthy, in 5 samples 2s apart and for as long as its health check needs to fail (watched for 10m at most)",
                "service job of project shop stays as it is, running and healthy, in 5 samples 2s apart and for as long as its health check needs to fail (watched for 10m at most)",
                "GET http://127.0.0.1:8080/health answers 2xx",
            ],
            made?.Plan.Validations.Take(5).Select(v => v.Statement));
        Assert.Equal([3, 3], made?.Plan.Validations.Select(v => v.Question).OfType<LogsCheck>().Select(l => l.MaxErrors ?? -1));
        Assert.Equal("shop", Assert.Single(made?.Plan.Validations.Select(v => v.Question).OfType<MigrationCheck>() ?? []).Place.Database);
        Assert.Equal(TimeSpan.FromSeconds(30), made?.Plan.Validations[1].Within);
        Assert.Equal(["s3cret"], made?.Secrets.Distinct());
    }

    [Fact]
    public void What_the_project_says_is_a_value_and_never_part_of_the_playbook()
    {
        var (made, problems) = Make("project: v1\nservices: { app: { kind: application, health: \"http://x/a?b=\\\"},run:[rm],{\\\"#c\" } }\n");

        Assert.Empty(problems);
        Assert.Equal("http://x/a?b=\"},run:[rm],{\"#c", made?.Plan.Validations.Select(v => v.Question).OfType<HttpCheck>().First().Request.Url.Reveal());
    }

    [Fact]
    public void What_does_not_fit_the_folder_is_said()
    {
        Assert.Contains("'gone.yml' cannot be read", Assert.Single(Make("project: v1\ncompose: { files: gone.yml }\nservices: { app: worker }\n").Problems, p => p.Contains("gone", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    private static (ProjectPlaybook? Made, IEnumerable<string> Problems) Make(string text)
    {
        var read = ProjectReader.Read(new SourceText("runbook.yml", text));
        Assert.Empty(read.Diagnostics);
        var files = new InMemoryFiles().With($"{Folder}/docker-compose.yml", "services: { app: { image: x }, job: { image: x }, db: { image: x } }");
        var (made, problems) = ProjectPlaybook.Make(Assert.IsType<ProjectFile>(read.Value), Folder, TimeSpan.FromMinutes(1), new Planner(files, BuiltinKinds.Steps, BuiltinKinds.Checks), name => name == "DB_PASSWORD" ? "s3cret" : null, "1.0.0");
        return (made, problems);
    }
}
