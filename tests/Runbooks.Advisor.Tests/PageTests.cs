using System.Text.Json;
using Runbooks.Advisor.Advising;
using Runbooks.Advisor.Reading;
using Runbooks.Advisor.Situations;
using Runbooks.Builtin;
using Runbooks.Language.Text;
using Runbooks.Testing;

namespace Runbooks.Advisor.Tests;

/// <summary>What <c>playbooks/advice.md</c> says is so.</summary>
public sealed class PageTests
{
    private static readonly string Page = File.ReadAllText(Repository.PathOf("playbooks/advice.md"));

    [Fact]
    public void Every_fact_and_every_value_stands_in_the_page()
    {
        // The reader lists what it knows when it is given what it does not.
        var hint = Assert.Single(FactsReader.Read(new SourceText("facts.yml", "nothing_of_the_kind: 1")).Diagnostics).Hint ?? "";
        var keys = hint["the facts are ".Length..].Split(", ");

        Assert.True(keys.Length > 20, $"only {keys.Length} facts found");
        Assert.All(keys, k => Assert.Contains($"\n| `{k}` |", Page, StringComparison.Ordinal));
        Assert.All(KnownVars.All, v => Assert.Contains($"`{v.Name}`", Page, StringComparison.Ordinal));
        Assert.All(FactWords.FailureTimes.Select(w => w.Word).Concat(FactWords.SystemStates.Select(w => w.Word)).Concat(FactWords.Traffic.Select(w => w.Word)).Concat(FactWords.Changes.Select(w => w.Word)).Concat(FactWords.Infrastructure.Select(w => w.Word)),
            w => Assert.Contains($"`{w}`", Page, StringComparison.Ordinal));
    }

    [Fact]
    public void The_example_is_read_and_every_key_of_the_answer_stands_in_the_page()
    {
        var example = Page[(Page.IndexOf("```yaml\n", StringComparison.Ordinal) + 8)..];
        var read = FactsReader.Read(new SourceText("facts.yml", example[..example.IndexOf("```", StringComparison.Ordinal)]));

        Assert.Empty(read.Diagnostics);
        using var answer = JsonDocument.Parse(AdviceJson.Write(new Adviser(BuiltinStrategies.All).Advise(Assert.IsType<Facts>(read.Value))));
        Assert.Equal("application", answer.RootElement.GetProperty("strategy").GetString());
        Assert.All(answer.RootElement.EnumerateObject(), m => Assert.Contains($"`{m.Name}`", Page, StringComparison.Ordinal));
    }
}
