using Runbooks.Builtin;

namespace Runbooks.Cli.Tests;

/// <summary>A project with a playbook in which every kind of step and check occurs, and where each of them succeeds.</summary>
internal sealed class EveryKind : IDisposable
{
    /// <summary>What Prometheus answers.</summary>
    private const string Number = """{"status":"success","data":{"resultType":"scalar","result":[1767330000.5,"1"]}}""";

    private EveryKind()
    {
        Engine = FakeEngine.Start("app:v1");
        Server = new Listener(request => (200, request.Target.StartsWith("/api/v1/query?", StringComparison.Ordinal) ? Number : "ok"));
        Observer = new Observer(Project);
        Observer.StandIn(Project, "docker");
        Observer.StandIn(Project, "mysql", says: @"7\n");
        Observer.StandIn(Project, "pg_dump", says: @"CREATE TABLE t ();\n");
        Observer.StandIn(Project, "psql", says: @"7\037\0");
        Project.Set("DOCKER_HOST", FakeEngine.AddressOf(Engine));
        Directory.CreateDirectory(Project.At("sub"));
        Project.Write("compose.yaml", "name: shop\nservices:\n  app:\n    image: app:v2 # the bad one\n");
        Project.Write("sub/compose.yaml", "services:\n  web: { image: 'web:${WEB:-v0}' }\n");
        Project.Write("add.sql", "CREATE INDEX i ON t (\"a;b\");\n");
        Project.Write("settings.json", "{\r\n  \"app\": { \"name\": \"old\", \"size\": 3 }\r\n}");
        Project.Write("sub/.env", "# where it runs\nexport TAG='v0' # old\nOTHER=x");
        Project.Write("inner.yml", $$$"""
            runbook: v1
            name: inner
            vars:
              version: { required: true }
            steps:
              - id: line
                run: [bash, {{{Observer.Script}}}, "inner {{ version }}"]
                env: { OWN: "{{ version }}" }
            """);
        Project.Playbook($$$"""
            vars:
              version: { type: string, required: true }
              tag: { type: string, default: v1.2.3 }
              tags: { type: list, default: [a b, "c'd"] }
            defaults:
              env: { COMMON: "for {{ version }}" }
            guards:
              - command: { argv: [bash, {{{Observer.Script}}}, "guard {{ version }}"], stdin: "in {{ version }}" }
              - compose: {}
              - container: { service: app, state: running }
              - disk: 1MB
              - file: compose.yaml
              - git: { branch: main }
              - http: "{{{Server.Url}}}/health"
              - identity: { service: app, image: app:v1 }
              - image: app:v1
              - logs: { service: app }
              - migration: { tool: django, app: "{{ tag }}", database: shop, head: 7 }
              - mysql: { database: shop, query: "SELECT @version", values: { version: "{{ version }}" }, equals: 7 }
              - metric: { url: "{{{Server.Url}}}", query: "up{job='shop'}", equals: 1, before: 1h, max_factor: 1 }
              - port: { number: {{{Server.Port}}}, state: listening }
              - postgres: { database: shop, user: app, query: "SELECT :'version'", values: { version: "{{ version }}" }, rows: 1 }
              - resources: { service: app, max_cpu: 80%, max_memory: 512MB, sample: 100ms }
              - smoke: { service: app, argv: [probe, "{{ version }}", "a b"], stdin: "in {{ version }}", env: { OWN: "{{ version }}!" } }
              - stable: { service: app, samples: 2, every: 100ms }
              - swarm: { service: web, image: "app:{{ tag }}", previous_image: app:v0, min_nodes: 1 }
              - tcp: 127.0.0.1:{{{Server.Port}}}
            steps:
              - id: list
                run: [bash, {{{Observer.Script}}}, "{{ version }}", "pre {{ version }}", '$HOME', "*", ""]
              - id: line
                run: bash {{{Observer.Script}}} {{ version }} 'it is' "$HOME" a\ b
                cwd: sub
                env: { OWN: "{{ version }}!", COMMON: mine }
              - id: input
                run:
                  argv: [bash, {{{Observer.Script}}}]
                  stdin: "first {{ version }}\nsecond"
              - id: inside
                run: { argv: [migrate, "{{ version }}", "a b"], stdin: "{{ version }}", in: { service: app, one_off: true, workdir: /tmp } }
                env: { OWN: "{{ version }}!" }
              - id: script
                shell: |
                  . '{{{Observer.Script}}}'
                env: { VALUE: "{{ version }} $(touch x)" }
              - id: find
                run: [echo, "found {{ version }}"]
                capture: true
              - id: use
                run: [bash, {{{Observer.Script}}}, "<{{ steps.find.stdout }}>"]
                env: { FOUND: "{{ steps.find.stdout }}" }
              - id: each
                for_each: "{{ tags }}"
                run: [bash, {{{Observer.Script}}}, "{{ item }}"]
              - id: never
                when: version == "other"
                run: [touch, never]
              - id: save
                backup: { files: [compose.yaml, sub], to: "save {{ version }}.tar" }
                capture: true
              - id: back
                restore: { from: "save {{ version }}.tar", files: true, into: "out {{ version }}" }
              - id: pin
                edit: { file: compose.yaml, set: { services.app.image: "app:{{ tag }}" } }
              - id: committed
                restore: { git: { path: compose.yaml, revision: "{{ 'main' }}", to: "was {{ version }}.yaml" } }
              - id: image
                pin: { service: web, image: "web:{{ tag }}", directory: sub, files: [sub/compose.yaml], project: other }
              - id: settings
                edit: { file: settings.json, set: { app.name: "{{ version }}", app.size: "12" } }
              - id: variables
                edit: { file: sub/.env, set: { TAG: "{{ version }}", OTHER: plain } }
              - id: up
                compose: { command: up, services: [app] }
              - id: index
                postgres: { file: add.sql, database: "{{ tag }}", user: app }
              - id: ask
                http: { url: "{{{Server.Url}}}/deploy?v={{ version | url_encode }}", method: POST, headers: { X-Version: "{{ version }}" }, body: "{{ version }}\n" }
              - id: part
                playbook: { file: inner.yml, vars: { version: "{{ version }}" } }
              - parallel:
                  - { id: left, run: [bash, {{{Observer.Script}}}, "left {{ version }}"] }
                  - { id: right, run: [bash, {{{Observer.Script}}}, "right {{ version }}"] }
              - id: gate
                approve: Ask with {{ version }}?
              - id: pause
                wait: 1ms
            """);
    }

