using CsCheck;
using Runbooks.Builtin.LogFormats;

namespace Runbooks.Builtin.Tests.LogFormats;

public sealed class MessageTemplatesTests
{
    [Theory]
    [InlineData("order 42 of user 7 failed after 1.5s", "order # of user # failed after #")]
    [InlineData("cannot open \"a \\\"b\\\" c\": 'x y' is missing", "cannot open \"…\": \"…\" is missing")]
    [InlineData("can't reach db, won't retry", "can't reach db, won't retry")]
    [InlineData("user o'brien isn't known", "user o'brien isn't known")]
    [InlineData("an open \"quote", "an open \"quote")]
    [InlineData("id 0192f0c1-7a3b-7c11-9d2e-0242ac120002 at 0xdeadBEEF, commit deadbeefcafe", "id # at #, commit #")]
    [InlineData("added a facade to the decade", "added a facade to the decade")]
    [InlineData("connect to 10.0.0.1:5432 and [::1]:80: refused", "connect to # and [::#]:#: refused")]
    [InlineData("GET /api/orders/42/items", "GET /api/orders/#/items")]
    [InlineData("  blanks \t of  any   number ", "blanks of any number")]
    [InlineData("at 02/Jan/2026:12:00:00 +0000", "at #")]
    [InlineData("", "")]
    public void What_a_message_speaks_of_is_taken_out(string message, string template) => Assert.Equal(template, MessageTemplates.Of(message));

    [Theory]
    [InlineData("""{"level":"error","time":1,"msg":"order 42 failed","pid":7}""", "order # failed")]
    [InlineData("""{"level":"error","time":1,"id":"x"}""", """{"…":"…","…":#,"…":"…"}""")]
    [InlineData("""{"level":"error","msg":"cut""", """{"…":"…","…":"cut""")]
    [InlineData("""{"level":"error","msg":"\ud800"}""", """{"…":"…","…":"…"}""")]
    [InlineData("""{"@t":"2026-01-02","@mt":"Served {Path} 5","@l":"Error"}""", "Served {Path} #")]
    [InlineData("ts=1 level=error msg=\"order 42 failed\" err=EOF", "order # failed")]
    [InlineData("2026-01-02 12:00:00,123 [exec-7] ERROR com.example.Shop - order 42 failed", "[#] ERROR com.example.Shop - order # failed")]
    [InlineData("Jan  2 12:00:00 web1 app[12]: ERROR order 42 failed", "# app[#]: ERROR order # failed")]
    public void Of_an_entry_it_is_what_it_says(string entry, string template) => Assert.Equal(template, MessageTemplates.Of(LogLine.Message(entry)));

    [Fact]
    public void Any_text_has_a_template_of_bounded_length() => Gen.String.Sample(text => MessageTemplates.Of(LogLine.Message($"{{{text}")).Length + MessageTemplates.Of(text).Length >= 0, iter: 20_000);

    [Fact]
    public void A_long_message_is_cut() => Assert.InRange(MessageTemplates.Of(string.Concat(Enumerable.Repeat("word \"x\" 1 ", 10_000))).Length, 300, 310);
}
