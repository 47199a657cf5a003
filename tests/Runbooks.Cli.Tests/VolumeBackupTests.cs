using Runbooks.Engine.Journal;

namespace Runbooks.Cli.Tests;

/// <summary>Docker volumes are removed after they were saved and never before, with a real engine.</summary>
public sealed class VolumeBackupTests : IAsyncDisposable
{
    private const string Image = "runbooks-test/base:latest";

    private readonly Project _project = new();
    private readonly string _volume = $"rbvol{Guid.NewGuid():N}"[..14];

    public async ValueTask DisposeAsync()
    {
        if (_project.Environment["DOCKER_HOST"] == Environment.GetEnvironmentVariable("RUNBOOKS_TEST_DOCKER_HOST"))
        {
            await _project.ProgramAsync("docker", "rm", "--force", $"{_volume}-app", $"runbook-save-{_volume}");
            await _project.ProgramAsync("docker", "volume", "rm", "--force", _volume, $"{_volume}_new");
        }

        _project.Dispose();
    }

    [Fact]
    public async Task A_volume_is_removed_after_it_was_saved_and_a_new_one_has_what_was_in_it()
    {
        await FillAsync();
        Removing($$$"""
              - id: back
                restore: { from: "{{ steps.save.stdout }}", volume: { name: {{{_volume}}}_new, image: {{{Image}}} } }
                undo: { run: [docker, volume, rm, {{{_volume}}}_new], effect: destroy, acknowledge: it is a copy }
            """);

        (await _project.ExecAsync()).Expect(0);

        Assert.Equal("", await DockerAsync("volume", "ls", "--quiet", "--filter", $"name=^{_volume}$"));
        Assert.Equal("precious 1234:4321", (await DockerAsync("run", "--rm", "--network", "none", "-v", $"{_volume}_new:/v", Image, "sh", "-c", "echo $(cat /v/sub/a.txt) $(stat -c %u:%g /v/sub/a.txt)")).Trim());
        Assert.Equal("", await DockerAsync("ps", "--all", "--quiet", "--filter", $"name={_volume}"));
        Assert.Contains("3 entries read to the end", Assert.Single(_project.Record().IsWhole().Events<BackupMade>()).Verified, StringComparison.Ordinal);
        (await _project.RunAsync("undo", "latest", "--from", "back")).Expect(0);
        Assert.Equal("", await DockerAsync("volume", "ls", "--quiet", "--filter", $"name=^{_volume}_new$"));
    }

    [Fact]
    public async Task A_volume_that_a_running_container_has_is_not_saved_unless_it_is_meant()
    {
        await FillAsync();
        await DockerAsync("run", "--detach", "--name", $"{_volume}-app", "--network", "none", "-v", $"{_volume}:/v", Image, "sleep", "600");
        Removing("");

        Assert.Contains($"{_volume}-app has the volume and may be writing to it", (await _project.ExecAsync()).Expect(1).Said, StringComparison.Ordinal);
        await IsThereAsync();

        _project.Playbook($"steps:\n  - backup: {{ volume: {{ name: {_volume}, image: {Image}, allow_running: true }} }}\n");
        (await _project.ExecAsync()).Expect(0);
    }

    [Fact]
    public async Task Neither_an_empty_volume_nor_one_that_is_not_there_is_a_backup_and_none_is_made()
    {
        Connect();
        Removing("");

        Assert.Contains("cannot be looked at", (await _project.ExecAsync()).Expect(1).Said, StringComparison.Ordinal);
        Assert.Equal("", await DockerAsync("volume", "ls", "--quiet", "--filter", $"name=^{_volume}$"));

        await DockerAsync("volume", "create", _volume);
        Assert.Contains("there is nothing in the volume", (await _project.ExecAsync()).Expect(1).Said, StringComparison.Ordinal);
        await IsThereAsync();
    }

    [Fact]
    public async Task A_copy_that_ends_too_early_is_no_backup()
    {
        await FillAsync();
        Removing("");
        var real = Project.Find("docker");
        _project.Write("bin/docker", $"#!/bin/bash\nif [[ $1 == cp ]]; then {real} \"$@\" | head -c 2560; else exec {real} \"$@\"; fi\n", executable: true);
        _project.Set("PATH", $"{_project.At("bin")}:{Environment.GetEnvironmentVariable("PATH")}");

        Assert.Matches("ends too early|no whole archive", (await _project.ExecAsync()).Expect(1).Said);
        await IsThereAsync();
    }

    [Fact]
    public async Task An_image_that_is_not_here_is_not_pulled()
    {
        await FillAsync();
        _project.Playbook($"steps:\n  - backup: {{ volume: {{ name: {_volume}, image: no/such:image }} }}\n");

        Assert.Contains("no container could be made for it", (await _project.ExecAsync()).Expect(1).Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_volume_that_is_there_is_never_restored_into()
    {
        await FillAsync();
        _project.Playbook($$$"""
            steps:
              - { id: save, backup: { volume: { name: {{{_volume}}}, image: {{{Image}}} } }, capture: true }
              - restore: { from: "{{ steps.save.stdout }}", volume: { name: {{{_volume}}}, image: {{{Image}}} } }
            """);

        Assert.Contains($"there is already a volume '{_volume}'", (await _project.ExecAsync()).Expect(1).Said, StringComparison.Ordinal);
    }

    private void Connect()
    {
        var address = Environment.GetEnvironmentVariable("RUNBOOKS_TEST_DOCKER_HOST");
        Assert.SkipWhen(string.IsNullOrEmpty(address), "needs a Docker Engine: ./test.sh starts one and names it in RUNBOOKS_TEST_DOCKER_HOST");
        _project.Set("DOCKER_HOST", address);
    }

    private async Task FillAsync()
    {
        Connect();
        await DockerAsync("run", "--rm", "--network", "none", "-v", $"{_volume}:/v", Image, "sh", "-c", "mkdir /v/sub; echo precious >/v/sub/a.txt; chown 1234:4321 /v/sub/a.txt");
    }

    private void Removing(string more) => _project.Playbook($$$"""
        steps:
          - { id: save, backup: { volume: { name: {{{_volume}}}, image: "{{{Image}}}" } }, capture: true }
          - id: remove
            run: [docker, volume, rm, {{{_volume}}}]
            effect: destroy
            requires_backup: save
        {{{more}}}
        """);

    private async Task IsThereAsync()
    {
        Assert.Equal(_volume, (await DockerAsync("volume", "ls", "--quiet", "--filter", $"name=^{_volume}$")).Trim());
        Assert.All(_project.Records(), r => Assert.DoesNotContain(r.Events<StepIntended>(), e => e.Step == "remove"));
        Assert.Equal("", await DockerAsync("ps", "--all", "--quiet", "--filter", $"name=runbook-save-{_volume}"));
    }

    private async Task<string> DockerAsync(params string[] words) => (await _project.ProgramAsync(Project.Find("docker"), words)).Expect(0).Out;
}
