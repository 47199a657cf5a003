using Runbooks.Language.Diagnostics;
using Runbooks.Language.Projects;
using Runbooks.Language.Text;
using Runbooks.Testing;

namespace Runbooks.Language.Tests.Projects;

public sealed class ProjectReaderTests
{
    private const string Whole = """
        project: v1
        compose: { files: [a.yml, b.yml], env_file: prod.env, project: shop, directory: deploy }
        services:
          app: { kind: application, health: 'http://127.0.0.1:8080/health', status: [200, 204] }
          jobs: worker
          db: database
          web: { kind: proxy }
        migrations: { tool: django, folder: shop/migrations, app: shop, database: shop, service: db, user: app, port: 5433, password_env: DB_PASSWORD }
        config: [nginx.conf]
        logs: { max_errors: 2, ignore: ['^reset by peer'], baseline: good.log }
        verify: { within: 5s, for: 2s }
        notify: ops@example.org
        webhook_env: TEAM_WEBHOOK
        """;

    [Fact]
    public void Everything_that_stands_in_it_is_read()
    {
        var read = Read(Whole);

        Assert.Empty(read.Diagnostics);
        var project = Assert.IsType<ProjectFile>(read.Value);
        Assert.Equal(("a.yml b.yml", "prod.env", "shop", "deploy"), (string.Join(' ', project.Compose.Files), string.Join(' ', project.Compose.EnvFiles), project.Compose.Project, project.Compose.Directory));
        Assert.Equal(
            [("app", ServiceKind.Application, "http://127.0.0.1:8080/health", "200 204"), ("jobs", ServiceKind.Worker, "", "200"), ("db", ServiceKind.Database, "", "200"), ("web", ServiceKind.Proxy, "", "200")],
            project.Services.Select(s => (s.Name, s.Kind, s.Health, string.Join(' ', s.Status))));
        Assert.Equal(new ProjectMigrations("django") { Folder = "shop/migrations", App = "shop", Database = "shop", Service = "db", User = "app", Port = 5433, PasswordEnv = "DB_PASSWORD" }, project.Migrations);
        Assert.Equal(["nginx.conf"], project.Config);
        Assert.Equal((2, "good.log"), (project.MaxErrors, project.LogBaseline));
        Assert.Equal(["^reset by peer"], project.IgnoredLogs);
        Assert.Equal((TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(2)), (project.VerifiedWithin, project.VerifiedFor));
        Assert.Equal(["ops@example.org"], project.Notify);
        Assert.Equal("TEAM_WEBHOOK", project.WebhookEnv);
    }

    [Fact]
    public void What_is_not_said_has_its_documented_value()
    {
        var project = Read("project: v1\nservices: { app: application }\n").Value;

        Assert.Equal((TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(10)), (project?.VerifiedWithin, project?.VerifiedFor));
        Assert.Null(project?.Migrations);
        Assert.Null(project?.MaxErrors);
    }

    [Fact]
    public void All_mistakes_are_told_at_once_each_at_its_place()
    {
        var marked = Marked.Parse("""
            project: v1
            [|servces|]: {}
            services:
              app: [|aplication|]
              web: { kind: proxy, health: [|localhost:80|] }
              job: { kind: worker, [|staus|]: 200 }
            migrations: { tool: rails, service: [|web|] }
            config: [|[]|]
            [|logs|]: { ignore: x }
            """, "runbook.yml");

        var found = ProjectReader.Read(marked.Source).Diagnostics;

        Assert.Equal(marked.Spans.AsEnumerable(), found.Select(d => d.Span));
        Assert.Contains("did you mean 'services'?", found[0].Hint, StringComparison.Ordinal);
        Assert.Contains("did you mean 'application'?", found[1].Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("project: v2\nservices: { a: worker }\n", "RB1004")]
    [InlineData("services: { a: worker }\n", "RB1002")]
    [InlineData("project: v1\n", "RB1002")]
    [InlineData("project: v1\nservices: {}\n", "RB4004")]
    [InlineData("- a\n", "RB4000")]
    [InlineData("", "RB0005")]
    [InlineData("project: v1\nservices: { a: { kind: application, health: \"http://x/{{ y }}\" } }\n", "RB4001")]
    [InlineData("project: v1\nservices: { a: { kind: application, health: \"http://u:p@x/\" } }\n", "RB4002")]
    [InlineData("project: v1\nservices: { a: { kind: application, status: 200 } }\n", "RB4003")]
    [InlineData("project: v1\nservices: { a: worker }\nmigrations: { tool: django, database: d }\n", "RB1002")]
    [InlineData("project: v1\nservices: { a: worker }\nmigrations: { tool: rails, database: d, service: b }\n", "RB4004")]
    [InlineData("project: v1\nservices: { a: worker }\nmigrations: { tool: rails, database: d, password_env: 'pass word' }\n", "RB4006")]
    public void What_is_wrong_has_its_code(string text, string code)
    {
        Assert.Equal(code, Assert.Single(Read(text).Diagnostics).Code);
    }

    [Fact]
    public void The_address_of_a_webhook_in_the_place_of_the_name_of_its_variable_is_refused_and_not_shown()
    {
        var read = Read("project: v1\nservices: { a: worker }\nwebhook_env: https://hooks.example.org/services/geheim\n");

        Assert.Equal("RB4006", Assert.Single(read.Diagnostics).Code);
        var shown = DiagnosticRenderer.Human(read.Diagnostics);
        Assert.DoesNotContain("geheim", shown, StringComparison.Ordinal);
        Assert.Contains("write a name, as in 'webhook_env: WEBHOOK'", shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x.yml", "# a comment\n\nproject: v1\n", true)]
    [InlineData("runbook.yml", "\n", true)]
    [InlineData("runbook.yml", "runbook: v1\nname: x\n", false)]
    [InlineData("x.yml", "runbook: v1\n", false)]
    public void A_project_file_says_that_it_is_one(string name, string text, bool isOne)
    {
        Assert.Equal(isOne, ProjectReader.IsOne(new SourceText(name, text)));
    }

    private static Checked<ProjectFile> Read(string text) => ProjectReader.Read(new SourceText("runbook.yml", text));
}
