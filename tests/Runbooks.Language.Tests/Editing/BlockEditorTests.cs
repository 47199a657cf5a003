using System.Text;
using Runbooks.Language.Editing;

namespace Runbooks.Language.Tests.Editing;

public sealed class BlockEditorTests
{
    private static readonly BlockEdit Health = new(["services", "app"], "healthcheck", ["healthcheck:", "  test: [CMD, \"true\"]"]) { Behind = "image" };

    /// <summary>The file, and how it is afterwards.</summary>
    public static TheoryData<string, string> Places => new()
    {
        { "services:\n  app:\n    image: a:1\n    ports: []\n", "services:\n  app:\n    image: a:1\n    healthcheck:\n      test: [CMD, \"true\"]\n    ports: []\n" },
        { "services:\n  app:\n    # which\n    image: a:1   # this one\n", "services:\n  app:\n    # which\n    image: a:1   # this one\n    healthcheck:\n      test: [CMD, \"true\"]\n" },
        { "services:\n  app:\n    image: a:1", "services:\n  app:\n    image: a:1\n    healthcheck:\n      test: [CMD, \"true\"]" },
        { "services:\r\n  app:\r\n    image: 'a:1'\r\n  # next\r\n  b: {}\r\n", "services:\r\n  app:\r\n    image: 'a:1'\r\n    healthcheck:\r\n      test: [CMD, \"true\"]\r\n  # next\r\n  b: {}\r\n" },
        { "services:\n app:\n  image:\n   \"a:1\"\n  tty: true\n", "services:\n app:\n  image:\n   \"a:1\"\n  healthcheck:\n    test: [CMD, \"true\"]\n  tty: true\n" },
        { "services:\n  app:\n    # how it is made\n    build: .\n    tty: true\n", "services:\n  app:\n    healthcheck:\n      test: [CMD, \"true\"]\n    # how it is made\n    build: .\n    tty: true\n" },
        { "x: &x { tty: true }\nservices:\n  app:\n    <<: *x\n    image: ä:1\n", "x: &x { tty: true }\nservices:\n  app:\n    <<: *x\n    image: ä:1\n    healthcheck:\n      test: [CMD, \"true\"]\n" },
        { "\uFEFFservices:\n  app:\n    image: a:1\n", "\uFEFFservices:\n  app:\n    image: a:1\n    healthcheck:\n      test: [CMD, \"true\"]\n" },
    };

    [Theory]
    [MemberData(nameof(Places))]
    public void A_block_is_put_in_and_every_other_byte_stays(string before, string after)
    {
        var (bytes, problem) = BlockEditor.Insert(Encoding.UTF8.GetBytes(before), Health);

        Assert.Equal("", problem);
        Assert.Equal(after, Encoding.UTF8.GetString((bytes ?? []).AsSpan()));
    }

    [Theory]
    [InlineData("services:\n  app: { image: a }\n", "do not stand on lines of their own")]
    [InlineData("services: { app: { image: a } }\n", "do not stand on lines of their own")]
    [InlineData("services:\n  app: &a\n    image: a\n  b: *a\n", "is used by *a too")]
    [InlineData("services:\n  b: &a\n    image: a\n  app: *a\n", "is the alias *a")]
    [InlineData("services:\n  app:\n    image: a\n    healthcheck: { disable: true }\n", "has 'healthcheck' already")]
    [InlineData("services:\n  b: {}\n", "'services' has no 'app'")]
    [InlineData("services:\n  app:\n", "is no mapping")]
    [InlineData("services:\n  app:\n    image: a\n   bad\n", "")]
    [InlineData("services:\n  app:\n    image: a\n---\na: b\n", "second document")]
    public void Where_the_place_is_not_certain_nothing_is_put_in(string text, string why)
    {
        var (bytes, problem) = BlockEditor.Insert(Encoding.UTF8.GetBytes(text), Health);

        Assert.Null(bytes);
        Assert.NotEqual("", problem);
        Assert.Contains(why, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_that_is_not_UTF_8_is_left_alone() => Assert.Null(BlockEditor.Insert([0x73, 0xFF, 0x3A], Health).Bytes);
}
