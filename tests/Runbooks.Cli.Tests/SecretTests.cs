using System.Text;

namespace Runbooks.Cli.Tests;

/// <summary>A secret reaches the program that needs it, and nothing that is shown or kept.</summary>
public sealed class SecretTests
{
    private const string Secret = "Tr0ub4dor&3\"quoted\\ü";
    private const string SecondLine = "-----second line of a key-----";

    private const string Head = """
        vars:
          password: { type: string, secret: true, from_env: DB_PASSWORD }
          key: { type: string, secret: true, from_env: KEY }
        """;

    [Fact]
    public async Task A_secret_that_is_echoed_captured_sent_and_written_is_shown_and_kept_nowhere()
    {
        using var server = new Listener(request => (200, $"you sent {request.Text}"));
        using var project = NewProject($$$"""

            steps:
              - id: echo
                shell: 'printf "%s\n" "to stdout $P" "$K"; printf "%s\n" "to stderr $P" >&2; test "$P" = "$EXPECTED" && touch arrived.done'
                env: { P: "{{ password }}", K: "{{ key }}", EXPECTED: "{{ password }}" }
              - id: capture
                run: [printenv, P]
                env: { P: "{{ password }}" }
                capture: true
              - id: use
                shell: 'echo "again: $X"'
                env: { X: "{{ steps.capture.stdout }}" }
              - id: input
                run: { argv: [cat], stdin: "from stdin {{ password }}" }
              - id: send
                http: { url: "{{{server.Url}}}/", method: POST, headers: { X-Ok: fine }, body: "{{ password }}" }
              - id: fails
                shell: 'echo "cannot log in with $P" >&2; exit 3'
                env: { P: "{{ password }}" }
            """);

        var plans = new StringBuilder();
        foreach (var format in (string[])["text", "markdown", "json"])
        {
            plans.Append((await project.RunAsync("plan", "pb.yml", "--format", format)).Expect(0).Said);
        }

        var run = (await project.ExecAsync("--reason", "because of " + Secret)).Expect(1);
        var shown = plans + run.Said;
        foreach (var args in (string[][])[["runs", "show"], ["runs", "log"], ["runs", "log", "latest", "echo"], ["runs", "log", "latest", "fails"], ["runs", "list"]])
        {
            shown += (await project.RunAsync(args)).Expect(0).Said;
        }

        Assert.True(project.Has("arrived.done"));
        Assert.Equal(Secret, server.Requests.Single().Text);
        Assert.Contains("to stdout ***", run.Out);
        Assert.Contains("to stderr ***", run.Out);
        Assert.Contains("cannot log in with ***", run.Out);
        Assert.Contains("again: ***", run.Out);
        IsNowhere(shown, project);
    }

    [Fact]
    public async Task A_secret_that_comes_in_pieces_is_masked_all_the_same()
    {
        using var project = NewProject("""

            steps:
              - id: pieces
                shell: |
                  for (( i = 0; i < ${#P}; i++ )); do printf '%s' "${P:i:1}"; sleep 0; /bin/true; done
                  printf '\n'
                  printf '%s' "${P:0:5}"; /bin/true; printf ' no more\n'
                  printf '%s' "$P$P"; printf '%s' "${P:0:4}"
                env: { P: "{{ password }}" }
            """);

        (await project.ExecAsync()).Expect(0);

        Assert.Equal($"***\n{Secret[..5]} no more\n******{Secret[..4]}", Encoding.UTF8.GetString(project.Record().OutputOf("pieces")));
        IsNowhere("", project);
    }

    [Theory]
    [InlineData("run: [echo, \"{{ password }}\"]")]
    [InlineData("run: \"echo --password={{ password }}\"")]
    [InlineData("run: [sh, -c, \"echo {{ key }}\"]")]
    public async Task A_secret_among_the_words_of_a_program_is_refused_as_everybody_could_see_it(string step)
    {
        using var project = NewProject($"\nsteps:\n  - {step}\n");

        var ended = (await project.ExecAsync()).Expect(2);

        Assert.DoesNotContain("Tr0ub4dor", ended.Said);
        Assert.DoesNotContain(SecondLine, ended.Said);
        Assert.Empty(project.Records());
    }

    [Fact]
    public async Task A_secret_in_an_address_is_sent_and_not_shown()
    {
        using var server = new Listener(_ => (500, "no"));
        using var project = NewProject($"\nsteps:\n  - http: \"{server.Url}/?p={{{{ password | url_encode }}}}\"\n");

        var ended = (await project.ExecAsync("--json")).Expect(1);

        Assert.Equal(Secret, Uri.UnescapeDataString(server.Requests.Single().Target["/?p=".Length..]));
        Assert.DoesNotContain(Uri.EscapeDataString(Secret), ended.Said);
        IsNowhere(ended.Said, project);
    }

    [Fact]
    public async Task A_secret_in_a_check_is_not_shown_either()
    {
        using var server = new Listener(request => (401, $"{request.Header("Authorization")} is wrong"));
        using var project = new Project().Set("DB_PASSWORD", "s3cret-token-1").Set("KEY", "another-one").Playbook($$$"""
            {{{Head}}}
            guards:
              - http: { url: "{{{server.Url}}}/", headers: { Authorization: "Bearer {{ password }}" }, body_contains: ["{{ password }}"] }
              - command: { argv: [bash, -c, 'echo "said: $0"; exit 1', x], stdin: "{{ password }}" }
            steps:
              - run: [touch, one.done]
            """);

        var ended = (await project.ExecAsync()).Expect(3);

        var probed = (await project.RunAsync("plan", "pb.yml", "--probe")).Expect(3);
        Assert.Equal("Bearer s3cret-token-1", server.Requests.First().Header("Authorization"));
        Assert.DoesNotContain("s3cret", ended.Said + probed.Said);
        Assert.All(Directory.GetFiles(project.Record().Folder, "*", SearchOption.AllDirectories), file => Assert.DoesNotContain("s3cret", File.ReadAllText(file)));
    }

    private static Project NewProject(string steps) => new Project().Set("DB_PASSWORD", Secret).Set("KEY", $"first line\n{SecondLine}\n").Playbook(Head + steps);

    /// <summary>Neither as it is, nor as JSON writes it, nor one of its lines.</summary>
    private static void IsNowhere(string shown, Project project)
    {
        var kept = Directory.GetFiles(project.At(".runbook"), "*", SearchOption.AllDirectories);
        Assert.True(kept.Length >= 4, "the record holds too few files to be one");
        foreach (var secret in (string[])[Secret, SecondLine, "Tr0ub4dor&3", "Tr0ub4dor\\u00263"])
        {
            Assert.DoesNotContain(secret, shown);
            Assert.All(kept, file => Assert.DoesNotContain(secret, File.ReadAllText(file)));
        }
    }
}
