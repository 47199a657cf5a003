namespace Runbooks.Language.Tests;

/// <summary>Playbooks without a mistake that together use everything the language has.</summary>
internal static class GoodPlaybooks
{
    public const string Rollback = """
        # yaml-language-server: $schema=../schemas/playbook.v1.schema.json
        runbook: v1
        name: app-rollback
        version: 1.2.0
        description: Redeploy the previous image of one Compose service.
        strategy: application
        risk: low
        downtime: 30s

        vars:
          service: { type: string, default: app, description: Compose service to roll back }
          version: { type: string, required: true, pattern: '^v\d+\.\d+\.\d+$' }
          compose: { type: path, default: docker-compose.yml }
          db_password: { type: string, secret: true, from_env: DB_PASSWORD }
          parts:
            type: list
            default: [web, "worker two"]

        lock: "{{ compose }}#{{ service }}"

        guards:
          - name: the file is there
            file: "{{ compose }}"
          - file: { path: "{{ compose }}", contains: 'image:' }

        defaults:
          timeout: 60s
          env: { LANG: C }

        steps:
          - id: stop
            name: Stop the failing version
            run: docker compose -f {{ compose }} stop {{ service }}
            timeout: 60s
            retry: { attempts: 3, delay: 2s, backoff: exponential }
            undo:
              run: docker compose -f {{ compose }} start {{ service }}
            validate:
              - container: { service: "{{ service }}", state: exited }

          - id: pin
            why: so that the next start takes it
            edit:
              file: "{{ compose }}"
              set: { "services.{{ service }}.image": "myapp:{{ version | strip_prefix 'v' }}" }

          - id: find
            run: [docker, inspect, "{{ item }}"]
            for_each: "{{ parts }}"

          - id: look
            run: { argv: [cat, "{{ compose }}"], stdin: "{{ db_password }}" }
            capture: true
            effect: read

          - when: steps.look.exit_code == 0 && version != "v1.0.0"
            shell: |
              # ünïcödé 🎉
              psql -c "select 1" <<EOF
              $PGPASSWORD
              EOF
            env:
              PGPASSWORD: "{{ db_password }}"

        validations:
          - http: { url: "http://localhost:8080/health", status: 200 }
            within: 60s
            for: 10s

        on_failure: stop

        """;

    public const string Small = """
        runbook: v1
        name: small
        steps:
          - run: "true"

        """;

    public const string Styles = """
        {
          "runbook": "v1",
          "name": 'single ''quoted''',
          "description": "double \"quoted\" \u00e9 \n and a line",
          "vars": {"count": {"type": "integer", "default": 3, "min": 1, "max": 10}, "wait": {"type": "duration", "default": "1m30s"}},
          "steps": [
            {"wait": "{{ wait }}", "name": "wait {{ count + 1 }} times"},
            {"wait": {"until": [{"file": "/tmp/x"}, {"command": "test -f 'a b'", "every": "100ms"}]}},
            {"http": {"url": "http://localhost/", "port": 8080, "weight": 1.5,
              "headers": [{"name": "X-Count", "value": "{{ count }}"}], "body": "{{ if count > 2 }}many{{ else }}few{{ end }}",
              "match": "^ok$", "tags": ["a", "b"]}},
            {"shell": {"script": "echo '{{.Names}}'", "with": "sh"}, "retry": 5}
          ]
        }

        """;

    public const string Folded = """
        runbook: v1
        name: folded
        description: >-
          A text that is folded
          over two lines: with a colon
        steps:
          # a comment
          - name: "two
              lines"
            run: >-
              echo {{ "}}" }}
              'a  b' "c\"d" e\ f
            cwd: /tmp/{{ run.id }}

          - shell: |2
                indented
              less

        """;

    public static IReadOnlyList<string> All { get; } = [Rollback, Small, Styles, Folded];
}
