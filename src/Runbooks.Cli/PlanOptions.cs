using System.CommandLine;
using Runbooks.Builtin;
using Runbooks.Engine.Planning;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Playbooks;
using Runbooks.Language.Text;

namespace Runbooks.Cli;

/// <summary>The arguments from which a plan is made; the same for <c>plan</c> and <c>exec</c>, so that both go one way.</summary>
public sealed class PlanOptions(ProjectPlace place)
{
    public Argument<string> Playbook { get; } = new("playbook") { Description = "file in the current folder, else in the project's playbooks/" };

    public Option<string[]> Vars { get; } = new("--var", "-v") { Description = "value of a variable", HelpName = "name=value", Arity = ArgumentArity.OneOrMore };

    public Option<string?> VarsFile { get; } = new("--vars-file") { Description = "YAML or JSON file with values of variables", HelpName = "FILE" };

    public void AddTo(Command command)
    {
        command.Add(Playbook);
        command.Add(Vars);
        command.Add(VarsFile);
    }

    /// <summary>Everything up to the plan; what is wrong was printed when there is none.</summary>
    public Planned? Make(ParseResult parsed, Composition composition)
    {
        var terminal = composition.Terminal;
        var project = place.DirectoryOf(parsed, composition);
        if (composition.Files.Stat(project).Kind != Engine.Ports.FileKind.Folder)
        {
            terminal.Error.WriteLine($"error: the project directory {project} does not exist");
            return null;
        }

        var (source, problem) = PlaybookFile.Read(parsed.GetRequiredValue(Playbook), project, composition);
        if (source is null)
        {
            terminal.Error.WriteLine($"error: {problem}");
            return null;
        }

        var read = PlaybookReader.Read(source, BuiltinKinds.Catalogue);
        if (read.Value is not { } playbook || read.HasErrors)
        {
            return Invalid(read.Diagnostics);
        }

        if (!TryReadVarsFile(parsed.GetValue(VarsFile), composition, out var varsFile))
        {
            return null;
        }

        var bindings = VarBinder.Bind(playbook, new VarInputs
        {
            Assignments = [.. parsed.GetValue(Vars) ?? []],
            File = varsFile,
            Environment = composition.Machine.Environment,
        });
        if (bindings.Value is not { } vars || bindings.HasErrors)
        {
            return Invalid(bindings.Diagnostics);
        }

        var plan = composition.Planner().Make(new PlanRequest
        {
            Playbook = playbook,
            Vars = [.. vars.Items.Select(PlannedOf)],
            Scope = vars.ToScope(),
            ProjectDirectory = project,
            EngineVersion = Composition.EngineVersion,
        });
        var warnings = read.Diagnostics.AddRange(bindings.Diagnostics).AddRange(plan.Diagnostics);
        return plan.Value is null ? Invalid(warnings) : new Planned(plan.Value, warnings, vars.Secrets);

        Planned? Invalid(IEnumerable<Diagnostic> diagnostics)
        {
            terminal.Error.Write(DiagnosticRenderer.Human(diagnostics, terminal.Colour));
            return null;
        }
    }

    internal static PlannedVar PlannedOf(VarBinding binding) => new(binding.Name, binding.Shown, OriginOf(binding), binding.Declaration.Secret)
    {
        Texts = binding.Value is null || binding.Declaration.Secret ? null : binding.Texts,
        IsList = binding.Declaration.Type == VarType.List,
    };

    private static string OriginOf(VarBinding binding) => binding.Origin switch
    {
        VarOrigin.CommandLine => "--var",
        VarOrigin.File => "vars file",
        VarOrigin.Record => "from the run",
        VarOrigin.Environment => $"from {binding.Declaration.FromEnv}",
        VarOrigin.Default => "default",
        _ => "not given",
    };

    internal static bool TryReadVarsFile(string? path, Composition composition, out SourceText? text)
    {
        text = null;
        if (path is null)
        {
            return true;
        }

        var read = composition.Files.Read(Path.GetFullPath(path, composition.CurrentDirectory));
        if (read.Bytes is not { } bytes)
        {
            composition.Terminal.Error.WriteLine($"error: --vars-file {path}: {read.Problem}");
            return false;
        }

        text = SourceText.FromBytes(path, bytes);
        return true;
    }
}

/// <summary>A plan with what the operator should know about it.</summary>
/// <param name="Warnings">Diagnostics that are no errors.</param>
/// <param name="Secrets">Values to mask.</param>
public sealed record Planned(Plan Plan, System.Collections.Immutable.ImmutableArray<Diagnostic> Warnings, System.Collections.Immutable.ImmutableArray<string> Secrets);
