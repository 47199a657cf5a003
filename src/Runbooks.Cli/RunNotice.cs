using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Runbooks.Cli.Views;
using Runbooks.Engine.Journal;
using Runbooks.Engine.Ports;
using Runbooks.Language.Projects;
using Runbooks.Language.Text;

namespace Runbooks.Cli;

/// <summary>
/// Tells a project's people how a run ended, by the incoming webhook that its project file names. The run is over and sealed by then: whether they could be told changes nothing of it, and
/// is said to the operator alone.
/// </summary>
internal sealed class RunNotice(Composition composition)
{
    /// <summary>Nobody at a terminal waits longer for a chat.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <returns>A line for the operator, in which secrets may stand; null when there is nobody to tell, or nothing to tell of.</returns>
    public async Task<string?> TellAsync(RunState state, string why, Conclusion conclusion, CancellationToken cancel)
    {
        // What was refused has changed nothing: that is news for the one who asked, and for nobody else.
        if (state.Started is not { } started || !state.Steps.Any(s => s.WasBegunWithEffect))
        {
            return null;
        }

        var (project, problem) = Read(started.Project);
        if (project is not { WebhookEnv.Length: > 0 })
        {
            return problem is null ? null : NotTold(problem);
        }

        if (composition.Machine.Environment(project.WebhookEnv) is not { Length: > 0 } address)
        {
            return NotTold($"{project.WebhookEnv} is not set");
        }

        composition.Know([address]);
        if (!Uri.TryCreate(address, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            return NotTold($"what {project.WebhookEnv} holds is no address of http or https");
        }

        // The secret is in what follows the host, and that alone can stand in what went wrong, too.
        composition.Know(url.PathAndQuery.Length > 1 ? [url.PathAndQuery] : []);
        return await SendAsync(address, project, Text(started, state, why, conclusion, project), cancel);
    }

    private async Task<string> SendAsync(string address, ProjectFile project, string text, CancellationToken cancel)
    {
        try
        {
            var answer = await composition.Ports().Network.SendAsync(
                new HttpSpec("POST", address) { Headers = [KeyValuePair.Create("Content-Type", "application/json")], Body = Body(composition.Mask(text)), Timeout = Patience, BodyLimit = 200 }, cancel);
            return answer.Status switch
            {
                >= 200 and < 300 => $"told{Who(project)}, by the webhook in {project.WebhookEnv}",
                { } status => NotTold(string.Create(CultureInfo.InvariantCulture, $"the webhook in {project.WebhookEnv} answered {status}")),
                null => NotTold($"the webhook in {project.WebhookEnv} did not answer: {answer.Problem}"),
            };
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return NotTold("it was stopped before the webhook answered");
        }
    }

    private static string NotTold(string why) => $"nobody was told: {why}; what the run came to is as it is said above";

    /// <returns>Neither when there is none; when there is one that cannot be read, why.</returns>
    private (ProjectFile? Project, string? Problem) Read(string folder)
    {
        if (ProjectFiles.Find(folder, composition) is not { } path)
        {
            return (null, null);
        }

        var (name, file) = (Path.GetFileName(path), composition.Files.Read(path));
        if (file.Bytes is null)
        {
            return (null, $"{name}: {file.Problem}");
        }

        var read = ProjectReader.Read(SourceText.FromBytes(name, file.Bytes));
        return read.HasErrors ? (null, $"{name} has mistakes: 'runbook lint {name}' names them") : (read.Value, null);
    }

    /// <summary>What somebody wants to know who was not there: what was done, how it ended, by whom, and where it is written down.</summary>
    private static string Text(RunStarted started, RunState state, string why, Conclusion conclusion, ProjectFile project)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{started.Playbook} {RunSummary.Word(conclusion)}{(state.Ended is { } ended ? $" after {RunView.Seconds(ended.ElapsedMs)}" : "")}{(why.Length > 0 ? $": {why}" : "")}\n");
        text.Append(CultureInfo.InvariantCulture, $"{Path.GetFileName(started.Project)}, by {(state.GitIdentity.Length > 0 ? state.GitIdentity : started.Operator.User)} on {started.Operator.Host}{(started.Reason.Length > 0 ? $": {started.Reason}" : "")}\n");
        foreach (var step in state.Steps.Where(s => s.WasBegunWithEffect))
        {
            text.Append(CultureInfo.InvariantCulture, $"- {(step.Head.Name.Length > 0 ? step.Head.Name : step.Head.Id)}: {RunSummary.Standing(step)}\n");
        }

        return text.Append(CultureInfo.InvariantCulture, $"runbook runs show {started.RunId}{(project.Notify.IsEmpty ? "" : $"\nfor {string.Join(", ", project.Notify)}")}").ToString();
    }

    private static string Who(ProjectFile project) => project.Notify.IsEmpty ? "" : $": {string.Join(", ", project.Notify)}";

    private static byte[] Body(string text)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("text", text);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
