using System.CommandLine;
using Runbooks.Cli.Views;
using Runbooks.Engine.Audit;
using Runbooks.Engine.Journal;
using Runbooks.Engine.Ports;
using Runbooks.Engine.Running;

namespace Runbooks.Cli.Commands;

/// <summary><c>runbook audit</c>: whether the record is as it was written, and what is needed to show that to others.</summary>
public static class AuditCommand
{
    public static Command Create(Composition composition, ProjectPlace place) => new("audit", "Check that the record of all runs is complete and unchanged.")
    {
        Verify(composition, place),
        Head(composition, place),
        Export(composition, place),
    };

    /// <summary>Whether the process that a journal names is alive on this machine.</summary>
    internal static bool IsAlive(Operator? who, IMachine machine) => who is not null &&
        who.Host == machine.HostName && who.ProcessStamp.Length > 0 && machine.ProcessStamp(who.ProcessId) == who.ProcessStamp;

    private static Auditor AuditorOf(ParseResult parsed, Composition composition, ProjectPlace place) =>
        new(composition.RunStore(place.StoreOf(parsed, composition)), who => IsAlive(who, composition.Machine));

    private static Command Verify(Composition composition, ProjectPlace place)
    {
        var run = new Argument<string?>("run") { Description = "id, its beginning, or 'latest'; all runs when left out", Arity = ArgumentArity.ZeroOrOne };
        var anchor = new Option<string?>("--anchor") { Description = "a head that 'audit anchor' printed earlier: the ledger must still contain it", HelpName = "HEAD" };
        var keys = new Option<string[]>("--key") { Description = "check the signatures of seals: by these public keys; a file, or a folder of .pub files", HelpName = "PUB", Arity = ArgumentArity.OneOrMore };
        var signed = new Option<bool>("--require-signed") { Description = "every run must be sealed and signed by one of the keys" };
        var json = new Option<bool>("--json") { Description = "one JSON object" };
        var command = new Command("verify", "Compare ledger, journals, plans, outputs and saved files with what was written. Exit 0: whole; 1: altered; 6: not everything could be read.") { run, anchor, keys, signed, json };
        command.Validators.Add(result =>
        {
            if (result.GetValue(signed) && result.GetResult(keys) is null)
            {
                result.AddError("--require-signed needs --key PUB: whose signatures are believed");
            }
        });
        command.SetAction(parsed =>
        {
            var terminal = composition.Terminal;
            var given = parsed.GetValue(anchor);
            var head = given is null ? null : Anchor.Parse(given);
            if (given is not null && head is null)
            {
                terminal.Error.WriteLine($"error: --anchor {given}: expected is what 'runbook audit anchor' printed, NUMBER:HASH");
                return ExitCodes.Invalid;
            }

            var auditor = AuditorOf(parsed, composition, place);
            string? found = null;
            if (parsed.GetValue(run) is { } wanted && (found = RunChoice.Find(wanted, auditor.Known(), terminal)) is null)
            {
                return ExitCodes.Invalid;
            }

            var (believed, wrong) = parsed.GetValue(keys) is { Length: > 0 } names ? KeyFiles.ReadVerifying(names, composition) : ([], null);
            if (wrong is not null)
            {
                terminal.Error.WriteLine($"error: --key: {wrong}");
                return ExitCodes.Invalid;
            }

            var report = auditor.Verify(found, head, believed.IsEmpty ? null : new SealTrust(believed, parsed.GetValue(signed)));
            terminal.Out.Write(parsed.GetValue(json) ? AuditJson.Of(report) : AuditText.Of(report, terminal.Style));
            return report.IsAltered ? ExitCodes.Failed : report.IsUnknown ? ExitCodes.Inconclusive : ExitCodes.Succeeded;
        });
        return command;
    }

    private static Command Head(Composition composition, ProjectPlace place)
    {
        var command = new Command("anchor", "Print the head of the ledger in one line, to be kept elsewhere: in a git note, a ticket, a commit.");
        command.SetAction(parsed =>
        {
            var read = composition.RunStore(place.StoreOf(parsed, composition)).ReadLedger();
            var ledger = LedgerReader.Read(read.Bytes);
            var problem = read.Problem ?? (ledger.IsAltered ? $"line {ledger.Break?.LineNumber} (byte {ledger.Break?.Offset}): {ledger.Break?.Problem}" : null);
            if (problem is not null)
            {
                composition.Terminal.Error.WriteLine($"error: the ledger has no head to hold on to: {problem}");
                return read.Problem is null ? ExitCodes.Failed : ExitCodes.Inconclusive;
            }

            composition.Terminal.Out.WriteLine(ledger.Head.ToString());
            return ExitCodes.Succeeded;
        });
        return command;
    }

    private static Command Export(Composition composition, ProjectPlace place)
    {
        var run = new Argument<string?>("run") { Description = "id, its beginning, or 'latest'", Arity = ArgumentArity.ZeroOrOne };
        var all = new Option<bool>("--all") { Description = "all runs" };
        var output = new Option<string>("--output", "-o") { Description = "the file to write; it must not be there", HelpName = "FILE", Required = true };
        var command = new Command("export", "Write runs and the ledger into one file to hand over: a tar archive with the digests of all it holds.") { run, all, output };
        command.SetAction(parsed =>
        {
            var terminal = composition.Terminal;
            var folder = place.StoreOf(parsed, composition);
            var store = composition.RunStore(folder);
            if (parsed.GetValue(all) == (parsed.GetValue(run) is not null))
            {
                terminal.Error.WriteLine("error: name one run, or --all");
                return ExitCodes.Invalid;
            }

            IReadOnlyList<string> ids = store.List();
            if (parsed.GetValue(run) is { } wanted)
            {
                if (RunChoice.Find(wanted, ids, terminal) is not { } found)
                {
                    return ExitCodes.Invalid;
                }

                ids = [found];
            }

            var path = Path.GetFullPath(parsed.GetValue(output) ?? "", composition.CurrentDirectory);
            var answer = composition.RunExport(folder).Write(ids, path);
            if (answer.Problem is { } problem)
            {
                terminal.Error.WriteLine($"error: {path}: {problem}");
                return ExitCodes.Invalid;
            }

            terminal.Error.WriteLine($"{ids.Count} {(ids.Count == 1 ? "run" : "runs")} and the ledger, {answer.Files} files, written to {PlaybookFile.Shown(path, composition.CurrentDirectory)} (sha256:{composition.Files.Digest(path).Sha256})");
            return ExitCodes.Succeeded;
        });
        return command;
    }
}
