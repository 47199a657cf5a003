using Runbooks.Engine.Kinds;
using Runbooks.Testing;
using static Runbooks.Testing.Containers;

namespace Runbooks.Builtin.Tests.Checks;

/// <summary>Where a check shows only the beginning of what it saw, no part of a secret is left at the end of it: masking would not recognise it.</summary>
public sealed class CutEvidenceTests
{
    private const string Secret = "s3cr3t-value";

    public static TheoryData<int> Places => [.. Enumerable.Range(0, 40).Select(i => i * 8)];

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Of_the_body_of_an_answer(int before)
    {
        var network = new NetworkAnswers().Answer("http://localhost/", 500, $"{Text(before)}\n{Text(before)}");

        AssertWithoutSecret(await Asked("http: http://localhost/").AskAsync(network));
    }

    [Theory]
    [InlineData((64 << 10) - 6)]
    [InlineData((1 << 20) - 6)]
    public async Task Of_a_body_that_is_looked_at_or_read_in_part(int before)
    {
        var network = new NetworkAnswers().Answer("http://localhost/", 500, $"error\n{new string('\n', before - 6)}{Secret}");

        var verdict = await Asked("http: http://localhost/").AskAsync(network);
        Assert.Equal(["error"], verdict.Evidence);
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Of_a_value_in_the_JSON_of_a_body(int before)
    {
        var network = new NetworkAnswers().Answer("http://localhost/", 200, $"{{ \"status\": \"{Text(before)}\" }}");

        AssertWithoutSecret(await Asked("http: { url: 'http://localhost/', json: { status: ok } }").AskAsync(network));
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Of_a_line_of_a_log(int before)
    {
        var app = OfService("app");
        var docker = new DockerAnswers().Container(app).Log(app.Id, AskedCheck.RunStarted.AddSeconds(1), $"ERROR {Text(before)}");

        AssertWithoutSecret(await Asked("logs: { service: app, project: shop }").AskAsync(docker));
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Of_what_a_container_said(int before)
    {
        var docker = new DockerAnswers().Container(OfService("app") with { Status = "exited", Error = Text(before), HealthOutput = Text(before) });

        AssertWithoutSecret(await Asked("container: { service: app, project: shop }").AskAsync(docker));
        AssertWithoutSecret(await Asked("compose: { project: shop, services: [app] }", new InMemoryFiles().With($"{PlannedPlaybook.Project}/compose.yml", "services: { app: { image: x } }\n")).AskAsync(docker));
    }

    /// <summary>No playbook names it, and it is one all the same.</summary>
    [Fact]
    public async Task Of_what_a_container_says_that_was_put_into_its_environment()
    {
        const string Password = "zwölf-Boxkämpfer";
        var app = OfService("app") with { Status = "exited", Error = $"no {Password}", HealthOutput = $"no {Password}", Environment = System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty.Add("DB_PASSWORD", Password).Add("COLOUR", "blue") };
        var docker = new DockerAnswers().Container(app).Log(app.Id, AskedCheck.RunStarted.AddSeconds(1), $"ERROR {Password} and blue");

        foreach (var check in (string[])["logs: { service: app, project: shop }", "container: { service: app, project: shop }"])
        {
            var verdict = await AskedCheck.Of(check).AskAsync(docker);
            var text = string.Join('\n', verdict.Evidence.Append(verdict.Observed));
            Assert.DoesNotContain(Password, text, StringComparison.Ordinal);
            Assert.Contains("***", text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Of_the_output_of_a_program(int before)
    {
        var processes = new ScriptedProcesses(_ => new ScriptedEnd(1, $"{Text(before)}\n"));

        AssertWithoutSecret(await Asked("command: probe").AskAsync(processes));
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Of_the_name_of_a_changed_file(int before)
    {
        var processes = new ScriptedProcesses(spec => new ScriptedEnd(0, spec.Argv.Contains("status") ? $"?? {Text(before)}\n" : ""));

        AssertWithoutSecret(await Asked("git: { clean: true }").AskAsync(processes));
    }

    private static AskedCheck Asked(string check, InMemoryFiles? files = null) => AskedCheck.Of(check, files, ("token!", Secret));

    private static string Text(int before) => new string('.', before) + Secret + new string('.', 400);

    private static void AssertWithoutSecret(Verdict verdict)
    {
        Assert.Equal(VerdictKind.DoesNotHold, verdict.Kind);
        foreach (var shown in verdict.Evidence.Add(verdict.Observed))
        {
            Assert.DoesNotContain("s3", shown);
            Assert.DoesNotContain("-v", shown);
        }
    }
}
