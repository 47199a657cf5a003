using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Fields;
using Runbooks.Language.Playbooks;

namespace Runbooks.Engine.Planning;

/// <summary>The JSON form of a plan: complete, stable, secrets masked. Its digest is computed over this form.</summary>
public static class PlanJson
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>UTF-8, indented, one final newline.</summary>
    /// <param name="copy">What marks the one copy that is saved to be run; null for any other.</param>
    public static ReadOnlyMemory<byte> Utf8(Plan plan, PlanCopy? copy = null)
    {
        // About what a step takes: growing by doubling would leave as much garbage again.
        var buffer = new ArrayBufferWriter<byte>(4096 + (plan.Steps.Length * 640));
        Write(plan, json => WriteIdentity(json, plan, copy), buffer);
        buffer.Write("\n"u8);
        return buffer.WrittenMemory;
    }

    /// <summary>The same as text.</summary>
    public static string Write(Plan plan) => Encoding.UTF8.GetString(Utf8(plan).Span);

    /// <summary>SHA-256 over everything but the digest itself, lower-case hex. A secret counts by its name only: a plan must not let anybody guess values.</summary>
    public static string DigestOf(Plan plan)
    {
        var hash = new HashingWriter();
        Write(plan, _ => { }, hash);
        return hash.ToHex();
    }

    /// <summary>The same digest, computed from the JSON form of a plan.</summary>
    internal static string DigestOf(JsonElement plan)
    {
        var hash = new HashingWriter();
        using (var json = new Utf8JsonWriter(hash, Options))
        {
            json.WriteStartObject();
            foreach (var member in plan.EnumerateObject().Where(m => m.Name is not ("digest" or PlanCopy.Member)))
            {
                member.WriteTo(json);
            }

            json.WriteEndObject();
        }

        return hash.ToHex();
    }

    private static void WriteOrigins(Utf8JsonWriter json, string engine, Playbook playbook, string playbookSha256, string project, ImmutableArray<PlannedVar> vars)
    {
        json.WriteString("engine", engine);
        WritePlaybook(json, playbook, playbookSha256);
        json.WriteString("project", project);
        json.WriteStartArray("vars");
        foreach (var variable in vars)
        {
            WriteVar(json, variable);
        }

        json.WriteEndArray();
    }

    private static void WriteIdentity(Utf8JsonWriter json, Plan plan, PlanCopy? copy)
    {
        json.WriteString("digest", $"sha256:{plan.Digest}");
        copy?.Write(json, plan.Digest);
    }

    /// <summary>The beginning of the JSON form: what a plan is made from, also when none can be made.</summary>
    public static ReadOnlyMemory<byte> Utf8(PlanRequest request)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            WriteOrigins(json, request.EngineVersion, request.Playbook, Planner.Sha256Of(request.Playbook.Source), request.ProjectDirectory, request.Vars);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static void Write(Plan plan, Action<Utf8JsonWriter> writeIdentity, IBufferWriter<byte> buffer)
    {
        using var json = new Utf8JsonWriter(buffer, Options);
        json.WriteStartObject();
        json.WriteNumber("format", 1);
        writeIdentity(json);
        WriteOrigins(json, plan.EngineVersion, plan.Playbook, plan.PlaybookSha256, plan.ProjectDirectory, plan.Vars);
        json.WriteString("lock", plan.Lock);
        if (!plan.Parts.IsEmpty)
        {
            json.WriteStartArray("parts");
            foreach (var part in plan.Parts)
            {
                json.WriteStartObject();
                json.WriteString("id", part.Id);
                WritePlaybook(json, part.Playbook, part.Sha256);
                json.WriteString("lock", part.Lock);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        WriteChecks(json, "guards", plan.Guards);
        json.WriteStartArray("steps");
        foreach (var step in plan.Steps)
        {
            WriteStep(json, plan, step);
            // A plan of ten thousand steps is never in memory as one text.
            json.Flush();
        }

        json.WriteEndArray();
        WriteChecks(json, "validations", plan.Validations);
        json.WriteEndObject();
    }

    private static void WriteVar(Utf8JsonWriter json, PlannedVar variable)
    {
        json.WriteStartObject();
        json.WriteString("name", variable.Name);
        WriteValue(json, variable);
        json.WriteString("origin", variable.Origin);
        json.WriteBoolean("secret", variable.IsSecret);
        json.WriteEndObject();
    }

    /// <summary>What gives the value again: a text, a list of texts, or null for none. Of a secret, only that there is one.</summary>
    private static void WriteValue(Utf8JsonWriter json, PlannedVar variable)
    {
        if (variable is { IsList: true, Texts: { } items })
        {
            json.WriteStartArray("value");
            foreach (var item in items)
            {
                json.WriteStringValue(item);
            }

            json.WriteEndArray();
            return;
        }

        json.WriteString("value", variable.IsSecret ? variable.Display : variable.Texts is [var text] ? text : null);
    }

    private static void WritePlaybook(Utf8JsonWriter json, Playbook playbook, string sha256)
    {
        json.WriteStartObject("playbook");
        json.WriteString("name", playbook.Name);
        json.WriteString("version", playbook.Version);
        json.WriteString("path", playbook.Source.Path);
        json.WriteString("sha256", sha256);
        json.WriteString("description", playbook.Description);
        json.WriteString("strategy", playbook.Strategy);
        json.WriteString("risk", playbook.Risk);
        if (playbook.Downtime is { } downtime)
        {
            json.WriteString("downtime", Durations.Format(downtime));
        }

        json.WriteString("on_failure", WordOf(playbook.OnFailure));
        json.WriteEndObject();
    }

    private static void WriteStep(Utf8JsonWriter json, Plan plan, PlannedStep step)
    {
        json.WriteStartObject();
        json.WriteNumber("number", step.Number);
        json.WriteString("id", step.Id);
        if (step.Group is { } group)
        {
            json.WriteStartObject("parallel");
            json.WriteString("id", group.Id);
            json.WriteNumber("limit", group.Limit);
            json.WriteString("failures", group.EndsOthers ? "first" : "all");
            json.WriteEndObject();
        }

        if (step.Part.Length > 0)
        {
            json.WriteString("part", step.Part);
        }

        json.WriteString("kind", step.Kind.Declaration.Name);
        json.WriteString("name", step.Name);
        json.WriteString("why", step.Why);
        json.WriteNumber("line", plan.PlaybookOf(step.Part).Source.PositionOf(step.Syntax.Span.Start).Line);
        if (step.Condition is { } condition)
        {
            json.WriteStartObject("when");
            json.WriteString("expression", condition.Expression);
            if (condition.Decision is { } decision)
            {
                json.WriteBoolean("value", decision);
            }
            else
            {
                json.WriteNull("value");
            }

            json.WriteEndObject();
        }

        json.WriteString("will", WillOf(step));
        json.WriteString("effect", step.Effect.ToString().ToLowerInvariant());
        json.WriteString("inverse", step.Action?.Inverse);
        WriteEffects(json, "actions", step.Action?.Preview);
        if (step.Undo is { } undo)
        {
            json.WriteStartObject("undo");
            json.WriteString("kind", undo.Kind.Declaration.Name);
            WriteEffects(json, "actions", undo.Action?.Preview);
            WriteProtection(json, undo);
            WriteBounds(json, undo);
            json.WriteEndObject();
        }

        json.WriteBoolean("point_of_no_return", step.IsPointOfNoReturn);
        WriteProtection(json, step);
        json.WriteString("on_failure", WordOf(step.OnFailure));
        json.WriteBoolean("capture", step.Captures);
        WriteBounds(json, step);
        json.WriteEndObject();
    }

    /// <summary>How what the step destroys is kept; nothing when it destroys nothing.</summary>
    private static void WriteProtection(Utf8JsonWriter json, PlannedStep step)
    {
        if (!step.Backups.IsEmpty)
        {
            json.WriteStartArray("requires_backup");
            foreach (var id in step.Backups)
            {
                json.WriteStringValue(id);
            }

            json.WriteEndArray();
        }

        if (step.Acknowledged is { } reason)
        {
            json.WriteString("acknowledged", reason);
        }
    }

    private static void WriteBounds(Utf8JsonWriter json, PlannedStep step)
    {
        json.WriteString("timeout", Durations.Format(step.Timeout));
        WriteRetry(json, step.Retry);
        WriteChecks(json, "validate", step.Validate);
    }

    private static string WordOf(OnFailure onFailure) => onFailure == OnFailure.Undo ? "undo" : "stop";

    /// <summary>Three answers: run, skip, or unknown until a step before it has run.</summary>
    internal static string WillOf(PlannedStep step) => step.Condition switch
    {
        { Decision: false } => "skip",
        { Decision: null } => "unknown",
        _ => "run",
    };

    private static void WriteEffects(Utf8JsonWriter json, string name, ActionPreview? preview)
    {
        json.WriteStartArray(name);
        foreach (var effect in preview?.Effects ?? [])
        {
            EffectJson.Write(json, effect);
        }

        json.WriteEndArray();
    }

    private static void WriteRetry(Utf8JsonWriter json, RetryPolicy retry)
    {
        if (retry.Attempts <= 1 && retry.Until.IsEmpty)
        {
            return;
        }

        json.WriteStartObject("retry");
        json.WriteNumber("attempts", retry.Attempts);
        json.WriteString("delay", Durations.Format(retry.Delay));
        json.WriteString("backoff", retry.Backoff);
        json.WriteString("max_delay", Durations.Format(retry.MaxDelay));
        json.WriteBoolean("jitter", retry.Jitter);
        WriteChecks(json, "until", retry.Until);
        json.WriteEndObject();
    }

    private static void WriteChecks(Utf8JsonWriter json, string name, ImmutableArray<PlannedCheck> checks)
    {
        json.WriteStartArray(name);
        foreach (var check in checks)
        {
            json.WriteStartObject();
            json.WriteString("kind", check.Kind.Declaration.Name);
            json.WriteString("name", check.Name);
            json.WriteString("statement", check.Statement);
            json.WriteString("within", Durations.Format(check.Within));
            json.WriteString("every", Durations.Format(check.Every));
            json.WriteString("for", Durations.Format(check.For));
            json.WriteStartArray("actions");
            foreach (var effect in check.Question?.Effects ?? [])
            {
                EffectJson.Write(json, effect);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
