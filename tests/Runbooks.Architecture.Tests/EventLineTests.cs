using Runbooks.Engine.Journal;
using Runbooks.Testing;

namespace Runbooks.Architecture.Tests;

/// <summary>Whoever reads a journal line by line reads words, and no names of types.</summary>
public sealed class EventLineTests
{
    [Fact]
    public void Every_event_of_the_journal_has_a_line_of_its_own()
    {
        var lines = File.ReadAllText(Repository.PathOf("src/Runbooks.Cli/Views/EventLine.cs"));
        var events = typeof(JournalEvent).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(JournalEvent))).Select(t => t.Name).ToList();

        Assert.True(events.Count > 20, $"{events.Count} events were found");
        Assert.All(events, e => Assert.Contains($" {e} e => ", lines, StringComparison.Ordinal));
    }
}
