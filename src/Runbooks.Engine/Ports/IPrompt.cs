namespace Runbooks.Engine.Ports;

/// <summary>The operator at the terminal, who can be shown something and asked for a line.</summary>
public interface IPrompt
{
    /// <summary>Shows a text that the questions after it are about.</summary>
    void Show(string text);

    /// <summary>Asks for one line. What was typed before the question stood there does not count: nobody can have answered what they had not read.</summary>
    /// <returns>Without its line break and without control characters; null when the terminal has gone away (end of file).</returns>
    /// <exception cref="OperationCanceledException">Nobody answered in time, or the run is stopped.</exception>
    Task<string?> AskAsync(string question, CancellationToken cancel);
}
