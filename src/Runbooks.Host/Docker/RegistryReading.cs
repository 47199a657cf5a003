using System.Net;
using System.Text.Json;
using Runbooks.Engine.Ports;

namespace Runbooks.Host.Docker;

/// <summary>Reads what an engine says after it has asked a registry. That it could not ask comes as an error of its own, with the cause in the message.</summary>
internal static class RegistryReading
{
    /// <summary>What engines and registries say to who has no credentials, or those of somebody else.</summary>
    private static readonly string[] Refusals = ["no basic auth credentials", "unauthorized", "authentication required", "denied"];

    /// <summary>What they say of an image, or a repository, that is not there.</summary>
    private static readonly string[] Absences = ["manifest unknown", "name unknown", "not known to registry"];

    /// <exception cref="HttpRequestException">The engine cannot be reached.</exception>
    /// <exception cref="JsonException">It is not what an engine answers.</exception>
    public static async Task<RegistryAnswer> AskAsync(EngineApi client, string reference, CancellationToken cancel)
    {
        var digest = reference[(reference.IndexOf('@') + 1)..];
        try
        {
            var found = await client.GetAsync($"/distribution/{EngineApi.Escaped(reference)}/json", EngineJson.Default.DistributionAnswer, cancel);
            return found.Descriptor?.Digest == digest ? new RegistryAnswer(true, "", false) : new RegistryAnswer(null, $"it answers with {found.Descriptor?.Digest ?? "nothing"}, and was asked for {digest}", false);
        }
        catch (HttpRequestException e) when (e.StatusCode is { } status)
        {
            var message = EngineProblems.MessageIn(e.Message);
            return status switch
            {
                // An engine that does not know the question has no such page, and that says nothing of the image.
                HttpStatusCode.NotFound when Says(message, Absences) || (Says(message, "not found") && Says(message, digest)) => new RegistryAnswer(false, "", false),
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new RegistryAnswer(null, message, true),
                _ => new RegistryAnswer(null, message, Says(message, Refusals)),
            };
        }
    }

    private static bool Says(string message, params ReadOnlySpan<string> one)
    {
        foreach (var text in one)
        {
            if (message.Contains(text, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
