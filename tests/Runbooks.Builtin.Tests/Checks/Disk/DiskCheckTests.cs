using Runbooks.Builtin.Checks.Disk;
using Runbooks.Engine.Kinds;
using Runbooks.Testing;

namespace Runbooks.Builtin.Tests.Checks.Disk;

public sealed class DiskCheckTests
{
    /// <summary>50 of 100 GiB are free in memory.</summary>
    [Theory]
    [InlineData("50GiB", VerdictKind.Holds)]
    [InlineData("50.1GiB", VerdictKind.DoesNotHold)]
    [InlineData("50%", VerdictKind.Holds)]
    [InlineData("50.5 %", VerdictKind.DoesNotHold)]
    [InlineData("1KB", VerdictKind.Holds)]
    [InlineData("0B", VerdictKind.Holds)]
    public async Task Enough_holds_and_less_does_not(string wanted, VerdictKind expected)
    {
        var verdict = await AskedCheck.Of($"disk: '{wanted}'").AskAsync(new InMemoryFiles());

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
    public void What_is_no_size_is_told_apart(string text) => Assert.Equal(["RB3295"], AskedCheck.Of($"disk: '{text}'").Errors);

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
