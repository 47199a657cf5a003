using System.Text.Json;
using Runbooks.Engine.Journal;

namespace Runbooks.Cli.Tests;

/// <summary>What a run left behind, read through the product's own reader.</summary>
internal sealed record Record(string Folder)
{
    public string Id => Path.GetFileName(Folder);

    public string JournalPath => Path.Combine(Folder, "journal.jsonl");

    public JournalContent Journal => JournalReader.Read(File.ReadAllBytes(JournalPath));

    public RunState State => RunState.Of(Journal);

    public RunEnded Ended => Assert.IsType<RunEnded>(State.Ended);

    public IEnumerable<T> Events<T>()
        where T : JournalEvent => Journal.Lines.Select(l => l.Event).OfType<T>();

    public StepState Step(string id) => State.Steps.Single(s => s.Head.Id == id);

    /// <summary>The outcome of the last attempt.</summary>
    public StepEnded EndOf(string id) => Assert.IsType<StepEnded>(Step(id).Ended);

    public byte[] OutputOf(string id) => File.ReadAllBytes(Path.Combine(Folder, EndOf(id).Output));

    public JsonElement Plan => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "plan.json"))).RootElement;

    public Record IsWhole()
    {
        Assert.Null(Journal.Break);
        Assert.True(State.IsSealed, "the journal is not sealed");
        return this;
    }
}
