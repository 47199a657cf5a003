using System.Collections.Immutable;
using System.CommandLine;
using Runbooks.Builtin;
using Runbooks.Builtin.Projects;
using Runbooks.Engine.Planning;
using Runbooks.Engine.Planning.Saved;
using Runbooks.Engine.Running;
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
    /// <param name="forChecks">Only the checks of the playbook are wanted.</param>
    /// <param name="placeholders">It is for a page to read: see <see cref="VarInputs.Placeholders"/>.</param>
    public Planned? Make(ParseResult parsed, Composition composition, bool forChecks = false, bool placeholders = false)
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

        if (Make(parsed, composition, project, source, saved: null, forChecks, placeholders) is not { } made)
        {
            return null;
        }

        if (made.Planned is null)
        {
            terminal.Error.Write(Placeholder.Shown(DiagnosticRenderer.Human(made.Wrong, terminal.Colour)));
        }

        return made.Planned;
    }

    /// <summary>The same for a playbook that was found already.</summary>
    /// <param name="saved">The saved plan whose values count; null when there is none.</param>
    /// <returns>Null when the vars file could not be read, which was printed.</returns>
    internal PlanMade? Make(ParseResult parsed, Composition composition, string project, SourceText source, SavedPlan? saved, bool forChecks = false, bool placeholders = false)
    {
        var path = saved?.Copy.PlaybookFile ?? Path.GetFullPath(source.Path, composition.CurrentDirectory);
        var read = PlaybookReader.Read(source, BuiltinKinds.Catalogue, new PartFiles(composition.Files, project, source, path).Open);
        if (read.Value is not { } playbook || read.HasErrors)
        {
            return new PlanMade(null, read.Diagnostics, null);
        }

        if (!TryReadVarsFile(parsed.GetValue(VarsFile), composition, out var varsFile))
        {
            return null;
        }

        var bindings = VarBinder.Bind(playbook, new VarInputs
        {
            Assignments = [.. parsed.GetValue(Vars) ?? []],
            File = varsFile,
            Recorded = saved?.Values ?? VarInputs.None.Recorded,
            Environment = composition.Machine.Environment,
            Placeholders = placeholders,
        });
        if (bindings.Value is not { } vars || bindings.HasErrors)
        {
            return new PlanMade(null, bindings.Diagnostics, null) { IsOfTheCommandLine = true };
        }

        composition.Know(vars.Secrets);
        var planned = vars.Items.Select(PlannedVar.Of);
        var request = new PlanRequest
        {
            Playbook = playbook,
            Vars = [.. saved is null ? planned : planned.Select(saved.Keep)],
            Scope = vars.ToScope(),
            ProjectDirectory = project,
            EngineVersion = Composition.EngineVersion,
            ForChecks = forChecks,
            Parts = new PartInputs
            {
                Recorded = saved?.Values ?? VarInputs.None.Recorded,
                Environment = composition.Machine.Environment,
                Keep = saved is null ? variable => variable : saved.Keep,
                Placeholders = placeholders,
            },
        };
        var plan = composition.Planner().Make(request);
        composition.Know(plan.Value?.Secrets ?? []);
        var warnings = read.Diagnostics.AddRange(bindings.Diagnostics).AddRange(plan.Diagnostics);
        return new PlanMade(plan.Value is null ? null : new Planned(plan.Value, warnings, vars.Secrets), warnings, request);
    }

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
/// <param name="Secrets">The values of the secret variables.</param>
public sealed record Planned(Plan Plan, ImmutableArray<Diagnostic> Warnings, ImmutableArray<string> Secrets)
{
    /// <summary>Values to mask: those of the secret variables, and what the plan computed from them.</summary>
    public ImmutableArray<string> Secrets { get; } = [.. Secrets, .. Plan.Secrets];

    /// <summary>The saved plan that it is; null when it was made just now.</summary>
    public SavedPlanUse? SavedPlan { get; init; }
}

/// <param name="Planned">Null when something is wrong.</param>
/// <param name="Wrong">All that was found, warnings too.</param>
/// <param name="Request">What it was made from; null when already that is wrong.</param>
internal sealed record PlanMade(Planned? Planned, ImmutableArray<Diagnostic> Wrong, PlanRequest? Request)
{
    /// <summary>What is wrong are the values that the operator gave or did not give.</summary>
    public bool IsOfTheCommandLine { get; init; }
}
