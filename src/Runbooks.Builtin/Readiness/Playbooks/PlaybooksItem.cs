using System.Collections.Immutable;
using Runbooks.Advisor.Readiness;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Diagnostics;

namespace Runbooks.Builtin.Readiness.Playbooks;

/// <summary>The project has playbooks, and they have no mistakes.</summary>
public sealed class PlaybooksItem : IReadyItem
{
    private const string Folder = ProjectPlaybookFile.Folder;

    public string Name => "playbooks";

    public string Statement => $"there is a playbook in {Folder}/, and none has mistakes";

    public string Why => "A playbook that cannot be read is no playbook, and the night on which it is needed is the wrong one to write it.";

    public async Task<ReadyAnswer> AskAsync(ReadyProject project, CancellationToken cancel)
    {
        var playbooks = await project.PlaybooksAsync();
        return playbooks.IsEmpty
            ? ReadyAnswer.NotReady($"there is no playbook in {Folder}/", new ReadyFix($"see which one fits, copy it into {Folder}/ and put it into git", "runbook advise --interactive")) with { Seen = [new Sighting($"{Folder}/", "it holds no playbook")] }
            : ReadyAnswer.Of([.. playbooks.Select(Part)], playbooks.Length == 1 ? $"{playbooks[0].Path} has no mistakes" : $"none of the {playbooks.Length} playbooks in {Folder}/ has mistakes");
    }

    private static ReadyPart Part(ProjectPlaybookFile file)
    {
        ImmutableArray<ReadyFix> fixes = [new ReadyFix("see each mistake with what to do", $"runbook lint {file.Path}")];
        var errors = file.Diagnostics.Where(d => d.Severity == Severity.Error).ToImmutableArray();
        return file.Problem.Length > 0 ? new ReadyPart(VerdictKind.Unknown, $"{file.Path}: {file.Problem}") { Fixes = fixes }
            : errors.IsEmpty ? new ReadyPart(VerdictKind.Holds, "") { Seen = [new Sighting("runbook lint", $"{file.Path}: {(file.Diagnostics.IsEmpty ? "no mistakes" : $"no errors, {file.Diagnostics.Length} other remarks")}")] }
            : new ReadyPart(VerdictKind.DoesNotHold, $"{file.Path} has {(errors.Length == 1 ? "a mistake" : $"{errors.Length} mistakes")}: {errors[0].Message}") { Seen = [.. errors.Select(e => new Sighting("runbook lint", $"{file.Path}: {e.Message}"))], Fixes = fixes };
    }
}
