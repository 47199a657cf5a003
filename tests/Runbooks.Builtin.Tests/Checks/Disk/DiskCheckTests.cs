using Runbooks.Builtin.Phrasing;
using Runbooks.Engine.Kinds;
using Runbooks.Testing;

namespace Runbooks.Builtin.Tests.Checks.Disk;

public sealed class DiskCheckTests
{
    private static InMemoryFiles Files => new InMemoryFiles().With($"{PlannedPlaybook.Project}/conf/x", "x");

    /// <summary>50 of 100 GiB are free in memory.</summary>
    [Theory]
    [InlineData("50GiB", VerdictKind.Holds)]
    [InlineData("50.1GiB", VerdictKind.DoesNotHold)]
    [InlineData("50%", VerdictKind.Holds)]
    [InlineData("50.5 %", VerdictKind.DoesNotHold)]
    [InlineData("1KB", VerdictKind.Holds)]
    public async Task Enough_holds_and_less_does_not(string wanted, VerdictKind expected)
    {
        var verdict = await AskedCheck.Of($"disk: '{wanted}'").AskAsync(Files);

        Assert.Equal((expected, "50 GiB of 100 GiB free (50%)"), (verdict.Kind, verdict.Observed));
    }

    [Fact]
    public void The_statement_says_where()
    {
        Assert.Equal("at least 2GiB free on the file system of the project directory", AskedCheck.Of("disk: 2GiB").Statement);
        Assert.Equal("at least 10% free on the file system of /var/lib/docker", AskedCheck.Of("disk: { path: /var/lib/docker, min_free: 10% }").Statement);
    }

    [Theory]
    [InlineData("500")]
    [InlineData("2G")]
    [InlineData("-1MB")]
    [InlineData("101%")]
    [InlineData("1e3MB")]
    [InlineData("much")]
    [InlineData("0%")]
    [InlineData("0MB")]
    [InlineData("0.0 GiB")]
    [InlineData("MB")]
    [InlineData("5mb")]
    [InlineData("99999999999999999999TiB")]
    public void What_is_no_size_is_told_apart(string text) => Assert.Equal(["RB3295"], AskedCheck.Of($"disk: '{text}'").Errors);

    [Theory]
    [InlineData("disk: '{{ steps.find.stdout }}'", "RB3003")]
    [InlineData("disk: '{{ room }}'", "RB3004")]
    [InlineData("disk: { path: conf }", "RB1002")]
    public void Mistakes_are_found_before_anything_runs(string check, string code) => Assert.Equal([code], AskedCheck.Of(check, null, ("room!", "100MB")).Errors);

    [Fact]
    public void A_bare_number_is_asked_for_its_unit() => Assert.Contains("did you mean '500MB'?", AskedCheck.Of("disk: 500").Messages);

    [Theory]
    [InlineData("disk: 1B", "the free space of the project directory cannot be asked")]
    [InlineData("disk: { min_free: 1B, path: conf }", "the free space of conf cannot be asked")]
    public async Task A_file_system_that_does_not_tell_is_unknown(string check, string why)
    {
        foreach (var disk in ((long, long)?[])[null, (0, 0)])
        {
            Assert.Equal(Verdict.Unknown(why), await AskedCheck.Of(check).AskAsync(new InMemoryFiles { Disk = disk }.With($"{PlannedPlaybook.Project}/conf/x", "x")));
        }
    }

    [Fact]
    public async Task A_disk_that_is_not_mounted_is_not_answered_for_by_another()
    {
        Assert.Equal(Verdict.Unknown("/mnt/backup cannot be looked at: it does not exist"), await AskedCheck.Of("disk: { min_free: 1B, path: /mnt/backup }").AskAsync(Files));
        Assert.Equal(
            Verdict.Unknown("/closed cannot be looked at: permission denied"),
            await AskedCheck.Of("disk: { min_free: 1B, path: /closed }").AskAsync(Files.WithProblem("/closed", "permission denied")));
    }

    [Theory]
    [InlineData("1KB", 1000)]
    [InlineData("1kB", 1000)]
    [InlineData("1KiB", 1024)]
    [InlineData("1.5 MiB", 1572864)]
    [InlineData("7B", 7)]
    [InlineData("2TB", 2_000_000_000_000)]
    public void Sizes_are_read(string text, long bytes) => Assert.Equal(bytes, ByteSizes.Parse(text));

    [Theory]
    [InlineData(0, "0 bytes")]
    [InlineData(1023, "1023 bytes")]
    [InlineData(1536, "1.5 KiB")]
    [InlineData(5L << 40, "5 TiB")]
    public void Sizes_are_shown(long bytes, string text) => Assert.Equal(text, ByteSizes.Format(bytes));
}
