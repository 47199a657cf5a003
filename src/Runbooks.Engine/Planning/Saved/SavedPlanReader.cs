using System.Collections.Immutable;
using System.Text.Json;

namespace Runbooks.Engine.Planning.Saved;

/// <param name="Plan">Null when the file is none, or is not the one that was written.</param>
/// <param name="Problem">Why, as the end of a sentence that begins with the file's name.</param>
/// <param name="IsAltered">True for a plan whose content was changed after it was written.</param>
public sealed record SavedPlanRead(SavedPlan? Plan, string? Problem, bool IsAltered);

/// <summary>Reads the file of a saved plan, and sees whether it is what was written.</summary>
public static class SavedPlanReader
{
    private const int Format = 1;
    private const string DigestPrefix = "sha256:";

    public static SavedPlanRead Read(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(WithoutMark(bytes), new JsonDocumentOptions { AllowDuplicateProperties = false });
            return Read(document.RootElement.Clone());
        }
        catch (JsonException e)
        {
            return Unreadable($"is not JSON, or a part of it is missing (line {e.LineNumber + 1})");
        }
        catch (InvalidOperationException)
        {
            // The library's word for bytes that are no UTF-8 and for half of a surrogate pair; it looks at a text only when it is asked for it.
            return Unreadable("holds text that is not valid");
        }
    }

    private static SavedPlanRead Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object || Text(json, "digest") is not { } digest || !digest.StartsWith(DigestPrefix, StringComparison.Ordinal))
        {
            return Unreadable("is not a plan");
        }

        if (!json.TryGetProperty("format", out var format) || !format.TryGetInt32(out var number) || number != Format)
        {
            return Unreadable("is a plan in a form that this version does not know");
        }

        if (!json.TryGetProperty(PlanCopy.Member, out var saved))
        {
            return Unreadable("is a plan to be read, and not one that was saved to be run: 'runbook plan PLAYBOOK -o FILE' saves one");
        }

        digest = digest[DigestPrefix.Length..];
        if (PlanJson.DigestOf(json) != digest || Copy(saved) is not { } copy || Text(saved, "sha256") != copy.Sha256Over(digest))
        {
            return new SavedPlanRead(null, "was changed after it was written", IsAltered: true);
        }

        return Of(json, digest, copy) is { } plan ? new SavedPlanRead(plan, null, IsAltered: false) : Unreadable("lacks members that a plan has");
    }

    private static SavedPlanRead Unreadable(string problem) => new(null, problem, IsAltered: false);

    private static SavedPlan? Of(JsonElement json, string digest, PlanCopy copy) =>
        Text(json, "project") is { } project
        && json.TryGetProperty("playbook", out var playbook) && Text(playbook, "path") is { } path && Text(playbook, "sha256") is { } sha256
        && json.TryGetProperty("vars", out var vars) && Vars(vars) is { } variables
            ? new SavedPlan
            {
                Copy = copy,
                Digest = digest,
                ProjectDirectory = project,
                PlaybookPath = path,
                PlaybookSha256 = sha256,
                Vars = variables,
                Json = json,
            }
            : null;

    /// <summary>The id is a name of a file in the store: it holds nothing but digits.</summary>
    private static PlanCopy? Copy(JsonElement saved) =>
        Text(saved, "plan_id") is { Length: 32 } id && id.All(char.IsAsciiHexDigitLower) && Text(saved, "playbook_file") is { } file && Path.IsPathFullyQualified(file)
            ? new PlanCopy(id, file)
            : null;

    private static ImmutableArray<PlannedVar>? Vars(JsonElement vars)
    {
        if (vars.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var read = ImmutableArray.CreateBuilder<PlannedVar>();
        foreach (var item in vars.EnumerateArray())
        {
            if (Text(item, "name") is not { } name || Text(item, "origin") is not { } origin || !item.TryGetProperty("value", out var value)
                || !item.TryGetProperty("secret", out var secret) || secret.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            {
                return null;
            }

            var isSecret = secret.GetBoolean();
            var texts = Texts(value);
            read.Add(new PlannedVar(name, string.Join(", ", texts ?? []), origin, isSecret)
            {
                Texts = isSecret || origin == PlannedVar.NotGiven ? null : texts,
                IsList = value.ValueKind == JsonValueKind.Array,
            });
        }

        return read.ToImmutable();
    }

    private static ImmutableArray<string>? Texts(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => [value.GetString() ?? ""],
        JsonValueKind.Array => [.. value.EnumerateArray().Select(t => t.GetString() ?? "")],
        _ => null,
    };

    private static string? Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;

    /// <summary>Some editors and shells put a byte order mark before everything.</summary>
    private static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> bytes) => bytes.Span.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes;
}
