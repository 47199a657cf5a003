using System.Text.Json;

namespace Runbooks.Cli.Tests;

/// <summary>What changed between two revisions of a project: real git histories, resolved by the real Compose.</summary>
public sealed class ChangesTests
{
    private const string Compose = """
        services:
          app:
            image: "app:${TAG}"
            environment:
              LOG_LEVEL: "info"
              FEATURE_CART: "0"
            ports: ["8080:80"]
            volumes: ["./app.conf:/etc/app.conf:ro", "data:/d"]
            networks: [back]
            depends_on: [db]
            deploy: { resources: { limits: { memory: 512m, cpus: "0.5" } } }
          built:
            build: { context: ./b, args: { V: "1" } }
            networks: [back]
          db:
            image: postgres:15.2
            env_file: [db.env]
            networks: [back]
        volumes: { data: {} }
        networks: { back: }

        """;

    public static TheoryData<string, string, string, string, string> Classes => new()
    {
        { ".env", "TAG=1.0", "TAG=1.1", "application", "image     app: app:1.0 → app:1.1" },
        { "compose.yaml", "V: \"1\"", "V: \"2\"", "application", "build     built: build argument V changed" },
        { "b/Dockerfile", "scratch", "busybox:1", "application", "build     built: 1 of the files that it is built from changed: b/Dockerfile" },
        { "compose.yaml", "info", "debug", "configuration", "env       app: LOG_LEVEL changed" },
        { "db.env", "MODE=a", "MODE=b", "configuration", "env       db: MODE changed" },
        { "app.conf", "red", "blue", "configuration", "config    app: app.conf changed" },
        { "compose.yaml", "LOG_LEVEL: \"info\"", "LOG_LEVEL: '\"info\"'", "configuration", "env       app: LOG_LEVEL changed" },
        { "compose.yaml", "CART: \"0\"", "CART: \"1\"", "feature-flag", "env       app: FEATURE_CART changed" },
        { "compose.yaml", "8080:80", "8081:80", "infrastructure", "port      app: 8081:80/tcp added" },
        { "compose.yaml", "512m", "1g", "infrastructure", "limit     app: deploy.resources.limits.memory changed: 536870912 → 1073741824" },
        { "compose.yaml", "data:/d", "data:/e", "infrastructure", "volume    app: mount at /e added" },
        { "compose.yaml", "back: }", "back: { internal: true } }", "infrastructure", "network   back: internal added" },
        { "compose.yaml", "15.2", "16.1", "database", "image     db: postgres:15.2 → postgres:16.1" },
        { "db/migrations/2_b.up.sql", "", "ALTER TABLE a DROP COLUMN x;", "database", "migration 2: irreversible: db/migrations/2_b.up.sql:1" },
    };

