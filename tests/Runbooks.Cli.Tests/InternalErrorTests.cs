using System.Text;
using Runbooks.Cli.Views;

namespace Runbooks.Cli.Tests;

/// <summary>The program itself breaks: in process, because no input is known that makes it.</summary>
public sealed class InternalErrorTests
{
    private const string Secret = "hunter2 \"quoted\"";

    [Theory]
    [InlineData("plan")]
    [InlineData("exec")]
    public async Task What_an_exception_quotes_of_a_secret_is_masked_in_every_form(string verb)
    {
        using var project = new Project().Playbook("vars: { token: { type: string, secret: true } }\nsteps: [{ run: [echo], env: { TOKEN: \"{{ token }}\" } }]\n");
        project.Write("secrets.json", """{"token":"hunter2 \"quoted\""}""");
        using var error = new StringWriter();
        await using var broken = new Broken($"cannot write {Secret} ({Convert.ToBase64String(Encoding.UTF8.GetBytes(Secret))})");

        var exit = await App.RunAsync([verb, project.At("pb.yml"), "-C", project.Folder, "--vars-file", project.At("secrets.json")], new Composition(new Terminal { Out = broken, Error = error }, project.Folder));

        Assert.Equal(70, exit);
        Assert.StartsWith("internal error: System.InvalidOperationException: cannot write *** (***", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("aHVudGVyM", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_it_quotes_of_a_value_that_was_computed_while_the_run_went_on_is_masked_too()
    {
        using var project = new Project().Playbook("""
            vars: { token: { type: string, secret: true } }
            steps:
              - { id: find, run: [echo, Tail], capture: true }
              - { id: use, run: ["true"], env: { VALUE: "{{ (token | upper) + steps.find.stdout }}" } }
            """);
        project.Write("secrets.json", """{"token":"hunter2"}""");
        using var error = new StringWriter();
        await using var broken = new Broken("cannot write HUNTER2Tail", "succeeded");

        var exit = await App.RunAsync(["exec", project.At("pb.yml"), "-C", project.Folder, "--vars-file", project.At("secrets.json")], new Composition(new Terminal { Out = broken, Error = error }, project.Folder));

        Assert.Equal(70, exit);
        Assert.Contains("cannot write ***", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Tail", error.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Breaks with the first text that holds a word.</summary>
    private sealed class Broken(string message, string word = "") : StringWriter
    {
        public override void Write(char value) => Write($"{value}");

        public override void Write(string? value) => _ = value?.Contains(word, StringComparison.Ordinal) == true ? throw new InvalidOperationException(message) : 0;

        public override Task WriteAsync(string? value)
        {
            Write(value);
            return Task.CompletedTask;
        }

        public override void WriteLine(string? value) => Write(value);
    }
}
