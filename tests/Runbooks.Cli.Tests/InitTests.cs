namespace Runbooks.Cli.Tests;

/// <summary>The project file by the command line.</summary>
public sealed class InitTests
{
    [Fact]
    public async Task A_project_file_is_written_from_what_is_there_and_never_over_another()
    {
        using var project = new Project();
        project.Write("compose.yaml", "services: { app: { image: 'shop/app:v1', ports: ['8080:80'] }, db: { image: 'postgres:15' } }\n");

        var written = (await project.RunAsync("init")).Expect(0);

        Assert.Contains("service db: database, its image is one of postgres", written.Out, StringComparison.Ordinal);
        Assert.Equal("no mistakes\n", (await project.RunAsync("lint", "runbook.yml")).Expect(0).Out);
        project.Write("runbook.yml", "mine\n");
        Assert.Contains("runbook.yml: it exists already; nothing was written", (await project.RunAsync("init")).Expect(2).Error, StringComparison.Ordinal);
        Assert.Equal("mine\n", await File.ReadAllTextAsync(project.At("runbook.yml"), project.Cancellation));
    }

    [Fact]
    public async Task Without_a_Compose_file_nothing_is_written()
    {
        using var project = new Project();

        Assert.Contains("there is no Compose file", (await project.RunAsync("init")).Expect(2).Error, StringComparison.Ordinal);
        Assert.False(project.Has("runbook.yml"));
    }

    [Fact]
    public async Task Lint_tells_all_mistakes_of_a_project_file_and_what_does_not_fit_the_folder()
    {
        using var project = new Project();
        project.Write("compose.yaml", "services: { app: { image: x } }\n");
        project.Write("runbook.yml", "project: v1\nservices: { app: aplication }\nconfg: x\n");

        var mistakes = (await project.RunAsync("lint", "runbook.yml", "--format", "line")).Expect(2).Out;
        Assert.Contains("runbook.yml(2,18): error RB1004", mistakes, StringComparison.Ordinal);
        Assert.Contains("runbook.yml(3,1): error RB1001", mistakes, StringComparison.Ordinal);

        project.Write("runbook.yml", "project: v1\nservices: { app: application }\nconfig: [gone.conf]\n");
        Assert.Contains("'gone.conf' is not there", (await project.RunAsync("lint", "runbook.yml")).Expect(2).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Releases_need_a_project_file_and_say_how_to_get_one()
    {
        using var project = new Project();

        Assert.Contains("'runbook init' writes one", (await project.RunAsync("release", "record")).Expect(2).Error, StringComparison.Ordinal);
        Assert.Equal("no releases yet: 'runbook release record' puts what is deployed on record\n", (await project.RunAsync("release", "list")).Expect(0).Out);
        Assert.False(Directory.Exists(project.At(".runbook")));
    }

    [Fact]
    public async Task The_schema_of_project_files_is_the_one_that_ships()
    {
        using var project = new Project();

        Assert.Equal(await File.ReadAllTextAsync(Testing.Repository.PathOf("schemas", "project.v1.schema.json"), TestContext.Current.CancellationToken), (await project.RunAsync("schema", "project")).Expect(0).Out);
    }
}
