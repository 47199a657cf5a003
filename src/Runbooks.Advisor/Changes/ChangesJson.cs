using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Runbooks.Advisor.Migrations;
using Runbooks.Advisor.Situations;

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
            // Another major version of what keeps data is a migration that no file brings, and of which nobody knows the way back.
            Array(json, FactKeys.Migrations, MigrationFacts(report), m => Object(json, ("id", m.Id), ("reversible", m.Reversible), ("data_loss", MigrationWords.Of(m.Loss))));
        }
        else
        {
            json.WriteNull(FactKeys.Migrations);
        }

        Array(json, FactKeys.Infrastructure, [.. report.Changes.Select(c => c.Infrastructure).OfType<InfrastructureKind>().Distinct().Order()], kind => json.WriteStringValue(FactWords.Of(FactWords.Infrastructure, kind)));
        Array(json, FactKeys.Components, [.. report.Changes.Where(IsOfService).Select(c => (c.Subject, c.Kind)).Distinct()], c => Object(json, ("name", c.Subject), ("change", FactWords.Of(c.Kind))));
        Array(json, FactKeys.Configuration, Settings(report), c => Object(json, ("variable", c.Variable), ("file", c.File), ("inside", c.Inside)));
        Array(json, FactKeys.Flags, [.. report.Changes.Where(c => c is { Kind: ChangeKind.FeatureFlag, Area: "env" }).Select(c => c.Item).Distinct(StringComparer.Ordinal)],
            name => Object(json, ("name", name), ("where", EnvFileOf(name, report).Length > 0 ? "env_file" : "environment"), ("file", EnvFileOf(name, report))));
        Vars(json, report);
        Array(json, FactKeys.Evidence, Evidence(report), e => Object(json, ("fact", e.Fact), ("source", e.Source), ("value", e.Value), ("means", e.Means)));
    }

    private static ImmutableArray<(string Id, bool? Reversible, DataLoss Loss)> MigrationFacts(ChangeReport report) =>
    [
        .. report.Migrations.Select(m => (m.Migration.Key, m.Migration.Reversible, m.Migration.Loss)),
        .. report.Changes.Where(c => c is { Kind: ChangeKind.Database, Area: "image" }).Select(c => ($"{c.Subject}: {c.Image.Was} → {c.Image.Now}", (bool?)null, DataLoss.Unknown)),
    ];

    private static ImmutableArray<ConfigurationChange> Settings(ChangeReport report) =>
    [
        .. report.Changes.Where(c => c is { Kind: ChangeKind.Configuration, Area: "env" or "config" })
            .Select(c => c.Area == "env" ? new ConfigurationChange(c.Item, "", EnvFileOf(c.Item, report), "") : new ConfigurationChange("", "", PathOf(c), c.Inside))
            .Where(c => c.Variable.Length + c.File.Length > 0).Distinct(),
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
        var images = report.Changes.Where(c => c is { Kind: ChangeKind.Application, Area: "image", Image: { Was.Length: > 0, Now.Length: > 0 } }).ToImmutableArray();
        // The playbooks take one tag: several that went different ways have none.
        if (images.Select(c => (ImageReference.Repository(c.Image.Was), ImageReference.Tag(c.Image.Was), ImageReference.Repository(c.Image.Now), ImageReference.Tag(c.Image.Now))).Distinct().ToImmutableArray() is [var (repository, good, other, bad)]
            && repository == other && good.Length > 0 && bad.Length > 0 && !report.From.Name.Contains('@'))
        {
            json.WriteString("image", repository);
            json.WriteString("version", good);
            json.WriteString("failed_version", bad);
        }

        if (images is [var only])
        {
            json.WriteString("service", only.Subject);
        }

        json.WriteEndObject();
    }

    private static bool IsOfService(Change change) => change.Area is not "migration" && (change.Area != "config" || change.Item.Length > 0);

    private static string PathOf(Change change) => change.Item.Length > 0 ? change.Inside.Length > 0 ? change.Item : "" : change.Subject;

    private static string EnvFileOf(string variable, ChangeReport report) =>
        report.To.EnvFiles.Concat(report.From.EnvFiles).FirstOrDefault(f => f.Values?.ContainsKey(variable) == true)?.Path ?? "";

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

    private static void Array<T>(Utf8JsonWriter json, string name, ImmutableArray<T> items, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            write(item);
        }

        json.WriteEndArray();
    }

    private static void Object(Utf8JsonWriter json, params ReadOnlySpan<(string Name, object? Value)> members)
    {
        json.WriteStartObject();
        foreach (var (name, value) in members)
        {
            switch (value)
            {
                case null:
                    json.WriteNull(name);
                    break;
                case bool answer:
                    json.WriteBoolean(name, answer);
                    break;
                case int number:
                    json.WriteNumber(name, number);
                    break;
                case var text:
                    json.WriteString(name, $"{text}");
                    break;
            }
        }

        json.WriteEndObject();
    }
}
