using System.Collections.Immutable;
using System.Text;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Planning;
using Runbooks.Language.Playbooks;
using Runbooks.Language.Templates;

namespace Runbooks.Engine.Procedures;

/// <summary>Effects as lines that a person pastes into a POSIX shell in the project directory.</summary>
/// <remarks>No secret stands in them: where one belongs there is a variable of the shell, so that it is in no history either. What is not known stands in angle brackets inside quotes, so that it redirects nothing when it is pasted as it is.</remarks>
/// <param name="backup">The file that takes the place of what a run would keep in its own folder.</param>
public sealed class ShellLines(string projectDirectory, SecretVariables secrets, string backup)
{
    private const string HiddenText = "<A SECRET>";

    public string Backup => backup;

    /// <summary>The line of a program, over several lines when its words or its input are.</summary>
    public ImmutableArray<string> Of(ProgramStart start)
    {
        var line = new StringBuilder();
        if (start.Environment.Any(e => !IsName(e.Name)))
        {
            line.Append("env ");
        }

        foreach (var addition in start.Environment)
        {
            line.Append($"{(IsName(addition.Name) ? addition.Name : Quote(addition.Name))}={Word(addition.Value)} ");
        }

        line.AppendJoin(' ', start.Argv.Select(Word));
        var input = Input(start, line);
        var isElsewhere = start.WorkingDirectory.Length > 0 && start.WorkingDirectory != projectDirectory;
        var text = (isElsewhere, input.Length > 0) switch
        {
            (false, _) => line + input,
            (true, false) => $"(cd {Quote(start.WorkingDirectory)} && {line})",
            (true, true) => $"(cd {Quote(start.WorkingDirectory)} && {line}{input}\n)",
        };
        if (start.ReadsFrom is { } from)
        {
            text += $" < {(from.IsKnown && !from.HasSecret && from.Display == ProgramStart.RunFolder ? Quote(backup) : Word(from))}";
        }

        if (start.WritesTo is { } to)
        {
            // A backup holds what others must not read.
            text = to == ProgramStart.RunFolder ? $"(umask 077 && {text} > {Quote(backup)})" : $"{text} > {Quote(to)}";
        }

        return [.. text.Split('\n')];
    }

    /// <summary>The same request with curl; its answer is shown with its status.</summary>
    public ImmutableArray<string> Of(RequestSent request)
    {
        var line = new StringBuilder("curl --silent --show-error --include --max-time 30");
        if (request.Method != "GET")
        {
            line.Append($" --request {Quote(request.Method)}");
        }

        var hidden = request.Headers.Where(h => h.Value.HasSecret).Select(h => Word(Header(h))).ToList();
        foreach (var header in request.Headers.Where(h => !h.Value.HasSecret))
        {
            line.Append($" --header {Word(Header(header))}");
        }

        // The words of a program can be read by every user of the machine: what holds a secret is fed to it.
        line.Append(hidden.Count > 0 ? " --header @-" : "");
        var isBodyHidden = request.Body.HasSecret;
        if (!request.Body.Parts.IsEmpty)
        {
            line.Append($" --data-binary {(!isBodyHidden ? Word(request.Body) : hidden.Count > 0 ? "@/dev/fd/3" : "@-")}");
        }

        var text = $"{line} {Word(request.Url)}";
        if (hidden.Count > 0)
        {
            text = $"printf '%s\\n' {string.Join(' ', hidden)} | {text}";
        }

        return [.. (!isBodyHidden ? text : hidden.Count > 0 ? $"printf %s {Word(request.Body)} | {{ {text}; }} 3<&0" : $"printf %s {Word(request.Body)} | {text}").Split('\n')];
    }

    private static Rendered Header(EnvironmentAddition header) => Rendered.Of([.. Rendered.Literal($"{header.Name}: ").Parts, .. header.Value.Parts]);

    public string Word(Rendered word)
    {
        var (text, open) = (new StringBuilder(), new StringBuilder());
        foreach (var part in word.Parts)
        {
            if (part.Kind == RenderedKind.Secret && secrets.Of(part.Text) is { } variable)
            {
                text.Append(open.Length > 0 ? Quote(open.ToString()) : "").Append($"\"${variable}\"");
                open.Clear();
            }
            else
            {
                open.Append(part.Kind switch
                {
                    RenderedKind.Literal => part.Text,
                    RenderedKind.Unknown => $"<{part.Text}>",
                    _ => part.Text.Length == 0 ? "" : HiddenText,
                });
            }
        }

        return open.Length > 0 || text.Length == 0 ? text + Quote(open.ToString()) : text.ToString();
    }

    /// <summary>Like <see cref="CommandLine.Quote"/>, but a text of several lines stays one of several lines: it is to be read as well.</summary>
    public static string Quote(string word) => Quoted(Placeholder.Shown(word));

    private static string Quoted(string word) =>
        word.Any(c => char.IsControl(c) && c is not ('\n' or '\t')) || !word.Any(char.IsControl) ? CommandLine.Quote(word) : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <returns>What stands after the line; a pipe is put before it.</returns>
    private string Input(ProgramStart start, StringBuilder line)
    {
        var input = start.StandardInput;
        if (input.Parts.IsEmpty)
        {
            return "";
        }

        var text = string.Concat(input.Parts.Select(p => p.Kind == RenderedKind.Literal ? p.Text : $"<{p.Text}>"));
        if (!input.HasSecret && text.EndsWith('\n') && !text.Any(c => char.IsControl(c) && c is not ('\n' or '\t')))
        {
            var end = "END";
            while (text.Split('\n').Contains(end))
            {
                end += "_";
            }

            return $" <<'{end}'\n{text}{end}";
        }

        line.Insert(0, $"printf %s {Word(input)} | ");
        return "";
    }

    private static bool IsName(string name) => name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
