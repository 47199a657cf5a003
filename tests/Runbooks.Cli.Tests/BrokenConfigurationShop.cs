namespace Runbooks.Cli.Tests;

/// <summary>An application whose settings are everywhere where settings are: in the Compose file, in a file of variables that is in git, and in a file that is mounted.</summary>
public sealed class BrokenConfigurationShop : BrokenShop
{
    internal const string Conf = "# settings\nAPP_HEALTH=${LEVEL}\n[ \"$LEAST\" = 200 ] || APP_HEALTH=500\n";

    internal override Task<ReleaseShop> OpenAsync() => ReleaseShop.OpenAsync(
        place =>
        [
            (".env", "FEATURE_CHECKOUT=false\nLIMIT=10\nAPP_LEVEL=200\n"),
            (".gitignore", ".runbook\n"),
            ("config/app.conf", Conf),
            ("docker-compose.yml", $$"""
                name: {{place.Name}}
                services:
                  app:
                    image: runbooks-test/app:good
                    command: [sh, -c, '. /etc/app.conf; if [ "$$FEATURE_CHECKOUT" = true ] || [ -z "$$LIMIT" ]; then APP_HEALTH=500; fi; export APP_HEALTH; exec /bin/sh /app/serve']
                    environment:
                      FEATURE_CHECKOUT: ${FEATURE_CHECKOUT}
                      LIMIT: ${LIMIT}
                      LEVEL: "200"
                      LEAST: ${APP_LEVEL}
                    ports: ["127.0.0.1:{{place.Port}}:8080"]
                    volumes: ["./config/app.conf:/etc/app.conf:ro"]
                    stop_grace_period: 1s
                """),
            ("runbook.yml", $$"""
                project: v1
                services:
                  app: { kind: application, health: "http://127.0.0.1:{{place.Port}}/health" }
                config: [config/app.conf]
                verify: { within: 5s, for: 500ms }
                """),
        ],
        "app");
}
