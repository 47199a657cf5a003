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

    /// <summary>Breaks with the first text.</summary>
    private sealed class Broken(string message) : StringWriter
    {
        public override void Write(char value) => throw new InvalidOperationException(message);

        public override void Write(string? value) => throw new InvalidOperationException(message);

        public override Task WriteAsync(string? value) => throw new InvalidOperationException(message);

        public override void WriteLine(string? value) => throw new InvalidOperationException(message);
    }
}
