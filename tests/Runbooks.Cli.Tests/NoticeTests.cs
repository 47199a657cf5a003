using System.Text.Json;

namespace Runbooks.Cli.Tests;

/// <summary>People are told how a run ended, by the webhook of their project; whatever becomes of that, the run is what it was.</summary>
public sealed class NoticeTests
{
    private const string Variable = "TEAM_WEBHOOK";
    private const string Path = "/services/T024/B77/Kanari-w3bhook-geheim";
    private const string ProjectFile = $"project: v1\nservices: {{ app: application }}\nnotify: ['#ops', ops@example.org]\nwebhook_env: {Variable}\n";
    private const string Token = "Kanari-t0ken-geheim";

    private const string Body = """
        vars:
          token: { type: string, secret: true, from_env: APP_TOKEN }
          version: { type: string, default: v1.2.3 }
        guards:
          - file: open
        steps:
          - id: note
            name: "Write {{ version }} down"
            edit: { file: app.yml, set: { image: "app:{{ version }}" } }
            on_failure: undo
          - { id: ask, shell: "test -e well || { echo refused: $TOKEN; exit 3; }", env: { TOKEN: "{{ token }}" }, effect: read, on_failure: undo }

        """;

    [Fact]
    public async Task What_was_done_and_how_it_ended_and_where_it_is_written_down()
    {
        using var team = new Listener();
        using var project = Made(team.Url + Path);
        project.Write("well", "");

        var run = (await project.ExecAsync("--reason", "it was slow")).Expect(0);

        var told = Assert.Single(team.Requests);
        Assert.Equal(("POST", Path, "application/json"), (told.Method, told.Target, told.Header("Content-Type")));
        var text = TextOf(told);
        Assert.Matches(@$"\Apb succeeded after \S+\n{System.IO.Path.GetFileName(project.Folder)}, by Some Operator <operator@example\.org> on \S+: it was slow\n- Write v1\.2\.3 down: done\nrunbook runs show {project.Record().Id}\nfor #ops, ops@example\.org\z", text);
        Assert.EndsWith($"told: #ops, ops@example.org, by the webhook in {Variable}\n", run.Out, StringComparison.Ordinal);
        project.Record().IsWhole();
    }

    [Fact]
    public async Task A_run_that_was_taken_back_says_so_and_why_and_no_secret()
    {
        using var team = new Listener();
        using var project = Made(team.Url + Path);

        var run = (await project.ExecAsync()).Expect(4);

        var text = TextOf(Assert.Single(team.Requests));
        Assert.Matches(@"\Apb undone after \S+: step 'ask'", text);
        Assert.Contains("\n- Write v1.2.3 down: done; undone\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain(Token, text, StringComparison.Ordinal);
        HidesTheAddress(project, run);
    }

    [Theory]
    [InlineData("nobody listens", "did not answer: ")]
    [InlineData("it fails", "answered 500")]
    [InlineData("it hangs", "did not answer: ")]
    [InlineData("it is not set", $"{Variable} is not set")]
    [InlineData("it is no address", $"what {Variable} holds is no address of http or https")]
    [InlineData("the project file is wrong", "runbook.yml has mistakes: 'runbook lint runbook.yml' names them")]
    public async Task Whether_they_could_be_told_changes_nothing_of_the_run(string trouble, string why)
    {
        using var hold = new ManualResetEventSlim();
        using var team = new Listener(_ =>
        {
            if (trouble == "it hangs")
            {
                hold.Wait(TestContext.Current.CancellationToken);
            }

            return (trouble == "it fails" ? 500 : 200, $"no {Path}");
        });
        using var project = Made(trouble switch
        {
            "nobody listens" => $"http://127.0.0.1:{Shop.FreePort()}{Path}",
            "it is not set" => null,
            "it is no address" => $"hooks.example.org{Path}",
            _ => team.Url + Path,
        });
        project.Write("well", "");
        if (trouble == "the project file is wrong")
        {
            project.Write("runbook.yml", ProjectFile + "notfy: x\n");
        }

        var run = (await project.ExecAsync()).Expect(0);
        hold.Set();

        Assert.Contains("\nnobody was told: ", run.Out, StringComparison.Ordinal);
        Assert.Contains(why, run.Out, StringComparison.Ordinal);
        Assert.EndsWith("; what the run came to is as it is said above\n", run.Out, StringComparison.Ordinal);
        Assert.Equal(Runbooks.Engine.Journal.Conclusion.Succeeded, project.Record().IsWhole().Ended.Conclusion);
        HidesTheAddress(project, run);
    }

    [Fact]
    public async Task They_are_told_also_when_the_operator_cannot_be()
    {
        using var team = new Listener();
        using var project = Made(team.Url + Path);
        project.Write("well", "");

        (await project.ProgramAsync("bash", "-c", $"exec '{Project.Binary}' exec pb.yml >/dev/full")).Expect(0);

        Assert.StartsWith("pb succeeded after ", TextOf(Assert.Single(team.Requests)), StringComparison.Ordinal);
        project.Record().IsWhole();
    }

    [Fact]
    public async Task Who_changes_nothing_tells_nobody()
    {
        using var team = new Listener();
        using var project = Made(team.Url + Path);
        (await project.ExecAsync("--dry-run")).Expect(0);
        File.Delete(project.At("open"));
        (await project.ExecAsync()).Expect(3);
        Assert.Empty(team.Requests);

        project.Write("open", "");
        project.Write("well", "");
        project.Write("runbook.yml", ProjectFile.Replace($"webhook_env: {Variable}\n", "", StringComparison.Ordinal));
        Assert.DoesNotContain("told", (await project.ExecAsync()).Expect(0).Out, StringComparison.Ordinal);
        Assert.Empty(team.Requests);
    }

    [Fact]
    public async Task Going_on_with_a_run_and_taking_one_back_are_told_too_and_as_json_nothing_stands_between_the_events()
    {
        using var team = new Listener();
        using var project = Made(team.Url + Path);
        project.Write("well", "");
        var run = (await project.ExecAsync("--json")).Expect(0);
        Assert.All(run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => JsonDocument.Parse(line).Dispose());
        Assert.Contains("told: #ops", run.Error, StringComparison.Ordinal);

        (await project.RunAsync("undo", project.Record().Id)).Expect(0);

        Assert.Equal(2, team.Requests.Count);
        Assert.StartsWith("undo pb succeeded after ", TextOf(team.Requests.Last()), StringComparison.Ordinal);
    }

    private static Project Made(string? address)
    {
        var project = new Project().Playbook(Body).Set(Variable, address).Set("APP_TOKEN", Token);
        project.Write("runbook.yml", ProjectFile);
        project.Write("app.yml", "image: app:v1\n");
        project.Write("open", "");
        return project;
    }

    private static string TextOf(Received told)
    {
        using var body = JsonDocument.Parse(told.Body);
        return body.RootElement.GetProperty("text").GetString() ?? "";
    }

    private static void HidesTheAddress(Project project, Finished run)
    {
        Assert.DoesNotContain("w3bhook", run.Said, StringComparison.Ordinal);
        Assert.All(Directory.GetFiles(project.At(project.Store), "*", SearchOption.AllDirectories), f => Assert.DoesNotContain("w3bhook", File.ReadAllText(f), StringComparison.Ordinal));
    }
}
