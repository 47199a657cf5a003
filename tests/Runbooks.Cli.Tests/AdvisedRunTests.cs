using System.Net;
using Runbooks.Testing;

namespace Runbooks.Cli.Tests;

/// <summary>The whole way on a real engine, at a terminal: what is there is looked at, what nobody can see is asked, and the operator sees the plan of the advice and has it run.</summary>
public sealed class AdvisedRunTests
{
    /// <summary>When it failed, its log says.</summary>
    private static readonly (string Question, string Answer)[] Dialogue =
    [
        ("what did the release change?", "application"),
        ("did the trouble begin with the release?", "yes"),
        ("is there a previous release that was well", "yes"),
        ("version, the tag of the release to go back to", "good"),
    ];

    [Fact]
    public async Task A_project_without_releases_is_mended_from_the_first_question_to_the_last_check()
    {
        await using var shop = await Shop.OpenAsync();
        // Its waits are those of a night, and a test has none.
        shop.Project.Write("playbooks/app-rollback.yml", File.ReadAllText(Repository.PathOf("playbooks", "app-rollback.yml"))
            .Replace("settle: { type: duration, default: 5s", "settle: { type: duration, default: 500ms", StringComparison.Ordinal).Replace("default: 10s, min: 1", "default: 1s, min: 1", StringComparison.Ordinal));
        shop.Project.Write("runbook.yml", $"project: v1\nservices: {{ app: {{ kind: application, health: 'http://127.0.0.1:{shop.Port}/health' }}, worker: worker }}\n");
        Assert.Equal(HttpStatusCode.InternalServerError, await shop.HealthAsync());

        var (run, keyboard) = await AdviseTests.TerminalAsync(shop.Project, "advise --interactive --exec");
        await using (keyboard)
        {
            foreach (var (question, answer) in Dialogue)
            {
                await run.SeesAsync(question);
                await AdviseTests.TypeAsync(keyboard, answer);
            }

            await run.SeesAsync("+    image: runbooks-test/app:good");
            await run.SeesAsync("run exactly this?");
            await AdviseTests.TypeAsync(keyboard, "yes");
            Assert.Contains("succeeded", (await run.Ended).Expect(0).Out, StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.OK, await shop.HealthAsync());
        Assert.EndsWith(" runbooks-test/app:bad running", await shop.ContainerAsync("worker"), StringComparison.Ordinal);
        shop.Project.Record().IsWhole();
    }
}
