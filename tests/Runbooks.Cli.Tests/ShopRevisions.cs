using System.Net;
using Runbooks.Testing;

namespace Runbooks.Cli.Tests;

/// <summary>A shop whose files are in git, with the states that a rollback goes to as tags.</summary>
internal static class ShopRevisions
{
    extension(Shop shop)
    {
        public async Task<string> GitAsync(params string[] words) => (await shop.Project.ProgramAsync("git", words)).Expect(0).Out;

        /// <summary>Commits everything under a tag of that name.</summary>
        public async Task CommitAsync(string tag)
        {
            if (!Directory.Exists(shop.Project.At(".git")))
            {
                await shop.GitAsync("init", "-q");
            }

            await shop.GitAsync("add", "--all", "--", ":!.runbook");
            await shop.GitAsync("-c", "user.name=o", "-c", "user.email=o@example.org", "commit", "-q", "--allow-empty", "-m", tag);
            await shop.GitAsync("tag", tag);
        }

        /// <summary>Writes the Compose file and commits it.</summary>
        public async Task CommitAsync(string tag, string compose)
        {
            shop.Project.Write("docker-compose.yml", compose);
            await shop.CommitAsync(tag);
        }

        /// <summary>Waits until the application answers.</summary>
        public async Task AnswersAsync(HttpStatusCode wanted)
        {
            for (HttpStatusCode? status = null; status is null;)
            {
                try
                {
                    status = await shop.HealthAsync();
                    Assert.Equal(wanted, status);
                }
                catch (HttpRequestException)
                {
                    await Task.Delay(50, shop.Project.Cancellation);
                }
            }
        }

        /// <summary>Runs a shipped playbook with these values, and with what every one of them needs here.</summary>
        public Task<Finished> ExecAsync(string playbook, params string[] values) => shop.Project.RunAsync(
        [
            "exec", Repository.PathOf("playbooks", $"{playbook}.yml"), "--var", $"url=http://127.0.0.1:{shop.Port}/health", "--var", "settle=1s", .. values.SelectMany(v => (string[])["--var", v]), .. shop.ElsewhereWords,
        ]);

        /// <summary>A program that stands in for docker: the script handles what it knows and leaves the rest to the real one (<c>real "$@"</c>).</summary>
        public void InsteadOfDocker(string script)
        {
            shop.Project.Write("bin/docker", $$"""
                #!/bin/bash
                real() { {{Project.Find("docker")}} "$@"; }
                {{script}}
                real "$@"
                """, executable: true);
            shop.Project.Set("PATH", $"{shop.Project.At("bin")}:{shop.Project.Environment.GetValueOrDefault("PATH") ?? Environment.GetEnvironmentVariable("PATH")}");
        }
    }
}
