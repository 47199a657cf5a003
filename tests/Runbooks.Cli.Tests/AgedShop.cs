using System.Globalization;
using System.Net;

namespace Runbooks.Cli.Tests;

/// <summary>An application on an engine of its own, which can be made to believe that its containers are older than they are. One of its images fills up with time.</summary>
internal sealed class AgedShop(OwnEngine engine) : BrokenShop
{
    internal override async Task<ReleaseShop> OpenAsync() => await ReleaseShop.OfAsync(
        await Shop.OpenAsync(
            place =>
            [
                (".gitignore", ".runbook\n"),
                ("answer", """
                    #!/bin/sh
                    read -r line
                    status="200 OK"
                    if [ "$FILLS" = yes ] && [ -e /tmp/full ]; then status="500 Internal Server Error"; echo "ERROR no room in the cache" >&2; fi
                    printf 'HTTP/1.1 %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n' "$status"
                    """),
                ("docker-compose.yml", $$"""
                    name: {{place.Name}}
                    services:
                      app:
                        image: runbooks-test/app:good
                        command: [sh, -c, 'cp /answer /app/answer && chmod 755 /app/answer && exec /bin/sh /app/serve']
                        ports: ["127.0.0.1:{{place.Port}}:8080"]
                        volumes: ["./answer:/answer:ro"]
                        restart: always
                        stop_grace_period: 1s
                    """),
                ("runbook.yml", $$"""
                    project: v1
                    services:
                      app: { kind: application, health: "http://127.0.0.1:{{place.Port}}/health" }
                    verify: { within: 10s, for: 200ms }
                    """),
            ],
            [Project.Find("docker"), "compose"],
            project =>
            {
                project.Set("DOCKER_HOST", engine.Address);
                project.Within = engine.Within;
            }),
        "app");

    internal override async Task<HttpStatusCode> HealthAsync()
    {
        var answer = await Shop.ComposeAsync("exec", "-T", "app", "sh", "-c", "printf 'GET /health HTTP/1.1\\r\\n\\r\\n' | nc -w 5 127.0.0.1 8080");
        return answer.Exit == 0 && answer.Out.Split(' ') is [_, var status, ..] ? (HttpStatusCode)int.Parse(status, CultureInfo.InvariantCulture) : throw new HttpRequestException(answer.Said);
    }

    /// <summary>The containers that are there were made this much earlier.</summary>
    internal async Task AgeAsync(TimeSpan by)
    {
        await engine.AgeAsync(by);
        Project.Within = engine.Within;
    }
}
