using Runbooks.Builtin.Projects;
using Runbooks.Language.Projects;
using Runbooks.Language.Text;
using Runbooks.Testing;

namespace Runbooks.Builtin.Tests.Projects;

public sealed class ProjectGuessTests
{
    private const string Folder = "/srv/shop";

    private const string Compose = """
        services:
          app:
            image: ${APP_IMAGE:-registry.example.org/shop/app:v1}
            ports: ["127.0.0.1:8080:80", "${EXTRA}:81"]
          celery-beat: { image: shop/app:v1, command: celery beat }
          db: { image: "${DB:-postgres:15}" }
          cache: { image: redis@sha256:0 }
          front:
            image: nginx:1.25
            ports: [{ target: 80, published: "8081" }]
            volumes: ["./nginx.conf:/etc/nginx/nginx.conf:ro", "./html:/html", "data:/data"]
        """;

    [Fact]
    public void Services_are_told_apart_by_their_images_names_and_ports()
    {
        var guessed = Guess(Files());

        Assert.Equal(
            [("app", ServiceKind.Application), ("celery-beat", ServiceKind.Worker), ("db", ServiceKind.Database), ("cache", ServiceKind.Database), ("front", ServiceKind.Proxy)],
            Read(guessed).Services.Select(s => (s.Name, s.Kind)));
        Assert.Contains("# health: http://127.0.0.1:8080/health", guessed.Text, StringComparison.Ordinal);
        Assert.Contains("# health: http://127.0.0.1:8081/", guessed.Text, StringComparison.Ordinal);
        Assert.Contains("service db: database, its image is one of postgres", guessed.Found);
    }

    [Fact]
    public void A_service_that_ends_by_itself_is_not_expected_to_run()
    {
        var guessed = Guess(new InMemoryFiles().With($"{Folder}/compose.yml", "services: { app: { image: a }, db-migrate: { image: a }, up: { image: a, command: [alembic, migrate] } }"));

        Assert.Equal(["app"], Read(guessed).Services.Select(s => s.Name));
        Assert.Contains("service db-migrate: left out, because by its name or command it ends by itself", guessed.Found);
    }

    [Fact]
    public void Files_that_are_mounted_are_configuration_and_folders_are_not()
    {
        Assert.Equal(["nginx.conf"], Read(Guess(Files().With($"{Folder}/nginx.conf", "x").WithFolder($"{Folder}/html"))).Config);
    }

    [Theory]
    [InlineData("alembic.ini", "[alembic]\nscript_location = %(here)s/db/versions\n", "alembic", "db/versions")]
    [InlineData("manage.py", "", "django", "")]
    [InlineData("db/migrate/1_a.rb", "", "rails", "db/migrate")]
    [InlineData("flyway.conf", "", "flyway", "")]
    [InlineData("liquibase.properties", "", "liquibase", "")]
    [InlineData("migrations/1_a.up.sql", "", "golang-migrate", "migrations")]
    public void The_tool_that_migrates_is_told_by_its_files(string file, string text, string tool, string folder)
    {
        var migrations = Read(Guess(Files().With($"{Folder}/{file}", text))).Migrations;

        Assert.Equal((tool, folder), (migrations?.Tool, migrations?.Folder));
    }

    [Fact]
    public void The_override_file_counts_and_so_does_the_env_file()
    {
        var project = Read(Guess(Files().With($"{Folder}/docker-compose.override.yml", "services: { extra: { image: x } }").With($"{Folder}/.env", "A=1")));

        Assert.Equal(["docker-compose.yml", "docker-compose.override.yml"], project.Compose.Files);
        Assert.Equal([".env"], project.Compose.EnvFiles);
        Assert.Contains(project.Services, s => s.Name == "extra");
    }

    [Theory]
    [InlineData(null, "there is no Compose file in /srv/shop")]
    [InlineData("services: {", "docker-compose.yml is not valid YAML")]
    [InlineData("services: {}", "docker-compose.yml holds no services")]
    [InlineData("include: [a.yml]\nservices: { a: { image: b } }", "docker-compose.yml includes other files")]
    public void What_cannot_be_told_is_not_guessed(string? compose, string why)
    {
        var files = new InMemoryFiles().WithFolder(Folder);
        Assert.Contains(why, ProjectGuess.In(Folder, compose is null ? files : files.With($"{Folder}/docker-compose.yml", compose)).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_written_fits_what_is_there()
    {
        var files = Files().With($"{Folder}/nginx.conf", "x").With($"{Folder}/alembic.ini", "script_location = db");
        var project = Read(Guess(files));

        Assert.Equal(["RB4005 'db' is not there"], ProjectLint.Check(project, Folder, files).Select(d => $"{d.Code} {d.Message}"));
        Assert.Empty(ProjectLint.Check(project, Folder, files.With($"{Folder}/db/env.py", "")));
    }

    [Fact]
    public void A_service_that_no_Compose_file_has_is_found()
    {
        var source = Marked.Parse("project: v1\nservices: { app: application, [|ap|]: worker }\nconfig: [[|gone.conf|]]\n", "runbook.yml");
        var project = Assert.IsType<ProjectFile>(ProjectReader.Read(source.Source).Value);

        Assert.Equal(source.Spans[1], Assert.Single(ProjectLint.Check(project, Folder, Files())).Span);
        var found = Assert.Single(ProjectLint.Check(project, Folder, Files().With($"{Folder}/gone.conf", "")));
        Assert.Equal(("RB4004", source.Spans[0], "did you mean 'app'?"), (found.Code, found.Span, found.Hint));
    }

    private static InMemoryFiles Files() => new InMemoryFiles().With($"{Folder}/docker-compose.yml", Compose);

    private static GuessedProject Guess(InMemoryFiles files)
    {
        var (guessed, problem) = ProjectGuess.In(Folder, files);
        Assert.Equal("", problem);
        return Assert.IsType<GuessedProject>(guessed);
    }

    private static ProjectFile Read(GuessedProject guessed)
    {
        var read = ProjectReader.Read(new SourceText("runbook.yml", guessed.Text));
        Assert.Empty(read.Diagnostics);
        return Assert.IsType<ProjectFile>(read.Value);
    }
}
