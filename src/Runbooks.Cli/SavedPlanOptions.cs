using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json;
using Runbooks.Engine.Planning;
using Runbooks.Engine.Planning.Saved;
using Runbooks.Engine.Ports;
using Runbooks.Engine.Running;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Text;

namespace Runbooks.Cli;

/// <summary>What <c>exec</c> runs: a plan that is made now, or with <c>--plan</c> one that was saved, if it is still the same.</summary>
public sealed class SavedPlanOptions(ProjectPlace place, PlanOptions options)
{
    private const int MostDifferences = 40;

    private Option<string?> Plan { get; } = new("--plan") { Description = "run this saved plan ('runbook plan PLAYBOOK -o FILE'), once, and only if nothing has changed since", HelpName = "FILE" };

    private Option<string[]> RequireSigned { get; } = new("--require-signed") { Description = "refuse a saved plan that none of these public keys signed; a file, or a folder of .pub files", HelpName = "PUB", Arity = ArgumentArity.OneOrMore };

    /// <summary>After the options of a plan that is made now.</summary>
    public void AddTo(Command command)
    {
        options.Playbook.Arity = ArgumentArity.ZeroOrOne;
        command.Add(Plan);
        command.Add(RequireSigned);
        command.Validators.Add(result =>
        {
            var isSaved = result.GetValue(Plan) is not null;
            var isNamed = result.GetValue(options.Playbook) is not null;
            if (isSaved == isNamed)
            {
                result.AddError(isSaved ? "a saved plan says which playbook it is: name no other beside --plan" : "required argument 'playbook' missing: name one, or --plan FILE");
            }
            else if (!isSaved && result.GetResult(RequireSigned) is not null)
            {
                result.AddError("--require-signed is about a saved plan: it needs --plan FILE");
            }
        });
    }

    /// <returns>The plan; or the exit code, when why there is none was printed.</returns>
    public (Planned? Planned, int Exit) Make(ParseResult parsed, Composition composition)
    {
        if (parsed.GetValue(Plan) is not { } file)
        {
            return (options.Make(parsed, composition), ExitCodes.Invalid);
        }

        var read = composition.Files.Read(Path.GetFullPath(file, composition.CurrentDirectory));
        if (read.Bytes is not { } bytes)
        {
            return Invalid($"{file}: {read.Problem}", composition);
        }

        var signedBy = "";
        if (parsed.GetValue(RequireSigned) is { Length: > 0 } names)
        {
            var (keys, problem) = KeyFiles.ReadVerifying(names, composition);
            if (problem is not null)
            {
                return Invalid(problem, composition);
            }

            var signature = composition.Files.Read(Path.GetFullPath(file + PlanOutput.SignatureEnding, composition.CurrentDirectory));
            if (signature.Bytes is not { } signed)
            {
                return Refused($"{file} is not signed: {file}{PlanOutput.SignatureEnding}: {signature.Problem}", [], composition);
            }

            if (keys.FirstOrDefault(k => k.Verifies(bytes, signed)) is not { } key)
            {
                return Refused($"{file}{PlanOutput.SignatureEnding} is not a signature of {file} by {(keys.Length == 1 ? "the key" : "one of the keys")} in {string.Join(", ", names)}", [], composition);
            }

            signedBy = key.Fingerprint;
        }

        var found = SavedPlanReader.Read(bytes);
        if (found.Plan is not { } saved)
        {
            return found.IsAltered ? Refused($"{file} {found.Problem}", [], composition) : Invalid($"{file} {found.Problem}", composition);
        }

        var (planned, exit) = Remake(parsed, file, saved, composition);
        return (planned is null ? null : planned with { SavedPlan = new SavedPlanUse(saved.Copy.PlanId, signedBy) }, exit);
    }

    private (Planned? Planned, int Exit) Remake(ParseResult parsed, string file, SavedPlan saved, Composition composition)
    {
        var stale = $"{file} is not what would happen now";
        var project = place.IsGiven(parsed) ? place.DirectoryOf(parsed, composition) : saved.ProjectDirectory;
        if (composition.Files.Stat(project).Kind != FileKind.Folder)
        {
            return Refused(stale, [$"project: the folder {project} is not there"], composition);
        }

        var read = composition.Files.Read(saved.Copy.PlaybookFile);
        if (read.Bytes is not { } bytes)
        {
            return Refused(stale, [$"playbook {saved.Copy.PlaybookFile}: {read.Problem}"], composition);
        }

        var source = SourceText.FromBytes(saved.PlaybookPath, bytes);
        if (options.Make(parsed, composition, project, source, saved) is not { } made)
        {
            return (null, ExitCodes.Invalid);
        }

        if (made.Planned is { } planned)
        {
            return planned.Plan.Digest == saved.Digest ? (planned, ExitCodes.Succeeded) : Refused(stale, Differences(PlanJson.Utf8(planned.Plan), now => PlanDifferences.Of(saved.Json, now)), composition);
        }

        composition.Terminal.Error.Write(DiagnosticRenderer.Human(made.Wrong, composition.Terminal.Colour));
        var isSamePlaybook = Planner.Sha256Of(source) == saved.PlaybookSha256;
        if (isSamePlaybook && made.IsOfTheCommandLine)
        {
            return (null, ExitCodes.Invalid);
        }

        var differences = made.Request is { } request ? Differences(PlanJson.Utf8(request), now => PlanDifferences.OfOrigins(saved.Json, now))
            : isSamePlaybook ? []
            : [$"playbook {saved.PlaybookPath}: its content has changed"];
        return Refused($"{stale}: no plan can be made any more", differences, composition);
    }

    private static ImmutableArray<string> Differences(ReadOnlyMemory<byte> now, Func<JsonElement, ImmutableArray<string>> from)
    {
        using var json = JsonDocument.Parse(now);
        return from(json.RootElement);
    }

    private static (Planned?, int) Invalid(string problem, Composition composition)
    {
        composition.Terminal.Error.WriteLine($"error: {problem}");
        return (null, ExitCodes.Invalid);
    }

    private static (Planned?, int) Refused(string why, ImmutableArray<string> differences, Composition composition)
    {
        var people = composition.Terminal.Error;
        people.WriteLine($"refused: {DisplayText.Visible(why)}; nothing was changed");
        foreach (var difference in differences.Take(MostDifferences))
        {
            people.WriteLine($"  {DisplayText.Visible(difference)}");
        }

        if (differences.Length > MostDifferences)
        {
            people.WriteLine($"  and {differences.Length - MostDifferences} more");
        }

        if (!differences.IsEmpty)
        {
            people.WriteLine("'runbook plan PLAYBOOK -o FILE' saves the plan as it is now, to be reviewed again");
        }

        return (null, ExitCodes.Refused);
    }
}
