using Runbooks.Testing;

namespace Runbooks.Language.Tests;

public sealed class GoldenTests
{
    [Fact]
    public void A_missing_golden_fails()
    {
        var failure = Assert.ThrowsAny<Exception>(() => Golden.Compare("text", "no/such.golden"));

        Assert.Contains("no/such.golden", failure.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Repository.PathOf("tests", "cases", "no", "such.golden")));
    }

    [Fact]
    public void A_difference_is_shown_line_by_line()
    {
        var failure = Assert.ThrowsAny<Exception>(() => Golden.Compare("other\r\n", "diagnostics/one-line.golden"));

        Assert.Contains("+ other\\r", failure.Message, StringComparison.Ordinal);
        Assert.Contains("- playbook.yml(3,1): error RB1001", failure.Message, StringComparison.Ordinal);
    }
}
