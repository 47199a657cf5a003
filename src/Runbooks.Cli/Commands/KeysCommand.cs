using System.CommandLine;
using System.Text;
using Runbooks.Engine.Ports;
using Runbooks.Engine.Running;
using Runbooks.Engine.Signing;

namespace Runbooks.Cli.Commands;

/// <summary><c>runbook keys</c>: key files with which plans are signed.</summary>
public static class KeysCommand
{
    public static Command Create(Composition composition) => new("keys", "Make keys that sign plans and the seals of runs.") { New(composition) };

    private static Command New(Composition composition)
    {
        var output = new Option<string>("--output", "-o") { Description = "name of the files, without ending", HelpName = "NAME", DefaultValueFactory = _ => "runbook" };
        var command = new Command("new", "Make a key pair: NAME.key, which signs and which only you can read, and NAME.pub, which checks. Overwrites nothing.") { output };
        command.SetAction(parsed =>
        {
            var terminal = composition.Terminal;
            var name = parsed.GetRequiredValue(output);
            var (privateFile, publicFile) = (name + KeyFiles.PrivateEnding, name + KeyFiles.PublicEnding);
            if (composition.Files.Stat(At(publicFile)).Kind != FileKind.Missing)
            {
                terminal.Error.WriteLine($"error: {publicFile}: it exists already; nothing was written");
                return ExitCodes.Invalid;
            }

            using var key = SigningKey.New();
            if (composition.Files.Create(At(privateFile), Encoding.ASCII.GetBytes(key.PrivatePem), ownerOnly: true) is { } problem)
            {
                terminal.Error.WriteLine($"error: {privateFile}: {problem}; nothing was written");
                return ExitCodes.Invalid;
            }

            if (composition.Files.Create(At(publicFile), Encoding.ASCII.GetBytes(key.PublicPem)) is { } failure)
            {
                terminal.Error.WriteLine($"error: {publicFile}: {failure}; {privateFile} was written");
                return ExitCodes.Invalid;
            }

            terminal.Out.WriteLine($"key {key.Fingerprint}");
            terminal.Out.WriteLine($"{privateFile}  signs: keep it to yourself (runbook plan PLAYBOOK -o FILE --sign {privateFile})");
            terminal.Out.WriteLine($"{publicFile}  checks: give it to those who run plans (runbook exec --plan FILE --require-signed {publicFile})");
            return ExitCodes.Succeeded;
        });
        return command;

        string At(string file) => Path.GetFullPath(file, composition.CurrentDirectory);
    }
}
