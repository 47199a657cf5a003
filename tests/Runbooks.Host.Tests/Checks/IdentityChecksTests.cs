using Runbooks.Host.Tests.Docker;

namespace Runbooks.Host.Tests.Checks;

/// <summary>The check <c>identity</c>, asked of a real engine whose tags move.</summary>
public sealed class IdentityChecksTests
{
    [Fact]
    public async Task A_tag_that_was_given_to_another_image_after_the_container_was_made_is_found()
    {
        await using var engine = await TestEngine.OpenAsync();
        var checks = new RealCheck(engine.Docker);
        var (latest, kept, running) = ($"{engine.Unique}:latest", $"{engine.Unique}:v1", $"{engine.Unique}-own");
        var service = $"service: app, project: {engine.Unique}";
        var first = "";
        try
        {
            first = await CommittedAsync(engine, latest);
            await engine.CommandAsync("tag", latest, kept);
            await engine.CommandAsync(["run", "--detach", "--name", running, "--network", "none", .. engine.OfService("app"), latest, "sleep", "300"]);
            foreach (var image in (string[])[latest, kept, first, first[7..19]])
            {
                await checks.HoldsAsync($"identity: {{ {service}, image: '{image}' }}");
            }

            var second = await CommittedAsync(engine, latest);
            var verdict = await checks.DoesNotHoldAsync($"identity: {{ {service}, image: '{latest}' }}");
            Assert.Equal($"{running} runs {first[7..19]} ({kept}), and {latest} means {second[7..19]}: the reference was given to another image after the container was made, so make the container anew", verdict.Observed);
            await checks.HoldsAsync($"identity: {{ container: {running}, image: '{kept}' }}");
            await checks.DoesNotHoldAsync($"identity: {{ container: {running}, image: '{second}' }}");

            await engine.CommandAsync("tag", latest, kept);
            Assert.Contains($"{first[7..19]} (an image that no tag means any more)", (await checks.DoesNotHoldAsync($"identity: {{ {service}, image: '{latest}' }}")).Observed);
            Assert.Contains("is not on this machine", (await checks.IsUnknownAsync($"identity: {{ {service}, image: '{engine.Unique}:none' }}")).Observed);

            await engine.CommandAsync("kill", running);
            Assert.Contains("is exited with code 137", (await checks.IsUnknownAsync($"identity: {{ {service}, image: '{first}' }}")).Observed);
            await engine.CommandAsync("rm", running);
            Assert.Contains("there is no container", (await checks.IsUnknownAsync($"identity: {{ {service}, image: '{latest}' }}")).Observed);
        }
        finally
        {
            await engine.TryCommandAsync("rm", "--force", running);
            await engine.TryCommandAsync("rmi", "--force", latest, kept, first);
        }
    }

    /// <summary>A new image under a tag.</summary>
    /// <returns>Its id.</returns>
    private static async Task<string> CommittedAsync(TestEngine engine, string tag) => await engine.CommandAsync("commit", "--message", Guid.NewGuid().ToString(), await engine.CreateAsync(), tag);
}
