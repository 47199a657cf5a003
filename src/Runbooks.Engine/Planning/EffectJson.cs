using System.Collections.Immutable;
using System.Text.Json;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Templates;

namespace Runbooks.Engine.Planning;

/// <summary>The JSON form of what an action will do, secrets masked.</summary>
public static class EffectJson
{
    /// <summary>Writes one effect; also used by the journal, so that plan and record compare byte for byte.</summary>
    public static void Write(Utf8JsonWriter json, PlannedEffect effect)
    {
        json.WriteStartObject();
        switch (effect)
        {
            case ProgramStart start:
                json.WriteString("effect", "program");
                WriteTexts(json, "argv", start.Argv);
                json.WriteString("cwd", start.WorkingDirectory);
                WritePairs(json, "env", start.Environment);
                if (!start.StandardInput.Parts.IsEmpty)
                {
                    json.WriteString("stdin", start.StandardInput.Display);
                }

                if (start.ReadsFrom is not null)
                {
                    json.WriteString("stdin_from", start.ReadsFrom.Display);
                }

                if (start.WritesTo is not null)
                {
                    json.WriteString("stdout_to", start.WritesTo);
                }

                break;
            case FileChange change:
                json.WriteString("effect", "file");
                json.WriteString("path", change.Path);
                json.WriteString("before_sha256", change.BeforeSha256);
                json.WriteString("after_sha256", change.AfterSha256);
                json.WriteString("diff", change.Diff);
                if (!change.Notes.IsEmpty)
                {
                    json.WriteStartArray("notes");
                    foreach (var note in change.Notes)
                    {
                        json.WriteStringValue(note);
                    }

                    json.WriteEndArray();
                }

                break;
            case RequestSent request:
                json.WriteString("effect", "request");
                json.WriteString("method", request.Method);
                json.WriteString("url", request.Url.Display);
                WritePairs(json, "headers", request.Headers);
                json.WriteString("body", request.Body.Display);
                break;
            case ArchiveMade archive:
                json.WriteString("effect", "archive");
                json.WriteStartArray("sources");
                foreach (var source in archive.Sources)
                {
                    json.WriteStringValue(source);
                }

                json.WriteEndArray();
                json.WriteString("to", archive.To);
                break;
            case FileRestored restored:
                json.WriteString("effect", "revision");
                json.WriteString("path", restored.Path);
                json.WriteString("revision", restored.Revision.Display);
                json.WriteString("to", restored.To);
                break;
            case ArchiveUnpacked unpacked:
                json.WriteString("effect", "unpack");
                json.WriteString("from", unpacked.From.Display);
                json.WriteString("into", unpacked.Into);
                break;
            case Waiting waiting:
                json.WriteString("effect", "wait");
                json.WriteString("text", waiting.Text);
                break;
            default:
                throw new InvalidOperationException($"no JSON form for {effect.GetType().Name}");
        }

        json.WriteBoolean("known", effect.IsKnown);
        json.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, ImmutableArray<Rendered> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text.Display);
        }

        json.WriteEndArray();
    }

    private static void WritePairs(Utf8JsonWriter json, string name, ImmutableArray<EnvironmentAddition> pairs)
    {
        json.WriteStartObject(name);
        foreach (var pair in pairs)
        {
            json.WriteString(pair.Name, pair.Value.Display);
        }

        json.WriteEndObject();
    }
}
