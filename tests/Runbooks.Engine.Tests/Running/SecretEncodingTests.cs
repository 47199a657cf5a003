using System.Text;
using CsCheck;
using Runbooks.Engine.Running;
using Runbooks.Testing;

namespace Runbooks.Engine.Tests.Running;

/// <summary>No form of a secret passes the mask, whatever stands around it and wherever the stream is cut.</summary>
public sealed class SecretEncodingTests
{
    private static readonly string[] Letters =
        [.. "abcXYZ0129 -_.~!'\"\\/$`&<>+%#=,:;?@[]{}()^|\n\t\u0001".Select(c => c.ToString()), "ü", "ß", "€", "\U0001F511", "\r\n"];

    private static readonly Gen<string> Texts = Gen.Int[0, Letters.Length - 1].Select(i => Letters[i]).Array[1, 24].Select(string.Concat);

    private static readonly Gen<string> Secrets = Texts.Where(t => t.Split('\n', '\r').Any(l => l.Trim().Length >= 4));

    private static readonly Gen<int[]> Cuts = Gen.Int[0, 400].Array[0, 6];

    [Fact]
    public void No_encoding_of_any_secret_in_any_surroundings_passes() =>
        (from secret in Secrets
         from before in Texts
         from after in Texts
         from choice in Gen.Int[0, 10_000]
         from cuts in Cuts
         select (secret, before, after, choice, cuts)).Sample(
            c =>
            {
                var forms = Encodings.Of(c.secret);
                var text = c.before + forms[c.choice % forms.Count].Text + c.after;
                var mask = new SecretMask([c.secret]);

                var whole = Stream(mask, Encoding.UTF8.GetBytes(text));
                Assert.Equal(whole, Stream(mask, Cut(text, c.cuts)));
                Assert.Equal(whole, mask.Text(text));
                Assert.All(forms, form => Assert.DoesNotContain(form.Text, whole, StringComparison.Ordinal));
            },
            iter: 2_000);

    [Fact]
    public void No_Base64_of_texts_that_hold_the_secret_passes_however_it_is_broken_into_lines() =>
        (from secret in Secrets.Where(s => s.Trim().Length >= 6)
         from before in Texts
         from after in Texts
         from width in Gen.Int[8, 80]
         from lineBreak in Gen.Bool.Select(b => b ? "\n" : "\r\n")
         from cuts in Cuts
         select (secret, before, after, width, lineBreak, cuts)).Sample(
            c =>
            {
                var bytes = Encoding.UTF8.GetBytes(c.before);
                var text = string.Join(c.lineBreak, Convert.ToBase64String([.. bytes, .. Encoding.UTF8.GetBytes(c.secret + c.after)]).Chunk(c.width).Select(l => new string(l)));
                var core = Encodings.Base64Core(c.secret, bytes.Length % 3);

                var masked = Stream(new SecretMask([c.secret]), Cut(text, c.cuts)).ReplaceLineEndings("");
                // Fewer than four characters in a line are no form.
                Assert.DoesNotContain(core[3..], masked, StringComparison.Ordinal);
            },
            iter: 2_000);

    [Theory]
    [InlineData("fewer than four characters of a form at the end of a line stay", "UzNj\nr3t", "S3cr3t!!")]
    public void Breaks_are_looked_over_only_inside_of_forms(string why, string text, string secret) => Assert.True(new SecretMask([secret]).Text(text) == text, why);

    [Fact]
    public void Forms_that_overlap_are_masked_as_one()
    {
        Assert.Equal("<***>", new SecretMask(["xxabcd", "abcdefgh"]).Text("<xxabcdefgh>"));
        Assert.Equal("<***>", Stream(new SecretMask(["xxabcd", "abcdefgh"]), Cut("<xxabcdefgh>", [3, 5, 8])));
        Assert.Equal("<******>", new SecretMask(["abcdefgh"]).Text("<abcdefghabcdefgh>"));
    }

    [Fact]
    public void A_line_of_a_key_is_masked_where_it_stands_alone_and_its_braces_are_not()
    {
        var mask = new SecretMask(["{\n  \"type\": \"service\",\n  \"key\": \"Zm9vYmFy\"\n}\n"]);

        Assert.Equal("log | ***\nlog | }", mask.Text("log | \"key\": \"Zm9vYmFy\"\nlog | }"));
        Assert.Equal("{ int a; }", mask.Text("{ int a; }"));
    }

    [Fact]
    public void A_chunk_is_masked_without_garbage()
    {
        var filter = new SecretMask(["s3cr3t-0f-the-test"]).Fresh();
        var chunk = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("a line of output with s3cr3t-0f-the-test in it, and czNjcjN0LTBmLXRoZS10ZXN0\n", 500)) + "s3cr3t-0f");
        var passed = 0L;
        Action<ReadOnlySpan<byte>> next = bytes => passed += bytes.Length;
        filter.Write(chunk, next);
        filter.Write(chunk, next);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            filter.Write(chunk, next);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(passed > 0);
    }

    [Fact]
    public void A_key_of_many_kilobytes_is_masked_in_all_of_its_forms()
    {
        var random = new Random(7);
        var key = string.Join('\n', Enumerable.Range(0, 60).Select(_ => Convert.ToBase64String(Enumerable.Range(0, 48).Select(_ => (byte)random.Next(256)).ToArray())));
        var mask = new SecretMask([key]);

        Assert.All(Encodings.Of(key), form => Assert.Equal("<***>", mask.Text($"<{form.Text}>")));
    }

    private static byte[][] Cut(string text, int[] cuts)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var ends = cuts.Select(x => Math.Min(x, bytes.Length)).Order().ToList();
        return [.. ends.Append(bytes.Length).Select((end, i) => bytes[(i == 0 ? 0 : ends[i - 1])..end])];
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
}
