using Runbooks.Builtin;
using Runbooks.Language.Fields;
using Runbooks.Language.Playbooks;

namespace Runbooks.Cli.Tests;

/// <summary>A secret goes through every kind that can take one, and comes out nowhere but where it was sent.</summary>
/// <remarks>It may be in the environment of processes, and in the file that an edit was told to write it to, with the private copies of that file which an undo needs.</remarks>
public sealed class CanaryTests
{
    private const string Secret = "Kanari 7Q!x9'q\"u$te\\ü/&<Zk>";
    private const string Key = "-----BEGIN KEY-----\n  m4Nq+Zr/8sK1vTe0\n\"two\": 'b`c'\n}\n";
    private const string Host = "kanari-7q4x.invalid";
    private const string Awaited = "the-awaited-one";

    private const string Head = """
        vars:
          secret: { type: string, secret: true, from_env: CANARY }
          key: { type: string, secret: true, from_env: CANARY_KEY }
          host: { type: string, secret: true, from_env: CANARY_HOST }

        """;

    /// <summary>What a shell script makes of the two, besides all that the tests know.</summary>
    private const string Says = """
        printf '%s\n' "$S" "$K" "$FORMS"; printf '%q %q\n' "$S" "$K"; echo "${S@Q} ${K@Q} ${S@E} ${S^^}" | grep -v KANARI
        printf '%s' "user:$S" | base64; printf '%s' "$K" | base64 -w 20; printf '%s' "x$K" | base64 -w 0; echo
        printf '%s' "$S$K" | od -An -v -tx1; printf '%s' "$S" | od -An -v -tx1 | tr -d ' \n'; echo
        for (( i = 0; i < ${#S}; i++ )); do printf '%s' "${S:i:1}"; /bin/true; done; echo
        sed 's/^/  | /' <<<"$K" >&2; echo "cannot log in with $S" >&2
        (set -x; : "$S" "$K")
        """;

    /// <summary>Every field of every kind of check that can take a secret; their questions are answered with the secret, too.</summary>
    private static readonly Dictionary<string, string> Checks = new(StringComparer.Ordinal)
    {
        ["command"] = """{ argv: [bash, -c, 'cat; cat >&2 <<<"$FORMS"; printf "%s" "$S" | base64; exit {0}'], env: { S: "{{ secret }}" }, stdin: "{{ key }}", stdout_contains: ["{{ secret }}-"] }""",
        ["container"] = """{ name: "{{ secret }}", image: "{{ secret }}" }""",
        ["file"] = """{ path: told.env, contains: ["{{ secret }}-"] }""",
        ["git"] = """{ branch: "{{ secret }}" }""",
        ["http"] = """{ url: "{URL}/{{ secret | url_encode }}", method: POST, headers: { X-Secret: "{{ secret | base64 }}" }, body: "{{ key }}", body_contains: ["{{ secret }}-"], json: { "a": "{{ secret }}-" } }""",
        ["identity"] = """{ container: shop-app-1, image: "{{ host }}/app:v1" }""",
        ["image"] = "\"{{ host }}/app:v1\"",
        ["logs"] = """{ service: app, contains: ["{{ secret }}"] }""",
        ["migration"] = """{ tool: alembic, database: shop, password: "{{ secret }}", head: "{{ secret }}-" }""",
        ["mysql"] = """{ database: shop, password: "{{ secret }}", query: SELECT 1, matches: "^x" }""",
        ["metric"] = """{ url: "{URL}/{{ secret | url_encode }}", query: "up{a=\"{{ secret }}\"} + {{ key }}", max: 1, headers: { X-Secret: "{{ secret | base64 }}" } }""",
        ["port"] = """{ number: {PORT}, or_container: "{{ secret }}" }""",
        ["postgres"] = """{ database: shop, password: "{{ secret }}", query: SELECT 1, equals: "{{ secret }}-" }""",
        ["resources"] = """{ container: "{{ secret }}", max_memory: 90% }""",
        ["smoke"] = """{ container: shop-app-1, argv: [probe], env: { S: "{{ secret }}" }, stdin: "{{ key }}", stdout_contains: ["{{ secret }}-"] }""",
        ["stable"] = """{ container: "{{ secret }}" }""",
        ["swarm"] = """{ service: "{{ secret }}", image: "{{ secret }}" }""",
        ["tcp"] = """{ host: "{{ host }}", port: 1 }""",
    };

