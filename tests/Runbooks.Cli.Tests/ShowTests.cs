using System.Text.RegularExpressions;
using Runbooks.Cli.Views;
using Runbooks.Testing;

namespace Runbooks.Cli.Tests;

/// <summary>A playbook as a page by which a person does it.</summary>
public sealed partial class ShowTests
{
    public static TheoryData<string> Playbooks => PreviewTests.Playbooks;

    [Theory]
    [InlineData("app-rollback", "markdown", new string[0])]
    [InlineData("db-and-app-rollback", "markdown", new[] { "tool=alembic", "head=ae1027a6acf", "from=1975ea83b712", "database=shop", "version=v1.2.3" })]
    [InlineData("config-file-rollback", "text", new[] { "file=config/app.conf", "inside=/etc/app.conf", "revision=v1.2.3" })]
    public async Task The_page_of_a_playbook_that_ships_reads_as_it_should(string playbook, string format, string[] values)
    {
        var page = await PageAsync(playbook, format, values);

        Golden.Verify(page, $"procedures/{playbook}.{(format == "markdown" ? "md" : "txt")}");
    }

    [Theory]
    [MemberData(nameof(Playbooks))]
    public async Task Every_playbook_that_ships_has_a_page_whose_commands_a_shell_can_read(string playbook)
    {
        var page = await PageAsync(playbook, "markdown", PreviewTests.ValuesOf(playbook));

        using var project = new Project();
        var blocks = Blocks(page);
        Assert.NotEmpty(blocks);
        foreach (var (block, index) in blocks.Select((b, i) => (b, i)))
        {
            project.Write($"block-{index}.sh", block);
            (await project.ProgramAsync("bash", "-n", project.At($"block-{index}.sh"))).Expect(0);
        }

        Assert.DoesNotContain("4x7br", page, StringComparison.Ordinal);
        Assert.Contains("## When something fails", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_pasted_starts_the_program_that_a_run_would_start()
    {
        using var project = new Project();
        var script = project.Write("tell.sh", "printf '<%s>' \"$@\" \"$OWN\" \"$(pwd)\" \"$(cat)\"; echo\n");
        Directory.CreateDirectory(project.At("sub dir"));
        project.Playbook($$$"""
            vars:
              odd: { type: list, default: ["it's", '"$HOME" `id`', "a  b", "*", "-n", "", "two\nlines\tand a tab", "end\n"] }
            steps:
              - id: tell
                run: { argv: [bash, {{{script}}}, "{{ odd | join '|' }}", "{{ odd[0] }}", "{{ odd[1] }}", "{{ odd[2] }}", "{{ odd[3] }}", "{{ odd[4] }}", "{{ odd[5] }}", "{{ odd[6] }}"], stdin: "END\n$HOME {{ odd[1] }}\n" }
                cwd: sub dir
                env: { OWN: "{{ odd[1] }} {{ odd[6] }}" }
            """);
        var ran = (await project.ExecAsync()).Expect(0);
        var page = (await project.RunAsync("show", "pb.yml", "--format", "markdown")).Expect(0).Out;

        project.Write("paste.sh", Blocks(page).Single(b => b.Contains("tell.sh", StringComparison.Ordinal)));
        var pasted = (await project.ProgramAsync("sh", "paste.sh")).Expect(0).Out;

        Assert.StartsWith("<it's|\"$HOME\" `id`|", pasted, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllText(Directory.GetFiles(Path.Combine(project.Record().Folder, "output")).Single()), pasted);
        Assert.NotEmpty(ran.Out);
    }

    [Fact]
    public async Task A_secret_is_a_variable_of_the_shell_and_stands_nowhere_on_the_page()
    {
        const string secret = "Tr0ub4dor&3'quoted";
        using var project = new Project().Set("DB_PASSWORD", secret).Playbook("""
            vars:
              password: { type: string, secret: true, from_env: DB_PASSWORD }
            guards:
              - command: { argv: [login], stdin: "{{ password }}\n" }
            steps:
              - { id: use, run: [printenv, PGPASSWORD], env: { PGPASSWORD: "pre-{{ password }}" } }
              - { id: made, run: [login], env: { MADE: "{{ password | upper }}" } }
              - { id: send, http: { url: "http://127.0.0.1:1/", method: POST, headers: { Authorization: "Bearer {{ password }}" }, body: "{{ password }}" } }
            """);

        foreach (var format in (string[])["text", "markdown"])
        {
            var shown = (await project.RunAsync("show", "pb.yml", "--format", format)).Expect(0);
            Assert.DoesNotContain("ub4dor", shown.Said, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("PGPASSWORD=pre-\"$DB_PASSWORD\" printenv PGPASSWORD", shown.Out, StringComparison.Ordinal);
            Assert.Contains("MADE='<A SECRET>' login", shown.Out, StringComparison.Ordinal);
            Assert.Contains("printf '%s\\n' 'Authorization: Bearer '\"$DB_PASSWORD\" | curl", shown.Out, StringComparison.Ordinal);
            Assert.Contains("read -r DB_PASSWORD", shown.Out, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_request_that_is_pasted_is_the_one_that_a_run_would_send()
    {
        using var server = new Listener(_ => (200, "ok"));
        using var project = new Project().Set("TOKEN", "s3cret'token").Playbook($$$"""
            vars:
              token: { type: string, secret: true, from_env: TOKEN }
            steps:
              - { id: send, http: { url: "{{{server.Url}}}/a?b=c%20d&e=1", method: PUT, headers: { Authorization: "Bearer {{ token }}", X-Own: "it's" }, body: "{\"t\": \"{{ token }}\"}" } }
            """);
        Assert.SkipUnless(File.Exists("/usr/bin/curl"), "curl is not on this machine");
        (await project.ExecAsync()).Expect(0);
        var page = (await project.RunAsync("show", "pb.yml", "--format", "markdown")).Expect(0).Out;

        project.Write("paste.sh", Blocks(page).Single(b => b.Contains("curl", StringComparison.Ordinal)));
        (await project.ProgramAsync("sh", "paste.sh")).Expect(0);

        var (ran, pasted) = (server.Requests.First(), server.Requests.Last());
        Assert.Equal(2, server.Requests.Count);
        Assert.Equal((ran.Target, ran.Text), (pasted.Target, pasted.Text));
        Assert.DoesNotContain("s3cret", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_missing_stands_there_by_its_name_in_quotes_and_fits_every_pattern()
    {
        using var project = new Project().Playbook("""
            vars:
              version: { type: string, required: true, pattern: '^v\d+$' }
              token: { type: string, secret: true, required: true, from_env: NO_SUCH_TOKEN }
            steps:
              - { id: find, run: [find-it, "{{ version }}"], capture: true, env: { TOKEN: "{{ token }}" } }
              - { id: use, run: [use-it, "app:{{ version }}", "{{ steps.find.stdout }}"] }
            """);

        var page = (await project.RunAsync("show", "pb.yml")).Expect(0).Out;

        Assert.Contains("!!  Not filled in yet: <VERSION>", page, StringComparison.Ordinal);
        Assert.Contains("\nTOKEN=\"$NO_SUCH_TOKEN\" find-it '<VERSION>'\n", page, StringComparison.Ordinal);
        Assert.Contains("\nuse-it 'app:<VERSION>' '<steps.find.stdout>'\n", page, StringComparison.Ordinal);
        Assert.Contains("use-it app:v7 ", (await project.RunAsync("show", "pb.yml", "--var", "version=v7")).Expect(0).Out, StringComparison.Ordinal);
        (await project.RunAsync("plan", "pb.yml")).Expect(2);
    }

    [Fact]
    public async Task What_decides_what_there_is_to_do_has_to_be_given()
    {
        using var project = new Project().Playbook("vars:\n  tool: { type: string, required: true, enum: [a, b] }\nsteps:\n  - { id: one, run: [\"true\"], when: \"tool == 'a'\" }\n");

        Assert.Contains("'tool' has no value", (await project.RunAsync("show", "pb.yml")).Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("Left out here: tool == 'a' is false.", (await project.RunAsync("show", "pb.yml", "--var", "tool=b")).Expect(0).Out, StringComparison.Ordinal);
    }

    private static async Task<string> PageAsync(string playbook, string format, string[] values)
    {
        var place = Repository.PathOf("tests/cases/previews/project");
        using var output = new StringWriter();
        using var error = new StringWriter();
        string[] words = ["show", Repository.PathOf($"playbooks/{playbook}.yml"), "-C", place, "--format", format, .. values.SelectMany(v => (string[])["--var", v])];

        var exit = await App.RunAsync(words, new Composition(new Terminal { Out = output, Error = error }, Repository.Root));

        Assert.True(exit == 0, error.ToString());
        var page = Sha256().Replace(output.ToString().Replace(place, "/srv/shop", StringComparison.Ordinal), "sha256$1…");
        Assert.DoesNotContain(Repository.Root, page, StringComparison.Ordinal);
        return page;
    }

    private static List<string> Blocks(string markdown) => [.. Fenced().Matches(markdown).Select(m => m.Groups[2].Value)];

    [GeneratedRegex("sha256([ |`]+)[0-9a-f]{64}", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Sha256();

    [GeneratedRegex(@"^(`{3,})sh\n(.*?)^\1$", RegexOptions.CultureInvariant | RegexOptions.Multiline | RegexOptions.Singleline, 1000)]
    private static partial Regex Fenced();
}
