using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Runbooks.Advisor.Migrations;
using Runbooks.Advisor.Situations;
using static Runbooks.Advisor.Reading.JsonParts;

namespace Runbooks.Advisor.Changes;

/// <summary>What changed, for programs, in the form of facts: <c>runbook advise --facts</c> takes it. What is no fact stands below <c>assessment</c>.</summary>
public static class ChangesJson
{
    /// <summary>Indented, with one final newline.</summary>
    public static string Write(ChangeReport report)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteNumber(FactKeys.Format, 1);
            Facts(json, report);
            json.WriteStartObject(FactKeys.Assessment);
            Assessment(json, report);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Facts(Utf8JsonWriter json, ChangeReport report)
    {
        if (report.AreKindsComplete)
        {
            Array(json, FactKeys.Changes, report.Kinds, kind => json.WriteStringValue(FactWords.Of(kind)));
        }
        else
        {
            // A list that may lack something would be read as the whole.
            json.WriteNull(FactKeys.Changes);
        }

        if (report.AreMigrationsComplete)
        {
            Array(json, FactKeys.Migrations, MigrationFacts(report), m => Object(json, ("id", m.Id), ("reversible", m.Reversible), ("data_loss", MigrationWords.Of(m.Loss))));
        }
        else
        {
            json.WriteNull(FactKeys.Migrations);
        }

        Array(json, FactKeys.Infrastructure, ChangeFacts.Infrastructure(report), kind => json.WriteStringValue(FactWords.Of(FactWords.Infrastructure, kind)));
        Array(json, FactKeys.Components, ChangeFacts.Components(report), c => Object(json, ("name", c.Name), ("change", FactWords.Of(c.Change))));
        Array(json, FactKeys.Configuration, ChangeFacts.Configuration(report), c => Object(json, ("variable", c.Variable), ("file", c.File), ("inside", c.Inside)));
        Array(json, FactKeys.Flags, ChangeFacts.Flags(report), f => Object(json, ("name", f.Name), ("where", f.Where), ("file", f.File)));
        Vars(json, report);
        Array(json, FactKeys.Evidence, Evidence(report), e => Object(json, ("fact", e.Fact), ("source", e.Source), ("value", e.Value), ("means", e.Means)));
    }

    private static ImmutableArray<(string Id, bool? Reversible, DataLoss Loss)> MigrationFacts(ChangeReport report) =>
    [
        .. report.Migrations.Select(m => (m.Migration.Key, m.Migration.Reversible, m.Migration.Loss)),
        .. ChangeFacts.NewServers(report).Select(m => (m.Id, (bool?)null, m.DataLoss)),
    ];

    private static ImmutableArray<Evidence> Evidence(ChangeReport report)
    {
        var source = $"runbook changes {report.From.Name}..{report.To.Name}";
        return
        [
            .. report.Changes.Select(c => new Evidence(c is { Kind: ChangeKind.Database, Area: "migration" } ? FactKeys.Migrations : FactKeys.Changes, source, "", $"{c.Area} {c.Subject}: {c.Text}", FactWords.Of(c.Kind))),
            .. report.Unknown.Select(g => new Evidence(g.Could is [ChangeKind.Database] ? FactKeys.Migrations : FactKeys.Changes, source, "", g.Why, "unknown")),
        ];
    }

    private static void Vars(Utf8JsonWriter json, ChangeReport report)
    {
        json.WriteStartObject(FactKeys.Vars);
        json.WriteString("revision", report.From.Commit);
        if (ChangeFacts.Images(report) is var (repository, good, bad) && !report.From.Name.Contains('@'))
        {
            json.WriteString("image", repository);
            json.WriteString("version", good);
            if (bad.Length > 0)
            {
                json.WriteString("failed_version", bad);
            }
        }

        if (report.Changes.Where(ChangeFacts.IsOfApplication).ToImmutableArray() is [var only])
        {
            json.WriteString("service", only.Subject);
        }

        json.WriteEndObject();
    }

    private static void Assessment(Utf8JsonWriter json, ChangeReport report)
    {
        json.WriteStartObject("from");
        json.WriteString("revision", report.From.Name);
        json.WriteString("commit", report.From.Commit);
        json.WriteEndObject();
        json.WriteStartObject("to");
        json.WriteString("revision", report.To.Name);
        json.WriteString("commit", report.To.Commit);
        json.WriteEndObject();
        Array(json, "changes", report.Changes, c => Object(json, ("kind", FactWords.Of(c.Kind)), ("area", c.Area), ("subject", c.Subject), ("item", c.Item), ("text", c.Text)));
        Array(json, "files", report.Files, f => Object(json, ("role", f.Role), ("path", f.Path), ("text", f.Text)));
        Array(json, "migrations", report.Migrations, m => Object(json, ("id", m.Migration.Key), ("kind", MigrationWords.Of(m.Kind)), ("file", m.Because?.File ?? m.Migration.File), ("line", m.Because?.Line), ("statement", m.Because?.Text ?? ""), ("why", m.Because?.Why ?? ""), ("data_loss", MigrationWords.Of(m.Migration.Loss))));
        Array(json, "unknown", report.Unknown, g => Object(json, ("subject", g.Subject), ("why", g.Why), ("could_be", string.Join(", ", g.Could.Select(FactWords.Of)))));
    }
}
