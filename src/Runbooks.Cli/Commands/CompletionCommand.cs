using System.CommandLine;
using Runbooks.Engine.Running;

namespace Runbooks.Cli.Commands;

/// <summary><c>runbook completion</c>: the script that makes a shell complete this program's words.</summary>
public static class CompletionCommand
{
    // Each asks the program itself ([suggest:N], answered by the command line library), so that completions are never stale.
    private const string Bash = """
        _runbook_complete() {
            local IFS=$'\n'
            COMPREPLY=( $(compgen -W "$(runbook "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}") )
        }
        complete -o default -F _runbook_complete runbook
        """;

    private const string Zsh = """
        #compdef runbook
        _runbook() {
            local -a words_found
            words_found=("${(@f)$(runbook "[suggest:${#BUFFER}]" "${BUFFER}" 2>/dev/null)}")
            compadd -a words_found
            _files
        }
        compdef _runbook runbook
        """;

    private const string Fish = """
        complete -c runbook -a '(runbook "[suggest:"(string length -- (commandline -cp))"]" (commandline -cp) 2>/dev/null)'
        """;

    public static Command Create(Composition composition)
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh or fish" }.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", "Print the completion script of a shell: source <(runbook completion bash)") { shell };
        command.SetAction(parsed =>
        {
            composition.Terminal.Out.WriteLine(parsed.GetRequiredValue(shell) switch
            {
                "bash" => Bash,
                "zsh" => Zsh,
                _ => Fish,
            });
            return ExitCodes.Succeeded;
        });
        return command;
    }
}
