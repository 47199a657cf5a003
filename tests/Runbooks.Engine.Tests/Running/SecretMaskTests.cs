using System.Text;
using CsCheck;
using Runbooks.Engine.Running;

namespace Runbooks.Engine.Tests.Running;

public sealed class SecretMaskTests
{
    [Fact]
    public void A_secret_is_masked_wherever_the_stream_is_cut()
    {
        var text = "before hunter2-hunter2 middle hunter2-hunterX hunter2-hunter2"u8.ToArray();
        for (var cut = 0; cut <= text.Length; cut++)
        {
            for (var second = cut; second <= text.Length; second += 7)
            {
                Assert.Equal("before *** middle hunter2-hunterX ***", Stream(new SecretMask(["hunter2-hunter2"]), text[..cut], text[cut..second], text[second..]));
            }
        }
    }

    [Fact]
    public void Any_cutting_of_any_text_gives_what_the_whole_text_gives() =>
        (from secret in Gen.String[Gen.Char["abX\"\n"], 4, 9]
         from text in Gen.String[Gen.Char["abX\"\n c"], 0, 60]
         from position in Gen.Int[0, 60]
         from cuts in Gen.Int[0, 200].Array[0, 4]
         select (secret, Text: text.Insert(Math.Min(position, text.Length), secret), cuts)).Sample(
            c =>
            {
                var bytes = Encoding.UTF8.GetBytes(c.Text);
                var ends = c.cuts.Select(x => Math.Min(x, bytes.Length)).Order().ToList();
                var pieces = ends.Append(bytes.Length).Select((end, i) => bytes[(i == 0 ? 0 : ends[i - 1])..end]).ToArray();
                var whole = Stream(new SecretMask([c.secret]), bytes);
                Assert.Equal(whole, Stream(new SecretMask([c.secret]), pieces));
                Assert.DoesNotContain(c.secret, whole, StringComparison.Ordinal);
                Assert.DoesNotContain(c.secret, new SecretMask([c.secret]).Text(c.Text), StringComparison.Ordinal);
            },
            iter: 5_000);

    [Fact]
    public void The_json_form_and_each_line_of_a_secret_are_masked_too()
    {
        var mask = new SecretMask(["line one\nline \"two\""]);

        Assert.Equal("***", mask.Text("line one\nline \"two\""));
        Assert.Equal("x ***", mask.Text("x line one"));
        Assert.Equal("{\"a\":\"***\"}", mask.Text("{\"a\":\"line one\\nline \\\"two\\\"\"}"));
    }

    [Fact]
    public void Without_secrets_bytes_pass_as_they_are()
    {
        var mask = new SecretMask([]);

        Assert.True(mask.IsEmpty);
        Assert.Equal("a\0b", Stream(mask, "a\0b"u8.ToArray()));
    }

    private static string Stream(SecretMask mask, params byte[][] pieces)
    {
        var filter = mask.Fresh();
        using var written = new MemoryStream();
        foreach (var piece in pieces)
        {
            filter.Write(piece, bytes => written.Write(bytes));
        }

        filter.Flush(bytes => written.Write(bytes));
        return Encoding.UTF8.GetString(written.ToArray());
    }

    [Fact]
    public async Task What_a_kind_throws_is_masked_everywhere()
    {
        using var bench = new Bench { Secrets = ["hunter2-hunter2"] };

        var result = await bench.RunAsync(
            """
            steps:
              - id: broken
                start: [explode]
                env: { TOKEN: "{{ token }}" }
            """,
            ("token", "hunter2-hunter2", true));
        var checking = await bench.RunAsync(
            bench.Plan(
            """
            guards:
              - says: "explode {{ token }}"
            steps:
              - id: fine
                start: [fine]
            """,
            ("token", "hunter2-hunter2", true)),
            "run-2");

        Assert.Equal("step 'broken': 'start' itself broke: InvalidOperationException: a bug in this kind ***", result.Why);
        Assert.Contains("a bug in this check: explode ***", checking.Why, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", bench.Transcript, StringComparison.Ordinal);
        foreach (var run in bench.Store.List())
        {
            Assert.DoesNotContain("hunter2", System.Text.Encoding.UTF8.GetString(bench.Store.ReadJournal(run).Bytes ?? []), StringComparison.Ordinal);
        }
    }
}
