using System.Text.Json;
using System.Text.RegularExpressions;
using Runbooks.Testing;

namespace Runbooks.Cli.Tests;

/// <summary>Every shipped playbook goes to the Compose project that it is told: under another name, made of two files, with its variables elsewhere.</summary>
public sealed partial class PlaybookProjectTests
{
    private static readonly string[] Told = ["compose=docker-compose.yml,deploy/more.yml", "compose_project=other", "env_file=deploy/it.env"];

    /// <summary>They know no Compose project.</summary>
    private static readonly string[] Without = ["maintenance-off", "maintenance-on", "swarm-service-rollback"];

    public static TheoryData<string> Playbooks => [.. PreviewTests.Playbooks.Select(p => p.Data).Except(Without, StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Playbooks))]
    public async Task Whatever_it_starts_or_asks_by_Compose_names_the_project_both_files_and_the_env_file(string playbook)
    {
        using var project = new Project();
        foreach (var file in Directory.EnumerateFiles(Repository.PathOf("tests/cases/previews/project"), "*", SearchOption.AllDirectories).Where(f => Path.GetFileName(f) != ".env"))
        {
            project.Write(Path.GetRelativePath(Repository.PathOf("tests/cases/previews/project"), file), await File.ReadAllTextAsync(file, project.Cancellation));
        }

        project.Write("deploy/more.yml", "services:\n  app:\n    labels: { where: here }\n");
        project.Write("deploy/it.env", "TAG=v1.2.4\n");
        string[] words = ["plan", Repository.PathOf($"playbooks/{playbook}.yml"), "--format", "json", .. PreviewTests.ValuesOf(playbook).Concat(Told).SelectMany(v => (string[])["--var", v])];

        using var plan = JsonDocument.Parse((await project.RunAsync(words)).Expect(0).Out);

        var seen = 0;
        foreach (var start in Starts(plan.RootElement))
        {
            var argv = start.GetProperty("argv").EnumerateArray().Select(w => w.GetString() ?? "").ToList();
            if (argv is ["docker", "compose", ..])
            {
                var said = string.Join(' ', argv);
                Assert.Contains($" --project-name other --project-directory {project.Folder} -f {project.At("docker-compose.yml")} -f {project.At("deploy/more.yml")} ", said, StringComparison.Ordinal);
                Assert.Contains($" --env-file {project.At("deploy/it.env")} ", said, StringComparison.Ordinal);
                seen++;
            }
            else if (argv.Any(w => OnAProject().IsMatch(w)))
            {
                // Compose takes the variables of the files from its environment first: a name that a project may have too ('IMAGE') would be given the playbook's value.
                Assert.All(start.GetProperty("env").EnumerateObject().Select(e => e.Name), name => Assert.Matches("^(COMPOSE_|RB_|GIT_)", name));
                var values = start.GetProperty("env").EnumerateObject().Select(e => e.Value.GetString()).ToList();
                Assert.Contains("docker-compose.yml:deploy/more.yml", values);
                Assert.Contains("other", values);
                Assert.Contains("deploy/it.env", values);
                seen++;
            }
        }

        Assert.True(seen > 0, "nothing of it goes to Compose");
    }

    /// <summary>Any use of Compose but the question for its version, and its name in quotes in a sentence.</summary>
    [GeneratedRegex("docker compose(?! version\\b|')", RegexOptions.CultureInvariant)]
    private static partial Regex OnAProject();

    private static IEnumerable<JsonElement> Starts(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object when element.TryGetProperty("argv", out _) => [element],
        JsonValueKind.Object => element.EnumerateObject().SelectMany(p => Starts(p.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Starts),
        _ => [],
    };
}