    private static readonly Dictionary<string, string> FailingSteps = new(StringComparer.Ordinal)
    {
        ["run"] = """{ argv: [bash, -c, 'cat; cat says.sh | bash; exit 3'], stdin: "{{ key }} {{ secret }}" }""",
        ["shell"] = "bash says.sh; exit 3",
        ["http"] = """{ url: "{URL}/fail?q={{ secret | url_encode }}", method: PUT, headers: { X-Secret: "{{ secret | base64 }}" }, body: "{{ key }}{{ secret }}" }""",
        ["compose"] = "{ command: up, services: [app] }",
        ["edit"] = """{ file: told.env, set: { TOKEN: "{{ secret }}" } }""",
        ["postgres"] = """{ file: add.sql, database: shop, password: "{{ secret }}" }""",
        ["playbook"] = """{ file: inner.yml, vars: { secret: "{{ secret }}", key: "{{ key }}" } }""",
        ["wait"] = """{ until: [{ command: { argv: [bash, -c, 'cat says.sh | bash; cat; exit 1'], env: { S: "{{ secret }}", K: "{{ key }}" }, stdin: "{{ key }}" }, within: 10ms, every: 10ms }] }""",
    };

    /// <summary>What finds nothing in the other tests has to be seen to find something.</summary>
    [Theory]
    [InlineData("as it is")]
    [InlineData("base64")]
    public async Task The_watching_finds_a_secret_among_the_words_of_a_program(string form)
    {
        using var project = new Project();
        using var canary = new Canary(Awaited, Secret);
        canary.Watch(project.At("seen"));
        var shown = form == "base64" ? Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(Secret)) : Secret;

        (await project.ProgramAsync("/bin/sh", "-c", "while ! test -e seen; do sleep 0.01; done", Awaited, $"--password={shown}")).Expect(0);

