using Runbooks.Engine.Ports;
using Xunit;

namespace Runbooks.Testing.Contracts;

/// <summary>What every implementation of <see cref="IPrompt"/> does. The real adapter and the fake both inherit it.</summary>
public abstract class PromptContract
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>An operator who types these lines, each when a question stands there, and then goes away.</summary>
    /// <param name="lines">Null for one who sits there and types nothing.</param>
    protected abstract (IPrompt Prompt, Func<string> Screen) Operator(params string[]? lines);

    [Fact]
    public async Task Questions_are_shown_and_answered_in_order()
    {
        var (prompt, screen) = Operator("first", "second");

        prompt.Show("look at this\n");
        Assert.Equal("first", await prompt.AskAsync("one?", Cancel));
        Assert.Equal("second", await prompt.AskAsync("two?", Cancel));

        Assert.Equal("look at this\none? two? ", screen());
    }

    [Fact]
    public async Task An_answer_comes_without_what_is_around_it()
    {
        var (prompt, _) = Operator("  yes,\u0007 ü \t");

        Assert.Equal("yes, ü", await prompt.AskAsync("?", Cancel));
    }

    [Fact]
    public async Task An_empty_line_is_an_empty_answer()
    {
        var (prompt, _) = Operator("");

        Assert.Equal("", await prompt.AskAsync("?", Cancel));
    }

    [Fact]
    public async Task A_terminal_that_is_gone_answers_null()
    {
        var (prompt, _) = Operator();

        Assert.Null(await prompt.AskAsync("?", Cancel));
    }

    [Fact]
    public async Task A_question_that_nobody_answers_can_be_given_up()
    {
        var (prompt, _) = Operator(null);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);

        var asked = prompt.AskAsync("?", stop.Token);
        Assert.False(asked.IsCompleted);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
    }
}
