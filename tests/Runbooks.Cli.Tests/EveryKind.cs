using Runbooks.Builtin;

namespace Runbooks.Cli.Tests;

/// <summary>A project with a playbook in which every kind of step and check occurs, and where each of them succeeds.</summary>
internal sealed class EveryKind : IDisposable
{
    internal EveryKind()
    {
        Engine = Listener.Engine("app:v1");
        Server = new Listener();
        Observer = new Observer(Project);
        Observer.StandIn(Project, "docker");
        Project.Set("DOCKER_HOST", Engine.EngineAddress);
        Directory.CreateDirectory(Project.At("sub"));
        Project.Write("compose.yaml", "name: shop\nservices:\n  app:\n    image: app:v2 # the bad one\n");
        Project.Playbook($$$"""
            vars:
              version: { type: string, required: true }
              tags: { type: list, default: [a b, "c'd"] }
            defaults:
              env: { COMMON: "for {{ version }}" }
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
              - id: up
                compose: { command: up, services: [app] }
              - id: ask
                http: { url: "{{{Server.Url}}}/deploy?v={{ version | url_encode }}", method: POST, headers: { X-Version: "{{ version }}" }, body: "{{ version }}\n" }
              - id: pause
                wait: 1ms
            """);
    }

    internal Project Project { get; } = new();

    internal Observer Observer { get; }

    internal Listener Engine { get; }

    internal Listener Server { get; }

    /// <summary>The variables that the playbook requires.</summary>
    internal static string[] Vars => ["--var", "version=v1.2.3 'x'"];

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
