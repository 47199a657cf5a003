using System.Text;
using Runbooks.Builtin.Releases;
using Runbooks.Engine.Hashing;

namespace Runbooks.Builtin.Tests.Releases;

public sealed class RenderedComposeTests
{
    private static readonly KeyedHash Key = new(new byte[Sha256.Size]);

    [Fact]
    public void What_a_variable_can_be_in_is_hashed_and_the_rest_is_sorted()
    {
        var secrets = new SecretValues();
        secrets.Add("DB_PASSWORD", "hunter2");
        var (bytes, problem) = RenderedCompose.Redact(
            Encoding.UTF8.GetBytes("""{"services":{"app":{"image":"app:v1","environment":{"LEVEL":"info","NUMBER":5,"NONE":null},"command":["run","--quick"],"hostname":"h-hunter2","ports":[{"target":80}]}},"name":"shop"}"""),
            Key,
            secrets);

        Assert.Equal("", problem);
        var text = Encoding.UTF8.GetString(bytes ?? []);
        Assert.DoesNotContain("info", text, StringComparison.Ordinal);
        Assert.DoesNotContain("quick", text, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", text, StringComparison.Ordinal);
        Assert.Contains($"\"LEVEL\": \"hmac:{Key.Of("info")}\"", text, StringComparison.Ordinal);
        Assert.Contains("\"image\": \"app:v1\"", text, StringComparison.Ordinal);
        Assert.Contains("\"target\": 80", text, StringComparison.Ordinal);
        Assert.True(text.IndexOf("\"name\"", StringComparison.Ordinal) < text.IndexOf("\"services\"", StringComparison.Ordinal));
    }

    [Fact]
    public void The_order_in_which_Compose_writes_makes_no_other_model()
    {
        Assert.Equal(Of("""{"a":{"x":1,"y":2},"b":3}"""), Of("""{"b":3,"a":{"y":2,"x":1}}"""));
        Assert.NotEqual(Of("""{"a":[1,2]}"""), Of("""{"a":[2,1]}"""));
    }

    [Fact]
    public void What_Compose_1_writes_is_the_same_model()
    {
        const string yaml = """
            services:
              app:
                command: run --quick
                environment:
                  LEVEL: info
                  'NUMBER': '5'
                image: app:v1
                privileged: true
            """;

        Assert.Equal(Of("""{"services":{"app":{"image":"app:v1","privileged":true,"command":["run","--quick"],"environment":{"NUMBER":"5","LEVEL":"info"}}}}"""), Of(yaml));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("- x")]
    [InlineData("")]
    [InlineData("a: [")]
    public void What_is_neither_JSON_nor_a_mapping_is_no_model(string written) => Assert.Equal("what Compose wrote is neither JSON nor YAML", RenderedCompose.Redact(Encoding.UTF8.GetBytes(written), Key, new SecretValues()).Problem);

    [Fact]
    public void JSON_that_breaks_off_is_no_model() => Assert.Equal("what Compose wrote is no JSON", RenderedCompose.Redact("{\"a\":"u8.ToArray(), Key, new SecretValues()).Problem);

    private static byte[]? Of(string json) => RenderedCompose.Redact(Encoding.UTF8.GetBytes(json), Key, new SecretValues()).Bytes;
}
