using System.Text.RegularExpressions;
using Runbooks.Cli.Views;
using Runbooks.Testing;

namespace Runbooks.Cli.Tests;

/// <summary>What each shipped playbook would do, as its page shows it, is what it would do.</summary>
public sealed partial class PreviewTests
{
    /// <summary>Values for the example project under <c>tests/cases/previews/project</c>.</summary>
    private static readonly Dictionary<string, string[]> Values = new(StringComparer.Ordinal)
    {
        ["app-rollback"] = ["version=v1.2.3"],
        ["app-rollback-fast"] = ["version=v1.2.3"],
        ["compose-rollback"] = ["revision=v1.2.3", "gone=worker"],
        ["config-file-rollback"] = ["file=config/app.conf", "inside=/etc/app.conf", "revision=v1.2.3"],
        ["db-and-app-rollback"] = ["version=v1.2.3", "services=app,worker", "tool=alembic", "head=ae1027a6acf", "from=1975ea83b712", "database=shop"],
        ["db-manual-rollback"] = ["file=sql/rollback-v1.2.4.sql", "database=shop"],
        ["db-migration-rollback"] = ["tool=alembic", "head=ae1027a6acf", "from=1975ea83b712", "migrations=alembic/versions", "database=shop"],
        ["db-restore"] = ["dump=backups/before-v1.2.4.dump", "database=shop"],
        ["env-rollback"] = ["name=FEATURE_NEW_CHECKOUT", "value=false"],
        ["feature-flag-rollback"] = ["where=file", "file=config/flags.json", "flag=checkout.enabled"],
        ["maintenance-off"] = [],
        ["maintenance-on"] = ["patience=10s"],
        ["sequential-rollback"] = ["version=v1.2.3", "head=ae1027a6acf", "from=1975ea83b712", "database=shop", "workers=worker"],
        ["swarm-service-rollback"] = ["service=shop_app", "from=myapp:v1.2.4", "to=myapp:v1.2.3"],
        ["network-rollback"] = ["revision=v1.2.3", "networks=shop_default", "foreign=edge-proxy", "reach=app/worker:9090"],
        ["volume-rollback"] = ["revision=v1.2.3"],
    };

    internal static string[] ValuesOf(string playbook) => Values[playbook];

    public static TheoryData<string> Playbooks => [.. Directory.GetFiles(Repository.PathOf("playbooks"), "*.yml").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Playbooks))]
    public async Task The_preview_of_a_playbook_in_the_docs_is_what_it_would_do(string playbook)
    {
        Assert.True(Values.TryGetValue(playbook, out var values), $"give {playbook} values for the example project");
        var project = Repository.PathOf("tests/cases/previews/project");
        using var output = new StringWriter();
        using var error = new StringWriter();
        string[] words = ["plan", Repository.PathOf($"playbooks/{playbook}.yml"), "-C", project, "--format", "markdown", .. values.SelectMany(v => (string[])["--var", v])];

        var exit = await App.RunAsync(words, new Composition(new Terminal { Out = output, Error = error }, Repository.Root));

        Assert.True(exit == 0, error.ToString());
        // A digest covers the folder in which the project lies.
        var preview = Digest().Replace(output.ToString().Replace(project, "/srv/shop", StringComparison.Ordinal), "sha256:…");
        Assert.DoesNotContain(Repository.Root, preview, StringComparison.Ordinal);
        var command = $"runbook plan playbooks/{playbook}.yml {string.Join(' ', values.Select(v => $"--var {v}"))}";
        Golden.VerifyFile($"<!-- Written by a test: {command} --format markdown -->\n\n{preview}", $"playbooks/previews/{playbook}.md");
    }

    [Fact]
    public void Every_preview_has_its_playbook_and_its_place_in_the_list()
    {
        var previews = Directory.GetFiles(Repository.PathOf("playbooks/previews"), "*.md").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal);
        var list = File.ReadAllText(Repository.PathOf("playbooks/README.md"));

        Assert.Equal(Values.Keys.Order(StringComparer.Ordinal), previews);
        Assert.All(Values.Keys, p => Assert.Contains($"(previews/{p}.md)", list, StringComparison.Ordinal));
    }

    [GeneratedRegex("sha256:[0-9a-f]{64}", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Digest();
}