    [Theory]
    [MemberData(nameof(Classes))]
    public async Task A_change_is_of_its_class_and_of_no_other(string file, string was, string now, string kind, string line)
    {
        using var project = await ShopAsync();
        project.Write(file, was.Length == 0 ? now : Read(project, file).Replace(was, now, StringComparison.Ordinal));
        await CommitAsync(project);

        var changes = (await project.RunAsync("changes", "HEAD~1..HEAD")).Expect(0);

        Assert.Contains($": {kind}\n\n{kind}\n", changes.Out, StringComparison.Ordinal);
        Assert.Contains($"  {line}", changes.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_comments_order_quotes_anchors_and_forms_are_no_change()
    {
        using var project = await ShopAsync();
        project.Write(".env", "# the release\nTAG='1.0'\n");
        project.Write("compose.yaml", """
            # Another form of the same.
            x-env: &env { FEATURE_CART: '0' }
            networks: { back: {} }
            volumes:
              data:
            services:
              db:
                networks: { back: {} }
                environment: ["MODE=a"]
                image: 'postgres:15.2'
              built:
                networks: [back]
                build: { args: ["V=1"], context: b/ }
              app:
                deploy: { resources: { limits: { cpus: 0.5, memory: 524288k } } }
                depends_on: { db: { condition: service_started } }
                networks: { back: }
                volumes: [{ type: volume, source: data, target: /d }, { type: bind, source: ./app.conf, target: /etc/app.conf, read_only: true }]
                ports: [{ target: 80, published: "8080" }]
                environment: { <<: *env, LOG_LEVEL: info }
                image: ${REPOSITORY:-app}:$TAG

            """);
        await CommitAsync(project);

        var changes = (await project.RunAsync("changes", "HEAD~1..")).Expect(0);

        Assert.Contains(": no change\n", changes.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task From_a_map_to_a_list_the_quotes_get_into_the_value()
    {
        using var project = await ShopAsync();
        project.Write("compose.yaml", Compose.Replace("LOG_LEVEL: \"info\"", "LOG_LEVEL: info", StringComparison.Ordinal));
        await CommitAsync(project);
        project.Write("compose.yaml", Compose.Replace("      LOG_LEVEL: \"info\"\n      FEATURE_CART: \"0\"\n", "      - LOG_LEVEL=\"info\"\n      - FEATURE_CART=0\n", StringComparison.Ordinal));
        await CommitAsync(project);

        Assert.Contains(": no change\n", (await project.RunAsync("changes", "HEAD~2..HEAD~1")).Expect(0).Out, StringComparison.Ordinal);
        Assert.Contains("configuration\n  env       app: LOG_LEVEL changed\n\nfiles", (await project.RunAsync("changes", "HEAD~1..HEAD")).Expect(0).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_in_no_file_of_the_revision_is_unknown_whatever_the_environment_of_the_asker_says()
    {
        using var project = await ShopAsync();
        project.Write("compose.yaml", Compose.Replace("env_file: [db.env]", "env_file: [db.env, secret.env]", StringComparison.Ordinal).Replace("LOG_LEVEL: \"info\"", "LOG_LEVEL: \"${LEVEL:?}\"", StringComparison.Ordinal).Replace("8080", "${PORT}", StringComparison.Ordinal));
        project.Write(".env", "");
        project.Write(".gitignore", "secret.env\n");
        project.Write("secret.env", "PASSWORD=hunter22\n");
        await CommitAsync(project);
        project.Set("TAG", "1.0").Set("LEVEL", "info").Set("PORT", "8080");

        var changes = (await project.RunAsync("changes", "HEAD~1..HEAD")).Expect(6);

        Assert.Contains("whether anything changed is unknown", changes.Out, StringComparison.Ordinal);
        Assert.Contains("environment of db: secret.env is not in the revision", changes.Out, StringComparison.Ordinal);
        foreach (var part in (string[])["image", "ports", "variable LOG_LEVEL"])
        {
            Assert.Contains($"{part} of app: ", changes.Out, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("no change", changes.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_json_is_a_facts_file_shows_no_value_and_leads_to_the_advice()
    {
        using var project = await ShopAsync();
        project.Write(".env", "TAG=1.1\n");
        project.Write("db.env", "MODE=darkorchid\nPASSWORD=hunter22\n");
        await CommitAsync(project);

        var json = (await project.RunAsync("changes", "HEAD~1..HEAD", "--format", "json")).Expect(0).Out;
        using var facts = JsonDocument.Parse(json);
        project.Write("facts.json", json);
        var advice = await project.RunAsync("advise", "--facts", "facts.json", "--format", "json");

        Assert.Equal(["application", "configuration"], facts.RootElement.GetProperty("changes").EnumerateArray().Select(c => c.GetString()));
        Assert.Equal(("1.0", "1.1", "app"), (Var("version"), Var("failed_version"), Var("service")));
        Assert.DoesNotContain("darkorchid", json, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter22", json, StringComparison.Ordinal);
        Assert.Equal("", advice.Error);
        using var advised = JsonDocument.Parse(advice.Out);
        Assert.Equal("previous_release_available", advised.RootElement.GetProperty("probe").GetProperty("fact").GetString());

        string? Var(string name) => facts.RootElement.GetProperty("vars").GetProperty(name).GetString();
    }

    [Fact]
    public async Task The_project_file_says_what_is_a_flag_what_is_configuration_and_where_the_migrations_are()
    {
        using var project = await ShopAsync();
        project.Write("runbook.yml", "project: v1\nservices: { app: application, built: worker, db: application }\nflags: [LOG_LEVEL]\nconfig: [b/tuning.ini]\nmigrations: { tool: golang-migrate, folder: sql }\n");
        project.Write("b/tuning.ini", "a=1\n");
        await CommitAsync(project);
        project.Write("b/tuning.ini", "a=2\n");
        project.Write("compose.yaml", Compose.Replace("info", "debug", StringComparison.Ordinal));
        project.Write("sql/7_x.up.sql", "DROP TABLE a;\n");
        project.Write("sql/7_x.down.sql", "CREATE TABLE a (x int);\n");
        await CommitAsync(project);

        var changes = (await project.RunAsync("changes", "HEAD~1..HEAD")).Expect(0).Out;

        Assert.Contains("configuration\n  config    b/tuning.ini: changed\n", changes, StringComparison.Ordinal);
        Assert.Contains("feature-flag\n  env       app: LOG_LEVEL changed\n", changes, StringComparison.Ordinal);
        Assert.Contains("database\n  migration 7: destructive: sql/7_x.up.sql:1: DROP TABLE a", changes, StringComparison.Ordinal);
        Assert.DoesNotContain("application", changes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_Compose_what_it_would_say_is_unknown_and_the_rest_is_said()
    {
        using var project = await ShopAsync();
        project.Write("db/migrations/2_b.up.sql", "CREATE TABLE b (x int);\n");
        project.Write("db/migrations/2_b.down.sql", "DROP TABLE b;\n");
        await CommitAsync(project);
        project.Write("bin/docker", "#!/bin/sh\necho \"docker: 'compose' is not a docker command.\" >&2\nexit 1\n", executable: true);
        project.Set("PATH", $"{project.At("bin")}:{Environment.GetEnvironmentVariable("PATH")}");

        var changes = (await project.RunAsync("changes", "HEAD~1..HEAD")).Expect(6).Out;

        Assert.Contains("this machine has no Compose", changes, StringComparison.Ordinal);
        Assert.Contains("database\n  migration 2: additive", changes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_included_from_an_address_is_not_fetched_and_leaves_everything_open()
    {
        using var project = await ShopAsync();
        using var remote = new Listener();
        project.Write("compose.yaml", $"include: [ '{remote.Url}/other.git' ]\n{Compose}");
        await CommitAsync(project);

        var changes = (await project.RunAsync("changes", "HEAD~1..HEAD")).Expect(6).Out;
        Assert.Contains("remote resource is disabled", changes, StringComparison.Ordinal);
        Assert.Empty(remote.Requests);

        // What this Compose does by itself, another may not.
        project.Write("bin/docker", "#!/bin/sh\necho \"git $COMPOSE_EXPERIMENTAL_GIT_REMOTE oci $COMPOSE_EXPERIMENTAL_OCI_REMOTE\" >&2\nexit 1\n", executable: true);
        project.Set("PATH", $"{project.At("bin")}:{Environment.GetEnvironmentVariable("PATH")}");
        Assert.Contains("git false oci false", (await project.RunAsync("changes", "HEAD~1..HEAD")).Expect(6).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compose_1_resolves_them_too()
    {
        using var project = await ShopAsync();
        ComposeOne.Confine(project);
        project.Set("COMPOSE_FILE", null);
        project.Write("compose.yaml", $"version: \"3.8\"\n{Compose}");
        await CommitAsync(project);
        project.Write("compose.yaml", $"version: '3.8'\n{Compose.Replace("ports: [\"8080:80\"]", "ports: [{ target: 80, published: 8080 }]", StringComparison.Ordinal)}");
        await CommitAsync(project);
        project.Write(".env", "TAG=1.1\n");
        await CommitAsync(project);

        Assert.Contains(": no change\n", (await project.RunAsync("changes", "HEAD~2..HEAD~1")).Expect(0).Out, StringComparison.Ordinal);
        Assert.Contains(": application\n\napplication\n  image     app: app:1.0 → app:1.1\n", (await project.RunAsync("changes", "HEAD~1..HEAD")).Expect(0).Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HEAD")]
    [InlineData("HEAD~1...HEAD")]
    [InlineData("..HEAD")]
    [InlineData("nowhere..HEAD")]
    [InlineData("HEAD..--help")]
    public async Task A_wrong_range_is_a_wrong_command_line(string range)
    {
        using var project = await ShopAsync();

        Assert.StartsWith("error: ", (await project.RunAsync("changes", "--", range)).Expect(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_of_the_project_and_nothing_among_temporary_files_is_left_changed()
    {
        using var project = await ShopAsync();
        project.Write(".env", "TAG=1.1\n");
        await CommitAsync(project);
        Directory.CreateDirectory(project.At("tmp"));
        project.Set("TMPDIR", project.At("tmp"));
        var before = project.Snapshot();

        (await project.RunAsync("changes", "HEAD~1..HEAD")).Expect(0);

        Assert.Equal(before, project.Snapshot());
    }

    private static async Task<Project> ShopAsync()
    {
        var project = new Project();
        await GitAsync(project, "init", "-q", "-b", "main", ".");
        project.Write("compose.yaml", Compose);
        project.Write(".env", "TAG=1.0\n");
        project.Write("db.env", "MODE=a\n");
        project.Write("app.conf", "colour = red\n");
        project.Write("b/Dockerfile", "FROM scratch\n");
        project.Write("db/migrations/1_a.up.sql", "CREATE TABLE a (x int);\n");
        project.Write("db/migrations/1_a.down.sql", "DROP TABLE a;\n");
        await CommitAsync(project);
        return project;
    }

    private static string Read(Project project, string file) => File.ReadAllText(project.At(file));

    private static async Task CommitAsync(Project project)
    {
        await GitAsync(project, "add", "-A");
        await GitAsync(project, "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-q", "-m", "something");
    }

    private static async Task GitAsync(Project project, params string[] words) => (await project.ProgramAsync("git", words)).Expect(0);
}
