namespace Runbooks.Cli.Tests;

/// <summary>An application that is well only when it reaches its store by name and finds its orders in its volume.</summary>
public sealed class BrokenInfrastructureShop : BrokenShop
{
    internal override async Task<ReleaseShop> OpenAsync()
    {
        var release = await ReleaseShop.OpenAsync(
            place =>
            [
                (".gitignore", ".runbook\n"),
                ("answer", """
                    #!/bin/sh
                    read -r line
                    status="500 Internal Server Error"
                    if ! nc -w 1 store 8080 </dev/null >/dev/null; then echo "ERROR store:8080 is not reached" >&2
                    elif [ ! -s /data/orders ]; then echo "ERROR there are no orders" >&2
                    else status="200 OK"; fi
                    printf 'HTTP/1.1 %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n' "$status"
                    """),
                ("docker-compose.yml", $$"""
                    name: {{place.Name}}
                    services:
                      app:
                        image: runbooks-test/app:good
                        depends_on: [store]
                        ports: ["127.0.0.1:{{place.Port}}:8080"]
                        networks: [front, back]
                        volumes: ["./answer:/app/answer:ro", "data:/data"]
                        stop_grace_period: 1s
                      store:
                        image: runbooks-test/app:good
                        expose: ["8080"]
                        networks: [back]
                        stop_grace_period: 1s
                    networks:
                      front: {}
                      back: {}
                    volumes:
                      data: {}

                    """),
                ("runbook.yml", $$"""
                    project: v1
                    services:
                      app: { kind: application, health: "http://127.0.0.1:{{place.Port}}/health" }
                      store: worker
                    verify: { within: 10s, for: 500ms }
                    """),
            ],
            "app",
            "store");
        (await release.Project.ProgramAsync("chmod", "755", "answer")).Expect(0);
        await release.GitAsync("-c", "user.name=o", "-c", "user.email=o@example.org", "commit", "-q", "--all", "--amend", "-m", "first");
        (await release.Shop.ComposeAsync("exec", "-T", "app", "sh", "-c", "echo sold >/data/orders")).Expect(0);
        return release;
    }
}
