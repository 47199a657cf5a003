using System.Collections.Immutable;
using Runbooks.Advisor.Readiness;
using Runbooks.Engine.Ports;
using Runbooks.Language.Playbooks;
using Runbooks.Language.Projects;
using Runbooks.Language.Text;

namespace Runbooks.Builtin.Readiness.Backups;

/// <summary>The data was saved lately, and what was saved was verified.</summary>
public sealed class BackupsItem : IReadyItem
{
    public string Name => "backups";

    public string Statement => "the data has a verified backup that is young enough";

    public string Why => "What a migration or a wrong release destroyed comes back from nowhere else, and most backups that nobody verified cannot be restored.";

    public async Task<ReadyAnswer> AskAsync(ReadyProject project, CancellationToken cancel)
    {
        var inputs = project.Inputs;
        if (inputs.Project.Migrations is null && inputs.Project.Services.All(s => s.Kind != ServiceKind.Database))
        {
            return ReadyAnswer.Ready("the project keeps no data: it has no database and no migrations") with { Seen = [new Sighting(inputs.Project.Source.Path, "no service is a database")] };
        }

        var runs = await project.RunsAsync();
        var backups = ImmutableArray.CreateBuilder<BackupOnRecord>();
        foreach (var run in runs.Runs)
        {
            foreach (var (made, at) in run.Backups.Where(b => IsOfData(run, b.Made.Step, inputs.Runs)))
            {
                // The newest that is whole decides; older ones need no reading.
                var (problem, doubt) = backups.Any(b => b is { Problem: "", Doubt: "" }) ? ("", "it was not looked at") : BackupFile.Look(made, project.Ports.Files, cancel);
                backups.Add(new BackupOnRecord(run.Id, made.Step, at, made.Path, made.Verified, problem, doubt));
            }
        }

        return BackupJudgement.Of(backups.ToImmutable(), runs.Left, project.Ports.Time.GetUtcNow(), inputs.OldestBackup, Command(await project.PlaybooksAsync()));
    }

    /// <summary>By the playbook as it was run: a backup of files is none of the data.</summary>
    private static bool IsOfData(ReadyRun run, string step, IRunStore store)
    {
        var part = (run.Started.Parts ?? []).Where(p => step.StartsWith($"{p.Id}/", StringComparison.Ordinal)).OrderByDescending(p => p.Id.Length).FirstOrDefault();
        var read = store.ReadFile(run.Id, part is null ? run.State.Basis?.Playbook ?? "playbook.yml" : part.Copy);
        if (read.Bytes is not { } bytes)
        {
            return false;
        }

        var id = (part is null ? step : step[(part.Id.Length + 1)..]).Split('[')[0];
        return PlaybookReader.Read(SourceText.FromBytes("playbook.yml", bytes), BuiltinKinds.Catalogue).Value?.AllSteps.FirstOrDefault(s => s.Id == id) is { } found && SavesData(found);
    }

    private static bool SavesData(StepSyntax step) => step.Kind.MakesBackups && ((string[])["postgres", "mysql", "volume"]).Any(step.Body.Values.ContainsKey);

    private static string Command(ImmutableArray<ProjectPlaybookFile> playbooks) =>
        playbooks.Where(p => !p.HasErrors && p.Playbook?.AllSteps.Any(SavesData) == true).OrderBy(p => p.Playbook?.AllSteps.Count()).FirstOrDefault() is { } shortest ? $"runbook exec {shortest.Path}" : "";
}
