namespace Runbooks.Cli.Tests;

/// <summary>Programs of steps run in containers of a real engine.</summary>
public sealed class InsideTests
{
    private const string Hostile = "it's \"$HOME\" `x` $(touch x) * \\ é\nsecond";

    [Theory]
    [InlineData("service: app", "bad")]
    [InlineData("service: app, one_off: true", "bad")]
    [InlineData("container: NAME-app-1", "bad")]
    [InlineData("image: 'runbooks-test/app:good'", "good")]
    public async Task Words_input_environment_and_folder_reach_the_program_as_they_are(string place, string release)
    {
        await using var shop = await Shop.OpenAsync();
        var name = (await shop.ComposeAsync("ps", "--format", "{{.Project}}", "app")).Expect(0).Out.Trim();
        shop.Project.Set("DEEP_SECRET", "s3cr3t-value").Write("vars.yml", $"given: {System.Text.Json.JsonSerializer.Serialize(Hostile)}\n");
        shop.Project.Playbook($$$"""
            vars:
              given: { type: string, required: true }
              secret: { type: string, secret: true, from_env: DEEP_SECRET }
            steps:
              - id: inside
                run:
                  argv: [sh, -c, 'printf "%s|" "$APP_VERSION" "$PWD" "$OWN" "$1" "$2"; cat; printf %s "$TOLD" | wc -c', "{{ given }}", "{{ given }}", ""]
                  stdin: "{{ given }}"
                  in: { {{{place.Replace("NAME", name, StringComparison.Ordinal)}}}, workdir: /tmp }
                env: { OWN: "{{ given }}", TOLD: "{{ secret }}" }
            """);

        var run = (await shop.Project.ExecAsync("--vars-file", "vars.yml")).Expect(0);

        Assert.Equal($"{release}|/tmp|{Hostile}|{Hostile}||{Hostile}12\n", System.Text.Encoding.UTF8.GetString(shop.Project.Record().IsWhole().OutputOf("inside")));
        Assert.DoesNotContain("s3cr3t-value", run.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("TOLD=s3cr3t-value", (await shop.Project.RunAsync("plan", "pb.yml", "--vars-file", "vars.yml")).Expect(0).Said, StringComparison.Ordinal);
        Assert.Equal("2", (await shop.ComposeAsync("ps", "--all", "--quiet")).Expect(0).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("service: app")]
    [InlineData("service: app, one_off: true")]
    [InlineData("image: 'runbooks-test/app:bad'")]
    public async Task A_script_runs_inside_with_its_values_from_the_environment(string place)
    {
        await using var shop = await Shop.OpenAsync();
        shop.Project.Write("vars.yml", $"given: {System.Text.Json.JsonSerializer.Serialize(Hostile)}\n");
        shop.Project.Playbook($$$"""
            vars: { given: { required: true } }
            steps:
              - id: inside
                shell:
                  interpreter: sh
                  script: 'printf "%s|" "$APP_VERSION" "$GIVEN"; false; echo not reached'
                  in: { {{{place}}} }
                env: { GIVEN: "{{ given }}" }
            """);

        Assert.Contains("exit code 1", (await shop.Project.ExecAsync("--vars-file", "vars.yml")).Expect(1).Said, StringComparison.Ordinal);

        Assert.Equal($"bad|{Hostile}|", System.Text.Encoding.UTF8.GetString(shop.Project.Record().IsWhole().OutputOf("inside")));
    }

    [Fact]
    public async Task The_exit_code_is_that_of_the_program_and_what_is_not_there_is_a_failure()
    {
        await using var shop = await Shop.OpenAsync();
        shop.Project.Playbook("steps: [ { id: a, run: { argv: [sh, -c, 'exit 7'], in: { service: app, one_off: true } } } ]\n");
        Assert.Contains("ended with exit code 7", (await shop.Project.ExecAsync()).Expect(1).Said, StringComparison.Ordinal);

        shop.Project.Playbook("steps: [ { id: a, run: { argv: [no-such-program], in: { service: app } } } ]\n");
        Assert.Contains("ended with exit code 12", (await shop.Project.ExecAsync()).Expect(1).Said, StringComparison.Ordinal);

        shop.Project.Playbook("steps: [ { id: a, run: { argv: ['true'], in: { image: 'runbooks-test/none:there' } } } ]\n");
        Assert.Contains("ended with exit code 125", (await shop.Project.ExecAsync()).Expect(1).Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_is_stopped_has_its_program_run_in_a_new_container_from_its_image()
    {
        await using var shop = await Shop.OpenAsync();
        (await shop.ComposeAsync("stop", "--timeout", "1", "app")).Expect(0);
        shop.Project.Playbook("steps: [ { id: a, run: { argv: [sh, -c, 'echo $APP_VERSION'], in: { service: app, one_off: true } }, capture: true } ]\n");

        (await shop.Project.ExecAsync()).Expect(0);

        Assert.Equal("bad\n", System.Text.Encoding.UTF8.GetString(shop.Project.Record().OutputOf("a")));
        Assert.EndsWith(" exited", await shop.ContainerAsync("app"), StringComparison.Ordinal);
    }
}
