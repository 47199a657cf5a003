namespace Runbooks.Cli.Tests;

/// <summary>An application that is always started again, and a worker: each with its own image, named in a file of variables that is in git.</summary>
public sealed class BrokenApplicationShop : BrokenShop
{
    internal override Task<ReleaseShop> OpenAsync() => ReleaseShop.OpenAsync(
        place =>
        [
            (".env", Env()),
            (".gitignore", ".runbook\noutside\n"),
            (Outside, "there\n"),
            ("docker-compose.yml", $$"""
                name: {{place.Name}}
                services:
                  app:
                    image: ${APP}
                    ports: ["127.0.0.1:{{place.Port}}:8080"]
                    restart: always
                    stop_grace_period: 1s
                    volumes: ["./outside:/outside:ro"]
                  worker:
                    image: ${WORKER}
                    command: [sh, -c, 'trap "exit 0" TERM; while :; do sleep 1 & wait; done']
                    stop_grace_period: 1s
                """),
            ("runbook.yml", $$"""
                project: v1
                services:
                  app: { kind: application, health: "http://127.0.0.1:{{place.Port}}/health" }
                  worker: worker
                verify: { within: 5s, for: 500ms }
                """),
        ],
        "app",
        "worker");

    /// <summary>Something that is no part of any release, and that a release may need.</summary>
    internal const string Outside = "outside/payments";

    internal static string Env(string app = "runbooks-test/app:good", string worker = "runbooks-test/app:good") => $"APP={app}\nWORKER={worker}\n";

    /// <summary>Writes which images are meant, commits that and deploys it.</summary>
    internal async Task ReleaseAsync(string app = "runbooks-test/app:good", string worker = "runbooks-test/app:good")
    {
        Project.Write(".env", Env(app, worker));
        await DeployAsync();
    }
}
