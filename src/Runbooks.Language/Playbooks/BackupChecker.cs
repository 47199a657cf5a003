using Runbooks.Language.Diagnostics;
using Runbooks.Language.Fields;
using Runbooks.Language.Text;

namespace Runbooks.Language.Playbooks;

/// <summary>Checks that whatever destroys has a backup that is made before it, or a reason why it needs none.</summary>
internal sealed class BackupChecker(Playbook playbook, DiagnosticBag bag)
{
    private readonly List<StepSyntax> _earlier = [];

    public void Check()
    {
        foreach (var top in playbook.Steps)
        {
            Check(top);
            foreach (var member in top.Members)
            {
                Check(member);
            }

            _earlier.Add(top);
            _earlier.AddRange(top.Members.AsSpan());
        }
    }

    private void Check(StepSyntax step)
    {
        CheckStep(step, $"step '{step.Id}'");
        if (step.Undo is { } undo)
        {
            CheckStep(undo, $"the undo of step '{step.Id}'");
        }
    }

    private void CheckStep(StepSyntax step, string noun)
    {
        if (step.Common.Find<BoundList>(StepFields.RequiresBackup) is { } list)
        {
            foreach (var item in list.Items)
            {
                CheckName(item.Source, item.Span);
            }

            if (step.Common.Find<BoundText>(StepFields.Acknowledge) is { } acknowledged)
            {
                bag.Add(PlaybookDiagnostics.Contradiction, acknowledged.Span, $"{noun} requires a backup, and says why it needs none", "remove one of the two");
            }
        }
        else if (step.Effect == Effect.Destroy && !step.Common.Values.ContainsKey(StepFields.Acknowledge))
        {
            bag.AddNoBackup(step, noun);
        }
    }

    private void CheckName(string id, TextSpan place)
    {
        var (step, isEarlier) = (playbook.AllSteps.FirstOrDefault(s => s.Id == id), _earlier.Any(s => s.Id == id));
        var backups = _earlier.Where(s => s.Kind.MakesBackups).Select(s => s.Id).ToList();
        if (step is null)
        {
            bag.Add(PlaybookDiagnostics.NoSuchBackup, place, $"there is no step '{id}'", Suggestion.Hint(id, backups));
        }
        else if (!step.Kind.MakesBackups)
        {
            bag.Add(PlaybookDiagnostics.NoSuchBackup, place, $"step '{id}' makes no backup", backups.Count > 0 ? $"steps that make one: {string.Join(", ", backups)}" : null);
        }
        else if (!isEarlier)
        {
            bag.Add(PlaybookDiagnostics.NoSuchBackup, place, $"step '{id}' has not run yet here", "a backup is made before what it is for");
        }
    }
}
