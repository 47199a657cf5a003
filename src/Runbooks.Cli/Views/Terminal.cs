using System.Text;
using Runbooks.Engine.Ports;
using Runbooks.Host;

namespace Runbooks.Cli.Views;

/// <summary>Where the program writes. The only place that knows the console; tests give their own writers.</summary>
public sealed record Terminal
{
    /// <summary>Answers: plans, lists, events. Nothing else, so that it can be piped.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Everything for people that is not the answer.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>What somebody pipes into the program; nothing when not given.</summary>
    public Func<Stream> In { get; init; } = () => Stream.Null;

    /// <summary>Both may be written with escapes: somebody looks at it.</summary>
    public bool IsInteractive { get; init; }

    /// <summary>Somebody sits there and reads <see cref="Out"/>, and can type an answer.</summary>
    public bool AsksOnOut { get; init; }

    /// <summary>Somebody sits there and reads <see cref="Error"/>, and can type an answer.</summary>
    public bool AsksOnError { get; init; }

    /// <summary>Colour is wanted (a terminal, and NO_COLOR is not set).</summary>
    public bool Colour { get; init; }

    /// <summary>Columns; read anew on each use, because people resize windows.</summary>
    public Func<int> Width { get; init; } = () => 80;

    /// <summary>Where a question is read by somebody who can answer it; null when there is no such place.</summary>
    /// <param name="isOutTaken">Only what programs read may be written to <see cref="Out"/>.</param>
    public TextWriter? Questions(bool isOutTaken) => AsksOnOut && !isOutTaken ? Out : AsksOnError ? Error : null;

    public Style Style => Colour ? Style.Ansi : Style.None;

#pragma warning disable RS0030 // Console is opened here and nowhere else.
    public static Terminal OfProcess(IMachine machine)
    {
        var interactive = !Console.IsOutputRedirected && !Console.IsErrorRedirected && machine.Environment("TERM") is not (null or "dumb");
        var (answers, people) = (Writer(Console.OpenStandardOutput(), 4 << 10), Writer(Console.OpenStandardError(), 1 << 10));
        return new Terminal
        {
            Out = answers,
            Error = people,
            In = Console.OpenStandardInput,
            AsksOnOut = TerminalPrompt.IsThere && !Console.IsOutputRedirected,
            AsksOnError = TerminalPrompt.IsThere && !Console.IsErrorRedirected,
            IsInteractive = interactive,
            Colour = interactive && string.IsNullOrEmpty(machine.Environment("NO_COLOR")),
            Width = () => Console.WindowWidth is > 20 and var width ? width : 80,
        };
    }

    private static StreamWriter Writer(Stream stream, int buffer) => new(new AudienceStream(stream), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), buffer) { AutoFlush = false };
#pragma warning restore RS0030
}

/// <summary>The escapes that views use; all empty without colour.</summary>
public sealed record Style(string Good, string Bad, string Doubt, string Strong, string Faint, string Reset)
{
    public static Style None { get; } = new("", "", "", "", "", "");

    public static Style Ansi { get; } = new("\e[32m", "\e[1;31m", "\e[33m", "\e[1m", "\e[2m", "\e[0m");
}
