using System.Globalization;
using System.Security;
using System.Text;
using System.Text.Json;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Running;
using Runbooks.Engine.Verifying;
using Runbooks.Language.Text;

namespace Runbooks.Cli.Views;

/// <summary>Shows a checklist: for people while it is asked, for programs once it is whole.</summary>
/// <param name="format">text, markdown, json or junit.</param>
public sealed class ChecklistView(Terminal terminal, string format)
{
    private bool _begun;

    /// <summary>An answer has come. People see it at once: the next one can take minutes.</summary>
    public void Answered(Checklist list, ChecklistItem item)
    {
        if (format != "text")
        {
            return;
        }

        if (!_begun)
        {
            terminal.Out.Write(Head(list));
            _begun = true;
        }

        var style = terminal.Style;
        var colour = item.Verdict.Kind switch { VerdictKind.Holds => style.Good, VerdictKind.DoesNotHold => style.Bad, _ => style.Doubt };
        terminal.Out.Write($"  {colour}{Box(item)}{style.Reset} {Line(item.Name)}{(item.Step.Length > 0 ? $"  {style.Faint}(step {item.Step}){style.Reset}" : "")}\n");
        if (item.Verdict.Kind != VerdictKind.Holds)
        {
            terminal.Out.Write($"        {(item.Verdict.Kind == VerdictKind.Unknown ? "unknown: " : "")}{Line(item.Verdict.Observed)}\n");
            foreach (var line in item.Verdict.Evidence)
            {
                terminal.Out.Write($"        {style.Faint}{Line(line)}{style.Reset}\n");
            }
        }

        terminal.Out.Flush();
    }

    /// <summary>All checks were asked.</summary>
    public void Done(Checklist list)
    {
        terminal.Out.Write(format switch
        {
            "markdown" => Markdown(list),
            "json" => Json(list),
            "junit" => JUnit(list),
            _ => $"\n{Sum(list)}\n",
        });
        terminal.Out.Flush();
    }

    private static string Head(Checklist list) =>
        $"verify {list.Playbook}{(list.Version.Length > 0 ? $" {list.Version}" : "")}  ({list.Path})\nin     {list.Project}\nsince  {Since(list)}\n\n";

    private static string Since(Checklist list) =>
        string.Create(CultureInfo.InvariantCulture, $"{list.Since.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z, {(list.Run.Length > 0 ? $"when run {list.Run} began" : "now: the playbook was not run here")}");

    private static string Sum(Checklist list)
    {
        var (bad, unknown) = (list.Count(VerdictKind.DoesNotHold), list.Count(VerdictKind.Unknown));
        return bad + unknown == 0
            ? $"all {list.Items.Length} hold"
            : $"{list.Count(VerdictKind.Holds)} of {list.Items.Length} hold, {bad} {(bad == 1 ? "does" : "do")} not, {unknown} {(unknown == 1 ? "is" : "are")} unknown";
    }

    private static string Box(ChecklistItem item) => item.Verdict.Kind switch { VerdictKind.Holds => "[x]", VerdictKind.DoesNotHold => "[ ]", _ => "[?]" };

    private static string Line(string text) => DisplayText.Visible(text);

    private static string Markdown(Checklist list)
    {
        var text = new StringBuilder($"# {Escape(list.Playbook)}: {Sum(list)}\n\n{Escape($"{list.Path}, in {list.Project}, since {Since(list)}")}\n\n");
        foreach (var item in list.Items)
        {
            var answer = item.Verdict.Kind switch { VerdictKind.Holds => "", VerdictKind.DoesNotHold => "**does not hold**: ", _ => "**unknown**: " };
            text.Append(CultureInfo.InvariantCulture, $"- [{(item.Verdict.Kind == VerdictKind.Holds ? 'x' : ' ')}] {Escape(item.Name)}{(item.Step.Length > 0 ? $" (step {Escape(item.Step)})" : "")}: {answer}{Escape(item.Verdict.Observed)}\n");
        }

        return text.ToString();
    }

    /// <summary>Nothing in it is read as Markdown or HTML.</summary>
    private static string Escape(string text)
    {
        var result = new StringBuilder(text.Length + 8);
        foreach (var c in Line(text))
        {
            result.Append(c is '\\' or '`' or '*' or '_' or '[' or ']' or '<' or '>' or '#' or '|' or '&' or '~' or '!' ? $"\\{c}" : c);
        }

        return result.ToString();
    }

    private static string Json(Checklist list)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("playbook", list.Playbook);
            json.WriteString("version", list.Version);
            json.WriteString("path", list.Path);
            json.WriteString("project", list.Project);
            json.WriteString("since", list.Since);
            json.WriteString("run", list.Run);
            json.WriteString("verdict", CheckWords.Of(list.Verdict));
            json.WriteStartArray("checks");
            foreach (var item in list.Items)
            {
                json.WriteStartObject();
                json.WriteString("step", item.Step);
                json.WriteString("name", item.Name);
                json.WriteString("statement", item.Statement);
                json.WriteString("verdict", CheckWords.Of(item.Verdict.Kind));
                json.WriteString("observed", item.Verdict.Observed);
                json.WriteStartArray("evidence");
                foreach (var line in item.Verdict.Evidence)
                {
                    json.WriteStringValue(line);
                }

                json.WriteEndArray();
                json.WriteNumber("asked", item.Asked);
                json.WriteNumber("elapsed_ms", (long)item.Elapsed.TotalMilliseconds);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }

    /// <summary>As CI systems read it: what does not hold is a failure, what is unknown an error; both make the build red.</summary>
    internal static string JUnit(Checklist list)
    {
        var text = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        var counts = $"tests=\"{list.Items.Length}\" failures=\"{list.Count(VerdictKind.DoesNotHold)}\" errors=\"{list.Count(VerdictKind.Unknown)}\" time=\"{Seconds(list.Items.Aggregate(TimeSpan.Zero, (sum, i) => sum + i.Elapsed))}\"";
        text.Append(CultureInfo.InvariantCulture, $"<testsuites {counts}>\n  <testsuite name=\"{Xml(list.Playbook)}\" {counts}>\n");
        foreach (var item in list.Items)
        {
            text.Append(CultureInfo.InvariantCulture, $"    <testcase classname=\"{Xml(item.Step.Length > 0 ? $"{list.Playbook}.{item.Step}" : list.Playbook)}\" name=\"{Xml(item.Name)}\" time=\"{Seconds(item.Elapsed)}\"");
            if (item.Verdict.Kind == VerdictKind.Holds)
            {
                text.Append("/>\n");
                continue;
            }

            var element = item.Verdict.Kind == VerdictKind.DoesNotHold ? "failure" : "error";
            text.Append(CultureInfo.InvariantCulture, $">\n      <{element} message=\"{Xml(item.Verdict.Observed)}\">{Xml($"{item.Statement}\n{string.Join('\n', item.Verdict.Evidence)}".Trim())}</{element}>\n    </testcase>\n");
        }

        return text.Append("  </testsuite>\n</testsuites>\n").ToString();
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture);

    /// <summary>XML 1.0 has no place for control characters and broken surrogates, escaped or not.</summary>
    private static string Xml(string text) => SecurityElement.Escape(string.Join('\n', text.Split('\n').Select(Line))) ?? "";
}