        Assert.Contains(await canary.HitsAsync(), hit => hit.Key.StartsWith("a command line: ", StringComparison.Ordinal) && hit.Value.Contains("--password=", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_kind_that_can_take_a_secret_is_among_them()
    {
        static IEnumerable<string> Taking(IEnumerable<KindDeclaration> kinds) => kinds.Where(k => k.StartsProgram || k.Fields.Fields.Any(Takes)).Select(k => k.Name).Order(StringComparer.Ordinal);
        static bool Takes(Field field) => field.AllowsTemplates && field is { AllowsSecrets: true, Shape: FieldShape.Text or FieldShape.TextList or FieldShape.TextMap or FieldShape.Checks or FieldShape.Script };

        Assert.Equal(Taking(BuiltinKinds.Checks.Select(k => k.Declaration)), Checks.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(Taking(BuiltinKinds.Steps.Select(k => k.Declaration)), FailingSteps.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Where_all_goes_well_it_is_nowhere(bool json)
    {
        using var engine = FakeEngine.Start("app:v1");
        using var server = new Listener(request => (200, $"{request.Target}\n{request.Text}\n{Canary.AllForms(Secret, Key, Host)}"));
        using var project = NewProject(server, engine, $$$"""
            guards:
              - { name: "{{ secret }} is good", command: { argv: [bash, -c, 'cat'], stdin: "{{ secret }}" } }
              - http: { url: "{URL}/{{ secret | url_encode }}", method: POST, body: "{{ key }}", body_contains: ["{{ secret }}"] }
            defaults:
              env: { S: "{{ secret }}", K: "{{ key }}" }
            steps:
              - { id: seen, name: "{{ secret }}", why: "because of {{ key }}", run: [bash, -c, 'until [ -e seen ]; do sleep 0.02; done', {{{Awaited}}}] }
              - { id: input, run: { argv: [cat], stdin: "{{ secret }}\n{{ key }}" } }
              - { id: says, run: [bash, says.sh] }
              - { id: script, shell: bash says.sh, capture: true }
              - { id: again, run: [printenv, X], env: { X: "{{ secret }} {{ steps.script.stdout }} {{ secret | upper }}" } }
              - { id: both, parallel: [{ id: left, run: [bash, says.sh] }, { id: right, name: "{{ key }}", run: [bash, says.sh] }] }
              - { id: up, compose: up }
              - { id: wait, wait: { until: [{ command: { argv: [cat], stdin: "{{ secret }}" }, within: 1s }] } }
              - { id: send, http: { url: "{URL}/?q={{ secret | url_encode }}", method: POST, headers: { X-Secret: "{{ secret | base64 }}" }, body: "{{ key }}" } }
              - { id: told, edit: { file: told.env, set: { TOKEN: "{{ secret }}" } }, validate: [{ file: { path: told.env, contains: ["x"] } }] }
              - { id: beside, edit: { file: told.env, set: { TAG: v2 } } }
              - id: last
                run: [bash, says.sh]
                undo: { run: [bash, says.sh] }
            """);
        using var canary = new Canary(Awaited, Secret, Key, Host);
        canary.Watch(project.At("seen"));
        string[] form = json ? ["--json"] : [];

        await SayAsync(canary, project, 0, ["lint", "pb.yml", .. json ? (string[])["--format", "json"] : []]);
        await SayAsync(canary, project, 0, ["plan", "pb.yml", "--probe", "--format", json ? "json" : "text"]);
        await SayAsync(canary, project, 0, ["plan", "pb.yml", "--format", "markdown"]);
        await SayAsync(canary, project, 0, ["plan", "pb.yml", "-o", "saved.json"]);
        await SayAsync(canary, project, 0, ["exec", "pb.yml", "--dry-run"]);
        await SayAsync(canary, project, 0, ["exec", "--plan", "saved.json", .. form]);
        Assert.Equal(Secret, Uri.UnescapeDataString(server.Requests.Last().Target["/?q=".Length..]));
        await SayAsync(canary, project, 0, ["runs", "list"]);
        await SayAsync(canary, project, 0, ["runs", "show"]);
        await SayAsync(canary, project, 0, ["runs", "show", "--timeline"]);
        await SayAsync(canary, project, 0, ["runs", "log"]);
        await SayAsync(canary, project, 0, ["runs", "log", "latest", "says"]);
        await SayAsync(canary, project, 0, ["audit", "verify"]);
        await SayAsync(canary, project, null, ["undo", "latest", .. form]);
        await SayAsync(canary, project, 0, ["runs", "show"]);
        await SayAsync(canary, project, 0, ["runs", "log"]);

        await NothingIsFoundAsync(canary, project, leastFiles: 20);
        Assert.True(canary.Looked > 100);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Where_every_check_fails_it_is_nowhere(bool json)
    {
        using var engine = FakeEngine.Start("app:v1");
        using var server = new Listener(request => (401, $"{{\"a\":\"{request.Target}\",\"b\":\n{request.Text}\n{Canary.AllForms(Secret, Key, Host)}"));
        using var project = NewProject(server, engine, $"""
            guards:
            {string.Concat(Checks.Select(c => $"  - {c.Key}: {c.Value.Replace("{0}", "1", StringComparison.Ordinal)}\n"))}
            steps:
              - run: "true"
            """);
        (await project.ProgramAsync("git", "init", "-q", "-b", "main")).Expect(0);
        using var canary = new Canary(Awaited, Secret, Key, Host);
        canary.Watch(project.At("seen"));

        await SayAsync(canary, project, 3, ["plan", "pb.yml", "--probe"]);
        var run = await SayAsync(canary, project, 3, ["exec", "pb.yml", .. json ? (string[])["--json"] : []]);
        await SayAsync(canary, project, 0, ["runs", "show"]);
        await SayAsync(canary, project, 0, ["runs", "log"]);

        Assert.Equal(Checks.Count, project.Record().Events<Engine.Journal.CheckAnswered>().Count());
        Assert.All(project.Record().Events<Engine.Journal.CheckAnswered>(), answer => Assert.NotEqual("holds", answer.Verdict));
        Assert.Contains("***", run.Said);
        await NothingIsFoundAsync(canary, project, leastFiles: 4);
    }

    [Theory]
    [InlineData("run", false)]
    [InlineData("shell", true)]
    [InlineData("http", true)]
    [InlineData("edit", false)]
    [InlineData("postgres", false)]
    [InlineData("compose", false)]
    [InlineData("wait", true)]
    [InlineData("playbook", true)]
    public async Task Where_a_step_fails_and_is_undone_it_is_nowhere(string kind, bool json)
    {
        using var engine = FakeEngine.Start("app:v1");
        using var server = new Listener(request => (500, $"{request.Target}\n{request.Text}\n{Canary.AllForms(Secret, Key, Host)}"));
        var isProgram = kind is "run" or "shell" or "compose";
        using var project = NewProject(server, engine, $$$"""
            on_failure: undo
            steps:
              - { id: told, edit: { file: told.env, set: { TOKEN: "{{ secret }}" } } }
              - { id: before, run: [bash, says.sh], env: { S: "{{ secret }}", K: "{{ key }}" }, undo: { run: [bash, says.sh], env: { S: "{{ secret }}", K: "{{ key }}" } } }
              - {{{(kind == "edit" ? "{ id: lock, shell: 'chmod a-w . && rm -f told.env && mkdir told.env; echo \"$S\"', env: { S: \"{{ secret }}\" } }" : "{ id: fine, run: 'true' }")}}}
              - id: fails
                {{{kind}}}: {{{FailingSteps[kind]}}}
                {{{(isProgram ? "env: { S: \"{{ secret }}\", K: \"{{ key }}\" }" : "name: fails")}}}
                {{{(kind is "edit" or "playbook" ? "" : "retry: { attempts: 2, delay: 1ms }")}}}
            """);
        project.Set("DOCKER_EXIT", "3");
        using var canary = new Canary(Awaited, Secret, Key, Host);
        canary.Watch(project.At("seen"));

        var run = await SayAsync(canary, project, null, ["exec", "pb.yml", .. json ? (string[])["--json"] : []]);
        await SayAsync(canary, project, 0, ["runs", "show"]);
        await SayAsync(canary, project, 0, ["runs", "log"]);
        await SayAsync(canary, project, 0, ["runs", "log", "latest", "before"]);

        Assert.NotEqual(0, run.Exit);
        Assert.NotNull(project.Record().EndOf(kind == "playbook" ? "fails/says" : "fails").Failure);
        await NothingIsFoundAsync(canary, project, leastFiles: 6);
    }

    private static async Task<Finished> SayAsync(Canary canary, Project project, int? exit, string[] args)
    {
        var ended = await project.RunAsync(args);
        canary.Search($"runbook {string.Join(' ', args)}", ended.Said);
        return exit is { } expected ? ended.Expect(expected) : ended;
    }

    private static async Task NothingIsFoundAsync(Canary canary, Project project, int leastFiles)
    {
        var searched = canary.SearchFiles(project.Folder, path => path == project.At("told.env") || IsPrivateCopy(path));
        Assert.True(searched >= leastFiles, $"only {searched} files were searched");
        Assert.Equal([], (await canary.HitsAsync()).Select(h => $"{h.Key}: {h.Value}"));
    }

    /// <summary>What a file held, byte for byte: without it nothing could be put back.</summary>
    private static bool IsPrivateCopy(string path)
    {
        var isCopy = path.Contains("/files/", StringComparison.Ordinal) && path.EndsWith("-told.env", StringComparison.Ordinal);
        var run = Path.GetDirectoryName(Path.GetDirectoryName(path)) ?? path;
        Assert.True(!isCopy || OperatingSystem.IsWindows() || (File.GetUnixFileMode(run) & (UnixFileMode)0b111_111) == UnixFileMode.None, $"others can read {path}");
        return isCopy;
    }

    private static Project NewProject(Listener server, Listener engine, string rest)
    {
        var project = new Project().Set("CANARY", Secret).Set("CANARY_KEY", Key).Set("CANARY_HOST", Host).Set("FORMS", Canary.AllForms(Secret, Key, Host));
        project.Set("DOCKER_HOST", FakeEngine.AddressOf(engine)).Set("PATH", $"{project.At("bin")}:{Environment.GetEnvironmentVariable("PATH")}");
        project.Write("bin/docker", $"#!/bin/bash\nbash '{project.At("says.sh")}'\nexit $DOCKER_EXIT\n", executable: true);
        project.Write("bin/mysql", $"#!/bin/bash\nS=$MYSQL_PWD K=$MYSQL_PWD bash '{project.At("says.sh")}' >&2\nexit 1\n", executable: true);
        project.Write("inner.yml", "runbook: v1\nname: inner\nvars:\n  secret: { secret: true }\n  key: { secret: true }\nsteps:\n  - { id: says, name: \"{{ secret }}\", shell: 'bash says.sh; exit 3', env: { S: \"{{ secret }}\", K: \"{{ key }}\" } }\n");
        project.Write("add.sql", "CREATE TABLE t ();\n");
        project.Write("bin/pg_dump", $"#!/bin/bash\nS=$PGPASSWORD K=$PGPASSWORD bash '{project.At("says.sh")}'\n", executable: true);
        project.Write("bin/psql", $"#!/bin/bash\nS=$PGPASSWORD K=$PGPASSWORD bash '{project.At("says.sh")}'\nprintf '\\0'\n[[ $* != *--file* ]]\n", executable: true);
        project.Write("compose.yaml", "name: shop\nservices:\n  app:\n    image: app:v2\n");
        project.Write("says.sh", Says);
        project.Write("told.env", "TOKEN=old\nTAG=v1\n");
        return project.Playbook(Head + rest.Replace("{URL}", server.Url, StringComparison.Ordinal).Replace("{PORT}", $"{server.Port}", StringComparison.Ordinal));
    }
}
