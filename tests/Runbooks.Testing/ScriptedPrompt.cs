using System.Text;
using Runbooks.Engine.Ports;

namespace Runbooks.Testing;

/// <summary>An operator who answers by a script.</summary>
/// <param name="answer">The answer to a question; null when the terminal is gone.</param>
public sealed class ScriptedPrompt(Func<string, string?> answer) : IPrompt
{
    /// <summary>What an operator answers who does not.</summary>
    public const string Silence = "\0";

    private readonly StringBuilder _screen = new();

    /// <summary>One after the other, whatever is asked; after the last the terminal is gone.</summary>
    public static ScriptedPrompt Answering(params string[] answers)
    {
        var next = 0;
        return new ScriptedPrompt(_ => next < answers.Length ? answers[next++] : null);
    }

    /// <summary>Everything that stood before the operator's eyes.</summary>
    public string Screen => _screen.ToString();

    public void Show(string text) => _screen.Append(text);

    public async Task<string?> AskAsync(string question, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        Show($"{question} ");
        var given = answer(question);
        if (given == Silence)
        {
            var never = new TaskCompletionSource<string?>();
            await using var registration = cancel.Register(() => never.TrySetCanceled(cancel));
            return await never.Task;
        }

        return given is null ? null : string.Concat(given.Where(c => !char.IsControl(c))).Trim();
    }
}
