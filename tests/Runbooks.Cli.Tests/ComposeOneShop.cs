namespace Runbooks.Cli.Tests;

/// <summary>An application with its store on a machine that has Compose 1.29 and no other: an image, variables and a mounted file that a test breaks.</summary>
public sealed class ComposeOneShop : BrokenShop
{
    internal override async Task<ReleaseShop> OpenAsync()
    {
        var shop = await ComposeOne.OpenShopAsync(place =>
        [
            (".env", $"COMPOSE_PROJECT_NAME={place.Name}\nAPP=runbooks-test/app:good\nAPP_LEVEL=200\nTOKEN=kanari-token-4711\n"),
            (".gitignore", ".runbook\n"),
            ("config/app.conf", "# settings\nALLOWED=yes\n"),
            ("answer", """
                #!/bin/sh
                read -r line
                . /etc/app.conf
                status="500 Internal Server Error"
                if ! nc -w 1 store 8080 </dev/null >/dev/null; then echo "ERROR store:8080 is not reached" >&2
                elif [ "$APP_HEALTH $LEVEL $ALLOWED" != "200 200 yes" ]; then echo "ERROR out of order" >&2
                else status="200 OK"; fi
                printf 'HTTP/1.1 %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n' "$status"
                """),
            ("docker-compose.yml", $$"""
                version: '3.8'
                services:
                  app:
                    image: ${APP}
                    environment:
                      LEVEL: ${APP_LEVEL}
                      LIMIT: "10"
                      TOKEN: ${TOKEN}
                    depends_on: [store]
                    ports: ["127.0.0.1:{{place.Port}}:8080", "9090"]
                    networks: [front, back]
                    volumes: ["./answer:/app/answer:ro", "./config/app.conf:/etc/app.conf:ro", "data:/data", "/without-a-name"]
                    stop_grace_period: 1s
                  store:
                    image: runbooks-test/app:good
                    expose: ["8080"]
                    command: sh -c 'exec /bin/sh /app/serve'
                    shm_size: 64m
                    extra_hosts: ["peer:10.0.0.1"]
                    healthcheck: { test: "true", interval: 1500ms, timeout: 200ms, retries: 1 }
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
                config: [config/app.conf]
                verify: { within: 10s, for: 500ms }
                """),
        ]);
        (await shop.Project.ProgramAsync("chmod", "755", "answer")).Expect(0);
        return await ReleaseShop.OfAsync(shop, "app", "store");
    }
}
