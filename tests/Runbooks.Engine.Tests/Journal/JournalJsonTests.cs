using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Runbooks.Engine.Journal;

namespace Runbooks.Engine.Tests.Journal;

/// <summary>The events that are written by hand, byte for byte as the serializer would.</summary>
public sealed class JournalJsonTests
{
    private static readonly JsonElement Actions = JsonDocument.Parse("""[{"effect":"program","argv":["a\nb","«x» <&> 😀"],"n":1.50}]""").RootElement;

    private static StepEnded WholeEnd => new()
    {
        Step = "a/b",
        Attempt = 3,
        Undo = false,
        Failure = "it said \"no\" – and\tmore",
        Changed = true,
        ExitCode = -1,
        Observed = "o",
        Output = "output/0001-a.log",
        OutputLength = long.MaxValue,
        OutputSha256 = "ab",
        Captured = "captured/1",
        CapturedSha256 = "cd",
        ElapsedMs = 7,
        TimedOut = true,
        Survivors = ["12 sleep 9", "13 x"],
        Notes = ["n"],
    };

    [Fact]
    public void The_intent_of_a_step()
    {
        var whole = new StepIntended("a/b", 2, Actions) { Undo = true, Backups = ["x", "y"], Acknowledged = "because" };

        AssertSame(whole, JournalJson.Default.StepIntended, isWhole: true);
        AssertSame(new StepIntended("", 0, JsonDocument.Parse("[]").RootElement), JournalJson.Default.StepIntended);
        AssertSame(whole with { Backups = [] }, JournalJson.Default.StepIntended);
    }

    [Fact]
    public void The_end_of_a_step()
    {
        AssertSame(WholeEnd, JournalJson.Default.StepEnded, isWhole: true);
        AssertSame(new StepEnded { Step = "a", Attempt = 1, Changed = false, ElapsedMs = 0 }, JournalJson.Default.StepEnded);
    }

    [Fact]
    public void The_end_of_a_run()
    {
        foreach (var conclusion in Enum.GetValues<Conclusion>())
        {
            AssertSame(new RunEnded { Conclusion = conclusion, ExitCode = 130, Why = "stopped “here”", ElapsedMs = 9 }, JournalJson.Default.RunEnded, isWhole: true);
        }
    }

    /// <param name="isWhole">Nothing of it is left out: then a property that only the serializer knows of is missed here.</param>
    private static void AssertSame<T>(T entry, JsonTypeInfo<T> type, bool isWhole = false)
        where T : JournalEvent
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            JournalJson.Default.Write(json, entry);
        }

        Assert.Equal(JsonSerializer.Serialize(entry, type), Encoding.UTF8.GetString(buffer.ToArray()));
        if (isWhole)
        {
            using var read = JsonDocument.Parse(buffer.ToArray());
            Assert.Equal(type.Properties.Count, read.RootElement.EnumerateObject().Count());
        }
    }
}
