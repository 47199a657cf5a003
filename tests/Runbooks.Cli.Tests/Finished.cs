namespace Runbooks.Cli.Tests;

/// <summary>How the program ended and what it said.</summary>
internal sealed record Finished(int Exit, string Out, string Error)
{
    /// <summary>For the message of a failing test.</summary>
    public override string ToString() => $"exit {Exit}\n--- out\n{Out}\n--- error\n{Error}";

    public Finished Expect(int exit)
    {
        Assert.True(Exit == exit, $"expected was exit {exit}\n{this}");
        return this;
    }

    /// <summary>Everything that was said.</summary>
    public string Said => Out + Error;
}
