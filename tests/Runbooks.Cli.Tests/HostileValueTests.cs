using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using CsCheck;

namespace Runbooks.Cli.Tests;

/// <summary>A value is never code: whatever it holds, it reaches the other side as it is, and nothing else happens.</summary>
public sealed class HostileValueTests
{
    /// <summary>No value holds a zero byte: neither words nor variables of a process can.</summary>
    private static readonly ImmutableArray<string> Values =
    [
        "$(touch x)", "`touch x`", "; rm -rf x", "&& touch x", "| touch x", "> x", "< x", "$HOME", "${HOME}", "$((1+1))", "!!", "#x", "%s%n%x",
        "'", "\"", "'a' \"b\"", "a'b", "\\", "\\n", "a\\", "\\\"", "-rf", "--help", "-", "--", "-v", "*", "?", "[a-z]*", "~", "~root", "{a,b}", "a b", " ", "  a  ", "\t", "a\tb",
        "line 1\nline 2", "\n", "a\n", "\r\n", "\u0001\u001b[31m\u007f", "é ü ß 漢字 🎉", "e\u0301", "\u202e abc", "\ufeff", "\u2028", "{{ version }}", "{{", "}}", "{{ 1 + 1 }}", "{% x %}", "«steps.a.stdout»",
        "null", "true", "010", "1e3", "a=b", "@file", "- item", "a: b", "|", ">", "&a", "*a", "!tag", "--- ", "***",
        new string('x', 100_000), string.Concat(Enumerable.Repeat("'\"$`\\ \n", 2000)),
    ];

    [Fact]
    public async Task Values_given_on_the_command_line_reach_programs_scripts_and_environments_unchanged()
    {
        using var project = new Project();
        var args = Values.SelectMany((v, i) => (string[])["--var", $"v{i}={v}"]);
        await ArriveAsync(project, Values, _ => "type: string", args);
    }

    [Fact]
    public async Task Values_from_a_vars_file_reach_programs_scripts_and_environments_unchanged()
    {
        using var project = new Project();
        await ArriveAsync(project, Values, _ => "type: string", ["--vars-file", VarsFile(project, Values)]);
    }

    [Fact]
    public async Task Values_from_the_environment_reach_programs_scripts_and_environments_unchanged()
    {
        using var project = new Project();
        for (var i = 0; i < Values.Length; i++)
        {
            project.Set($"HOSTILE_{i}", Values[i]);
        }

        await ArriveAsync(project, Values, i => $"from_env: HOSTILE_{i}", []);
    }

    [Fact]
    public async Task Captured_output_reaches_programs_scripts_and_environments_unchanged()
    {
        using var project = new Project();
        using var observer = new Observer(project);
        // Line breaks at the end of an output are cut off, as a shell does.
        var values = Values.Where(v => v.TrimEnd('\n', '\r') == v).ToImmutableArray();
        var finds = values.Select((v, i) =>
        {
            project.Write($"value{i}", v);
            return $"  - {{ id: v{i}, run: [cat, value{i}], capture: true }}\n";
        });
        project.Playbook($"steps:\n{string.Concat(finds)}{Steps(observer, values.Length, i => $"steps.v{i}.stdout")}");
        var before = project.Snapshot();

        (await project.ExecAsync()).Expect(0);

        Arrived(observer, values);
        Assert.Equal(before, project.Snapshot());
    }

    [Fact]
    public void Random_values_reach_programs_scripts_and_environments_unchanged()
    {
        var text = Gen.OneOf(Gen.String, Gen.String[Gen.Char[" '\"\\$`{}%;&|<>*?~#!-=:,\n\r\t«»é"], 0, 40]).Select(Possible);
        text.Array[60].Sample(
            values =>
            {
                using var project = new Project();
                ArriveAsync(project, [.. values], _ => "type: string", ["--vars-file", VarsFile(project, [.. values])]).GetAwaiter().GetResult();
            },
            iter: 4,
            threads: 1);
    }

    [Fact]
    public async Task Values_reach_a_server_unchanged_in_bodies_and_encoded_in_addresses()
    {
        using var project = new Project();
        using var server = new Listener();
        var steps = Values.Select((_, i) => $"  - http: {{ url: \"{server.Url}/x?q={{{{ v{i} | url_encode }}}}\", method: POST, body: \"{{{{ v{i} }}}}\" }}\n");
        project.Playbook($"{Vars(Values.Length, _ => "type: string")}steps:\n{string.Concat(steps)}");

        (await project.ExecAsync("--vars-file", VarsFile(project, Values))).Expect(0);

        Assert.Equal(Values, server.Requests.Select(r => r.Text));
        Assert.Equal(Values, server.Requests.Select(r => Uri.UnescapeDataString(r.Target["/x?q=".Length..])));
    }

