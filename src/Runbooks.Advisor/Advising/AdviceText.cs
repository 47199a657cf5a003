using System.Globalization;
using System.Text;
using Runbooks.Advisor.Strategies;

namespace Runbooks.Advisor.Advising;

/// <summary>Advice for a person under stress: what to do, what to paste, then why.</summary>
public static class AdviceText
{
    public static string Write(Advice advice)
    {
        var way = advice.Way;
        var text = new StringBuilder($"{advice.Strategy}: {way.Recommendation}\n");
        Command(text, advice);
        foreach (var note in advice.Notes)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n  {note}\n");
        }

        if (way.Probe is { } probe)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n  {probe.Question}\n");
            if (probe.Command.Length > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"    {probe.Command}\n");
            }
        }

        text.Append('\n');
        Row(text, "risk", $"{AdviceWords.Of(way.Risk)}: {string.Join("; ", way.RiskReasons)}");
        Row(text, "downtime", way.Downtime);
        Row(text, "takes", way.Time);
        List(text, "blocked by", way.BlockedBy);
        List(text, way.RollsBack ? "in order" : "instead", way.Order, isNumbered: way.Order.Length > 1);
        text.Append("\nbecause\n");
        foreach (var (reason, evidence) in advice.Reasons)
        {
            text.Append(CultureInfo.InvariantCulture, $"  - {reason}\n");
            foreach (var item in evidence)
            {
                text.Append(CultureInfo.InvariantCulture, $"      {AdviceWords.Of(item)}\n");
            }
        }

        List(text, "against", way.Against);
        List(text, "why not the others", advice.Alternatives.Select(a => $"{a.Strategy}: {a.WhyNot}"));
        List(text, "what would change this", way.WouldChange);
        return text.ToString();
    }

    private static void Command(StringBuilder text, Advice advice)
    {
        if (advice.CommandLine is not { } line)
        {
            return;
        }

        text.Append(CultureInfo.InvariantCulture, $"\n  {line}\n");
        foreach (var variable in advice.Missing)
        {
            text.Append(CultureInfo.InvariantCulture, $"    {variable.Placeholder} is {variable.Meaning}: fill it in\n");
        }

        text.Append("  'plan' instead of 'exec' shows first what it would do\n");
    }

    private static void Row(StringBuilder text, string name, string value) => text.Append(CultureInfo.InvariantCulture, $"{name,-10} {value}\n");

    private static void Row(StringBuilder text, string name, TimeRange? range)
    {
        if (range is not null)
        {
            Row(text, name, $"{AdviceWords.Of(range)} ({string.Join("; ", range.From)})");
        }
    }

    private static void List(StringBuilder text, string title, IEnumerable<string> items, bool isNumbered = false)
    {
        var number = 0;
        foreach (var item in items)
        {
            if (++number == 1)
            {
                text.Append(CultureInfo.InvariantCulture, $"\n{title}\n");
            }

            text.Append(isNumbered ? $"  {number.ToString(CultureInfo.InvariantCulture)}. {item}\n" : $"  - {item}\n");
        }
    }
}
