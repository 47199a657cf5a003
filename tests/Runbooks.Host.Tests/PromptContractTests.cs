using System.IO.Pipes;
using System.Text;
using Runbooks.Engine.Ports;
using Runbooks.Testing;
using Runbooks.Testing.Contracts;

namespace Runbooks.Host.Tests;

/// <summary>The real prompt at the reading end of a pipe; at a terminal it is in the tests of the program.</summary>
public sealed class TerminalPromptContractTests : PromptContract, IDisposable
{
    private readonly AnonymousPipeServerStream _keyboard = new(PipeDirection.Out);
    private readonly StringBuilder _screen = new();

    protected override (IPrompt Prompt, Func<string> Screen) Operator(params string[]? lines)
    {
        var next = 0;
        var prompt = new TerminalPrompt(
            text =>
            {
                _screen.Append(text);
                if (lines is not null && text.EndsWith("? ", StringComparison.Ordinal))
                {
                    Type(next < lines.Length ? lines[next++] : null);
                }
            },
            (int)_keyboard.ClientSafePipeHandle.DangerousGetHandle());
        return (prompt, _screen.ToString);
    }

    public void Dispose() => _keyboard.Dispose();

    private void Type(string? line)
    {
        if (line is null)
        {
            _keyboard.Close();
            return;
        }

        _keyboard.Write(Encoding.UTF8.GetBytes(line + "\n"));
    }
}

/// <summary>The fake does what the real prompt does.</summary>
public sealed class ScriptedPromptContractTests : PromptContract
{
    protected override (IPrompt Prompt, Func<string> Screen) Operator(params string[]? lines)
    {
        var prompt = lines is null ? new ScriptedPrompt(_ => ScriptedPrompt.Silence) : ScriptedPrompt.Answering(lines);
        return (prompt, () => prompt.Screen);
    }
}
