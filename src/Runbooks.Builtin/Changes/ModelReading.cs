using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Runbooks.Advisor.Changes;
using Runbooks.Builtin.Compose;
using Runbooks.Builtin.Releases;
using Runbooks.Engine.Hashing;

namespace Runbooks.Builtin.Changes;

/// <summary>Makes a model of what Compose wrote: without the place in which it ran, without values, and with a list of what hangs on things that are in no file.</summary>
internal static class ModelReading
{
    /// <summary>Stands where a value would, and begins the name of what was not there.</summary>
    public const string Mark = "runbook_not_in_the_revision_";

    /// <summary>Stands where only a number can.</summary>
    public const string NumberMark = "61739";

    /// <param name="written">As Compose wrote it: JSON or YAML.</param>
    /// <param name="top">The folder that stood for the top of the repository.</param>
    /// <returns>Null when it is no model.</returns>
    public static ComposeModel? Read(byte[] written, string top, KeyedHash key)
    {
        var text = Encoding.UTF8.GetString(written).Replace($"{top}/", "./", StringComparison.Ordinal).Replace(top, ".", StringComparison.Ordinal);
        if (ComposeOutput.AsJson(Encoding.UTF8.GetBytes(text)) is not { } json)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("services", out var services) || services.ValueKind != JsonValueKind.Object)
            {
                return null;
            }

            var secrets = new SecretValues();
            var unresolved = ImmutableArray.CreateBuilder<UnresolvedValue>();
            foreach (var service in services.EnumerateObject())
            {
                if (service.Value.ValueKind == JsonValueKind.Object)
                {
                    Open(service.Name, service.Value, secrets, unresolved);
                }
            }

            var (bytes, _) = RenderedCompose.Redact(json, key, secrets);
            return bytes is null ? null : ComposeModel.Read(bytes) is { } model ? model with { Unresolved = [.. unresolved.Distinct()] } : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void Open(string service, JsonElement body, SecretValues secrets, ImmutableArray<UnresolvedValue>.Builder unresolved)
    {
        foreach (var member in body.EnumerateObject())
        {
            if (member.Name == "environment" && member.Value.ValueKind == JsonValueKind.Object)
            {
                foreach (var variable in member.Value.EnumerateObject())
                {
                    if (variable.Value.ValueKind == JsonValueKind.Null)
                    {
                        unresolved.Add(new UnresolvedValue(service, $"environment.{variable.Name}", "it is taken from the shell in which Compose is started"));
                    }
                    else if (variable.Name.StartsWith(Mark, StringComparison.Ordinal))
                    {
                        unresolved.Add(new UnresolvedValue(service, "environment", $"{variable.Value.GetString()} is not in the revision"));
                    }
                    else if (Missing(variable.Value) is { } name)
                    {
                        unresolved.Add(new UnresolvedValue(service, $"environment.{variable.Name}", Why(name)));
                    }

                    secrets.Add(variable.Name, variable.Value.ValueKind == JsonValueKind.String ? variable.Value.GetString() ?? "" : "");
                }
            }
            else if (Missing(member.Value) is { } name)
            {
                unresolved.Add(new UnresolvedValue(service, member.Name, Why(name)));
            }
        }
    }

    private static string Why(string variable) => variable.Length > 0 ? $"{variable} is set in no file of the revision" : "a variable in it is set in no file of the revision";

    /// <summary>The variable that is missing in some value; null when none is, empty when it cannot be told which.</summary>
    private static string? Missing(JsonElement value)
    {
        var text = value.GetRawText();
        var at = text.IndexOf(Mark, StringComparison.Ordinal);
        return at >= 0 ? new string([.. text[(at + Mark.Length)..].TakeWhile(c => char.IsAsciiLetterOrDigit(c) || c == '_')]) : text.Contains(NumberMark, StringComparison.Ordinal) ? "" : null;
    }
}