    /// <summary>The project is a git repository too.</summary>
    internal static async Task<EveryKind> CreateAsync()
    {
        var every = new EveryKind();
        foreach (var words in (string[][])[["init", "-q", "-b", "main"], ["add", "compose.yaml"], ["-c", "user.name=o", "-c", "user.email=o@example.org", "commit", "-q", "-m", "first"]])
        {
            (await every.Project.ProgramAsync("git", words)).Expect(0);
        }

        every.Observer.StandIn(every.Project, "git", Project.Find("git"));
        return every;
    }

    internal Project Project { get; } = new();

    internal Observer Observer { get; }

    internal Listener Engine { get; }

    internal Listener Server { get; }

    /// <summary>The variables that the playbook requires.</summary>
    internal static string[] Vars => ["--var", "version=v1.2.3 'x'"];

    /// <summary>What it takes to run it: those, and an approval.</summary>
    internal static string[] Approved => [.. Vars, "--approve", "gate=alice"];

    internal static IEnumerable<string> StepKinds => BuiltinKinds.Steps.Select(k => k.Declaration.Name);

    internal static IEnumerable<string> CheckKinds => BuiltinKinds.Checks.Select(k => k.Declaration.Name);

    public void Dispose()
    {
        Project.Dispose();
        Observer.Dispose();
        Engine.Dispose();
        Server.Dispose();
    }
}