    [Fact]
    public async Task A_line_break_in_a_header_is_refused_and_printable_values_arrive()
    {
        using var project = new Project();
        using var server = new Listener();
        project.Playbook($"vars: {{ v: {{ type: string }} }}\nsteps:\n  - http: {{ url: \"{server.Url}/\", headers: {{ X-Value: \"{{{{ v }}}}\" }} }}\n");

        (await project.ExecAsync("--var", "v=a\r\nX-Other: b")).Expect(2);
        Assert.Empty(server.Requests);

        (await project.ExecAsync("--var", "v=$(touch x); 'a' \"b\" {{ v }}")).Expect(0);
        Assert.Equal("$(touch x); 'a' \"b\" {{ v }}", server.Requests.Single().Header("X-Value"));
    }

    [Fact]
    public async Task Values_are_read_back_from_edited_files_as_they_were_given()
    {
        using var project = new Project();
        var values = Values.Where(v => v.Length < 1000).ToImmutableArray();
        project.Write("a.yml", string.Concat(values.Select((_, i) => $"k{i}: old text {i} # comment\n")));
        project.Write("a.json", JsonSerializer.Serialize(values.Select((_, i) => i).ToDictionary(i => $"k{i}", i => $"old {i}")));
        foreach (var file in (string[])["a.yml", "a.json"])
        {
            var set = string.Join(", ", values.Select((_, i) => $"k{i}: \"{{{{ v{i} }}}}\""));
            project.Playbook($"{Vars(values.Length, _ => "type: string")}steps:\n  - edit: {{ file: {file}, set: {{ {set} }} }}\n");
            (await project.ExecAsync("--vars-file", VarsFile(project, values))).Expect(0);
        }

        var json = JsonDocument.Parse(await File.ReadAllBytesAsync(project.At("a.json"), project.Cancellation)).RootElement;
        Assert.Equal(values, values.Select((_, i) => json.GetProperty($"k{i}").GetString()));
        Assert.Equal(values.Length, (await File.ReadAllTextAsync(project.At("a.yml"), project.Cancellation)).Split("# comment\n").Length - 1);
        Assert.Equal(values, await YamlValuesAsync(project, values.Length));
    }

    /// <summary>Reads the edited YAML through the product: as a vars file, whose values programs get.</summary>
    private static async Task<IEnumerable<string>> YamlValuesAsync(Project project, int count)
    {
        using var observer = new Observer(project);
        project.Playbook($"vars:\n{string.Concat(Enumerable.Range(0, count).Select(i => $"  k{i}: {{ type: string }}\n"))}steps:\n{Steps(observer, count, i => $"k{i}")}");
        (await project.ExecAsync("--vars-file", "a.yml")).Expect(0);
        return observer.Of("list").Single().Argv[2..].Where((_, n) => n % 2 == 0);
    }

    private static async Task ArriveAsync(Project project, ImmutableArray<string> values, Func<int, string> declaration, IEnumerable<string> args)
    {
        using var observer = new Observer(project);
        project.Playbook($"{Vars(values.Length, declaration)}steps:\n{Steps(observer, values.Length, i => $"v{i}")}");
        var before = project.Snapshot();

        (await project.ExecAsync([.. args])).Expect(0);

        Arrived(observer, values);
        Assert.Equal(before, project.Snapshot());
        project.Record().IsWhole();
    }

    private static string Vars(int count, Func<int, string> declaration) => $"vars:\n{string.Concat(Enumerable.Range(0, count).Select(i => $"  v{i}: {{ {declaration(i)} }}\n"))}";

    /// <summary>Each value as a word of its own and inside of one, in both forms of 'run', and as a variable of a script.</summary>
    private static string Steps(Observer observer, int count, Func<int, string> expression)
    {
        var all = Enumerable.Range(0, count).ToList();
        var words = string.Join(", ", all.Select(i => $"\"{{{{ {expression(i)} }}}}\", \"<{{{{ {expression(i)} }}}}>\""));
        var line = string.Join(" ", all.Select(i => $"{{{{ {expression(i)} }}}} <{{{{ {expression(i)} }}}}>"));
        var environment = string.Join(", ", all.Select(i => $"E{i}: \"{{{{ {expression(i)} }}}}\""));
        return $"  - {{ id: list, run: [bash, '{observer.Script}', {words}] }}\n  - id: line\n    run: bash {observer.Script} {line}\n  - {{ id: script, shell: \". '{observer.Script}'\", env: {{ {environment} }} }}\n";
    }

    private static void Arrived(Observer observer, ImmutableArray<string> values)
    {
        var expected = values.SelectMany(v => (string[])[v, $"<{v}>"]).ToList();
        Assert.Equal(expected, observer.Of("list").Single().Argv[2..]);
        Assert.Equal(expected, observer.Of("line").Single().Argv[2..]);
        var environment = observer.Of("script").Single().Environment;
        Assert.Equal(values, values.Select((_, i) => environment[$"E{i}"]));
    }

    private static string VarsFile(Project project, ImmutableArray<string> values) =>
        project.Write("vars.json", JsonSerializer.Serialize(values.Select((v, i) => (v, i)).ToDictionary(p => $"v{p.i}", p => p.v)));

    /// <summary>Without what no process can be given: zero bytes, and halves of characters.</summary>
    private static string Possible(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.Replace("\0", "", StringComparison.Ordinal)));
}
