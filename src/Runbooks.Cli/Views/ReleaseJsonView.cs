using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Runbooks.Builtin.Releases;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Releases;

namespace Runbooks.Cli.Views;

/// <summary>Releases, for programs: one object.</summary>
internal static class ReleaseJsonView
{
    public static string Recorded(ReleaseState recorded, PreviousRelease previous) => Object(json =>
    {
        State(json, recorded, []);
        Previous(json, previous);
    });

    public static string List(ReleaseHistory history, ImmutableDictionary<string, ImmutableArray<AnchorAnswer>> anchors) => Object(json =>
    {
        json.WriteStartArray("releases");
        foreach (var state in history.Releases.Reverse())
        {
            json.WriteStartObject();
            json.WriteString("release", state.Release.Id);
            json.WriteString("standing", ReleaseText.Word(state.Standing));
            json.WriteString("recorded", state.RecordedAt);
            Moment(json, "verified", state.VerifiedAt);
            json.WriteStartObject("images");
            foreach (var service in state.Release.Services)
            {
                json.WriteString(service.Name, service.Reference);
            }

            json.WriteEndObject();
            Anchors(json, anchors.GetValueOrDefault(state.Release.Id, []));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("current_is_deployed", history.IsCurrentDeployed switch { true => "yes", false => "no", _ => "unknown" });
        Previous(json, history.Previous());
    });

    public static string Show(ReleaseState state, ImmutableDictionary<string, ImmutableArray<AnchorAnswer>> anchors) => Object(json =>
    {
        State(json, state, anchors.GetValueOrDefault(state.Release.Id, []));
        Checks(json, state.LastVerified?.Checks ?? []);
    });

    public static string Diff(ReleaseState from, ReleaseState to, ImmutableArray<ReleaseDifference> differences) => Object(json =>
    {
        json.WriteString("from", from.Release.Id);
        json.WriteString("to", to.Release.Id);
        json.WriteStartArray("differences");
        foreach (var difference in differences)
        {
            json.WriteStartObject();
            json.WriteString("area", difference.Area);
            json.WriteString("subject", difference.Subject);
            json.WriteString("text", difference.Text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    public static string Verified(string id, VerdictKind verdict, ImmutableArray<AnsweredCheck> checks, ImmutableArray<ImageAnchor> anchors) => Object(json =>
    {
        json.WriteString("release", id);
        json.WriteString("verdict", ReleaseText.Word(verdict));
        Checks(json, checks);
        json.WriteStartArray("anchors");
        foreach (var anchor in anchors)
        {
            json.WriteStartObject();
            json.WriteString("service", anchor.Service);
            json.WriteString("tag", anchor.Tag);
            json.WriteString("container", anchor.Container);
            json.WriteString("problem", anchor.Problem);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static void State(Utf8JsonWriter json, ReleaseState state, ImmutableArray<AnchorAnswer> anchors)
    {
        json.WriteString("release", state.Release.Id);
        json.WriteString("standing", ReleaseText.Word(state.Standing));
        json.WriteString("recorded", state.RecordedAt);
        Moment(json, "verified", state.VerifiedAt);
        json.WriteString("reason", state.Reason);
        json.WriteString("bad", state.Condemned?.Reason);
        json.WritePropertyName("state");
        ReleaseCodec.Write(json, state.Release);
        Anchors(json, anchors);
    }

    private static void Previous(Utf8JsonWriter json, PreviousRelease previous)
    {
        json.WriteString("previous", previous.Previous?.Release.Id);
        json.WriteStartArray("skipped");
        foreach (var skipped in previous.Skipped)
        {
            json.WriteStartObject();
            json.WriteString("release", skipped.Id);
            json.WriteString("why", skipped.Why);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Checks(Utf8JsonWriter json, ImmutableArray<AnsweredCheck> checks)
    {
        json.WriteStartArray("checks");
        foreach (var check in checks)
        {
            json.WriteStartObject();
            json.WriteString("statement", check.Statement);
            json.WriteString("verdict", ReleaseText.Word(check.Verdict));
            json.WriteString("observed", check.Observed);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Anchors(Utf8JsonWriter json, ImmutableArray<AnchorAnswer> anchors)
    {
        json.WriteStartArray("anchors");
        foreach (var anchor in anchors)
        {
            json.WriteStartObject();
            json.WriteString("kept", ReleaseText.Word(anchor.Kind));
            json.WriteString("why", anchor.Why);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Moment(Utf8JsonWriter json, string name, DateTimeOffset? at)
    {
        if (at is { } time)
        {
            json.WriteString(name, time);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static string Object(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }
}
