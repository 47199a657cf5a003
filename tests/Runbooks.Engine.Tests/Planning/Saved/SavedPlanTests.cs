using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using CsCheck;
using Runbooks.Engine.Planning;
using Runbooks.Engine.Planning.Saved;
using Runbooks.Language.Playbooks;
using Runbooks.Language.Text;

namespace Runbooks.Engine.Tests.Planning.Saved;

public sealed class SavedPlanTests
{
    private static readonly Gen<string> Fragment = Gen.OneOf(
        "a", "b", ",", ", ", "[", "]", "\"", "'", "\\", " ", "  ", "\n", "\r\n", "\t", "é", "日本", "🚀", "***", "«steps.x.stdout»", "{{", "}}", "null", "true", "~", "=", "\u2028", "\uFFFD", "\u0001", "\u007f", "<", "&", "+");

    private static readonly Gen<string> AnyText = Fragment.Array[0, 6].Select(string.Concat);

    private static readonly Gen<string> Number = Gen.OneOf(
        Gen.Int[0, 100_000].Select(i => i.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        Gen.Double[0, 100_000].Select(d => d.ToString("R", System.Globalization.CultureInfo.InvariantCulture)).Where(t => !t.Contains('E', StringComparison.Ordinal)),
        Gen.OneOf("1.50", "0.10", "007", "0.30000000000000004", "12.0"));

    private static readonly Gen<string> Duration = Gen.Select(Gen.Int[0, 2000], Gen.OneOf("ms", "s", "m", "h"), (n, unit) => $"{n}{unit}")
        .Array[1, 2].Select(string.Concat);

    /// <summary>What a person can give, in one way or another: on the command line, or (also lists of any texts) in a vars file.</summary>
    private static readonly Gen<VarInputs> Inputs = Gen.Select(
        Gen.Select(AnyText, Number, Gen.Long[-1_000_000_000_000, 1_000_000_000_000], Duration),
        Gen.Select(Gen.Bool, Gen.OneOf(AnyText, Gen.Const("x")).Array[1, 4], AnyText, AnyText),
        Gen.Select(Gen.Bool, Gen.Bool),
        (one, two, how) =>
        {
            var lists = JsonSerializer.Serialize(two.Item2);
            return Saving.Given(
            [
                $"version={one.Item1}", $"ratio={one.Item2}", $"count={one.Item3}", $"wait={one.Item4}", $"force={(two.Item1 ? "true" : "false")}",
                .. how.Item1 ? [] : new[] { $"note={two.Item3}" },
                .. how.Item2 ? [] : new[] { $"parts={lists}" },
            ]) with
            {
                File = how.Item2 ? new SourceText("vars.yml", $"parts: {lists}\n") : null,
                Environment = name => name switch
                {
                    "TOKEN" => "t0p-s3cret-value",
                    "HOST" => two.Item4.Replace("\0", "", StringComparison.Ordinal),
                    _ => null,
                },
            };
        });

    [Fact]
    public void Any_values_come_back_from_a_saved_plan_as_they_were_and_the_plan_is_the_same()
    {
        var planned = 0;
        Inputs.Sample(
            inputs =>
            {
                var given = Saving.Bind(inputs);
                Assert.NotNull(given);
                var plan = Saving.Plan(inputs);
                var saved = Saving.Save(plan);

                // Nothing but the secret is there when it is run: neither the options nor the environment.
                var later = new VarInputs { Environment = name => name == "TOKEN" ? "an0ther-value" : name == "HOST" ? "other-host" : null };
                var again = Saving.Bind(later with { Recorded = saved.Values });
                Assert.NotNull(again);
                Assert.Equal(given.Items.Where(b => !b.Declaration.Secret).Select(Exact), again.Items.Where(b => !b.Declaration.Secret).Select(Exact));

                var anew = Saving.Plan(later, saved);
                Assert.Equal(plan.Digest, anew.Digest);
                Assert.Equal(PlanJson.Write(plan), PlanJson.Write(anew));
                Assert.Empty(Saving.Differences(saved, anew));
                Interlocked.Increment(ref planned);
            },
            iter: 500);
        Assert.Equal(500, planned);
    }

    [Fact]
    public void A_value_that_was_not_given_stays_so_when_the_environment_has_one_later()
    {
        var plan = Saving.Plan(Saving.Given());
        var saved = Saving.Save(plan);

        var anew = Saving.Plan(Saving.Given() with { Environment = name => name == "TOKEN" ? "t0p-s3cret-value" : "now-there" }, saved);

        Assert.Equal(PlannedVar.NotGiven, anew.Vars.Single(v => v.Name == "host").Origin);
        Assert.Equal(PlannedVar.NotGiven, anew.Vars.Single(v => v.Name == "other").Origin);
        Assert.Equal(plan.Digest, anew.Digest);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("note=", "note=")]
    [InlineData("version=v1|parts=a,b", "parts=a,b|version=v1")]
    [InlineData("wait=90s", "wait=90s")]
    public void Giving_a_value_again_makes_no_difference(string then, string now)
    {
        var plan = Saving.Plan(Saving.Given(then.Split('|', StringSplitOptions.RemoveEmptyEntries)));
        var saved = Saving.Save(plan);

        Assert.Equal(plan.Digest, Saving.Plan(Saving.Given(now.Split('|', StringSplitOptions.RemoveEmptyEntries)), saved).Digest);
    }

    [Theory]
    [InlineData("version=v1", "version=v2", "var 'version': was 'v1', is 'v2'")]
    [InlineData("", "version=v2", "var 'version': was 'v0', is 'v2'")]
    [InlineData("", "note=", "var 'note': had no value, and has one now (--var)")]
    [InlineData("parts=[\"a, b\"]", "parts=a,b", "var 'parts': was 'a, b', is a b")]
    [InlineData("ratio=1.50", "ratio=1.5", "var 'ratio': was '1.50', is '1.5'")]
    public void A_value_that_is_given_otherwise_is_a_difference(string then, string now, string line)
    {
        var saved = Saving.Save(Saving.Plan(Saving.Given(then.Split('|', StringSplitOptions.RemoveEmptyEntries))));

        var anew = Saving.Plan(Saving.Given(now), saved);

        Assert.NotEqual(saved.Digest, anew.Digest);
        Assert.Contains(line, Saving.Differences(saved, anew));
    }

    [Fact]
    public void A_secret_is_not_in_the_file_may_be_given_otherwise_and_may_not_be_left_out()
    {
        var plan = Saving.Plan(Saving.Given());
        var saved = Saving.Save(plan);

        Assert.DoesNotContain("t0p", Encoding.UTF8.GetString(Saving.Bytes(plan)), StringComparison.Ordinal);
        Assert.False(saved.Values.ContainsKey("token"));
        var fromFile = new VarInputs { File = new SourceText("vars.yml", "token: another-s3cret") };
        Assert.Equal(plan.Digest, Saving.Plan(fromFile, saved).Digest);
        Assert.Contains("var 'token': had a value (from TOKEN), and has none now", Saving.Differences(saved, Saving.Plan(VarInputs.None, saved)));
    }

    [Fact]
    public void A_secret_that_was_not_given_is_a_difference_when_it_is_given()
    {
        var saved = Saving.Save(Saving.Plan(Saving.Given()));
        var file = Saving.Given() with { File = new SourceText("vars.yml", "other: g1ven-value") };

        Assert.Contains("var 'other': had no value, and has one now (vars file)", Saving.Differences(saved, Saving.Plan(file, saved)));
    }

    [Fact]
    public void A_text_that_JSON_cannot_hold_is_refused_when_the_plan_is_saved()
    {
        var plan = Saving.Plan(Saving.Given("note=\ud800"));

        var (_, problem) = SavedPlan.Write(plan, new PlanCopy(Saving.PlanId, "/project/bench.yml"));

        Assert.Equal("the plan cannot be saved: a value or a text in it is no valid Unicode", problem);
    }

    [Fact]
    public void Two_copies_of_a_plan_have_one_digest_and_two_ids()
    {
        var plan = Saving.Plan(Saving.Given());
        var (bytes, _) = SavedPlan.Write(plan, new PlanCopy(new string('f', 32), "/elsewhere/bench.yml"));

        var other = SavedPlanReader.Read(bytes).Plan;

        Assert.Equal(plan.Digest, other?.Digest);
        Assert.Equal(plan.Digest, Saving.Save(plan).Digest);
        Assert.Equal((new string('f', 32), "/elsewhere/bench.yml"), (other?.Copy.PlanId, other?.Copy.PlaybookFile));
    }

    [Fact]
    public void A_file_that_was_cut_anywhere_is_not_taken()
    {
        var bytes = Saving.Bytes(Saving.Plan(Saving.Given()));

        for (var length = 0; length < bytes.Length - 1; length++)
        {
            var read = SavedPlanReader.Read(bytes.AsMemory(0, length));
            Assert.Null(read.Plan);
            Assert.Contains("is not JSON, or a part of it is missing", read.Problem, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_flipped_byte_that_means_something_is_seen()
    {
        var bytes = Saving.Bytes(Saving.Plan(Saving.Given()));
        var taken = 0;

        for (var at = 0; at < bytes.Length; at++)
        {
            foreach (var mask in (byte[])[0x01, 0x20, 0x80])
            {
                var flipped = bytes.ToArray();
                flipped[at] ^= mask;
                if (SavedPlanReader.Read(flipped).Plan is { } plan)
                {
                    taken++;
                    Assert.Equal(Compact(bytes), Compact(flipped));
                    Assert.Equal(Saving.PlanId, plan.Copy.PlanId);
                }
            }
        }

        // Blanks between members mean nothing.
        Assert.InRange(taken, 0, bytes.Count(b => b is (byte)' ' or (byte)'\n') * 3);
    }

    [Theory]
    [InlineData("", "is not JSON")]
    [InlineData("runbook: v1\nname: x\n", "is not JSON")]
    [InlineData("[]", "is not a plan")]
    [InlineData("{}", "is not a plan")]
    [InlineData("{\"digest\":\"abc\"}", "is not a plan")]
    [InlineData("{\"digest\":\"sha256:abc\",\"format\":2}", "in a form that this version does not know")]
    [InlineData("{\"digest\":\"sha256:abc\",\"format\":1}", "'runbook plan PLAYBOOK -o FILE' saves one")]
    [InlineData("{\"digest\":\"sha256:abc\",\"format\":1,\"saved\":{}}", "was changed after it was written")]
    [InlineData("{\"digest\":\"sha256:abc\",\"digest\":\"sha256:abc\"}", "is not JSON")]
    [InlineData("{\"digest\":\"\\ud800\",\"format\":1,\"saved\":{}}", "holds text that is not valid")]
    public void What_is_no_saved_plan_is_told(string text, string problem)
    {
        var read = SavedPlanReader.Read(Encoding.UTF8.GetBytes(text));

        Assert.Null(read.Plan);
        Assert.Contains(problem, read.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_that_was_written_to_be_read_cannot_be_run() =>
        Assert.Contains("not one that was saved", SavedPlanReader.Read(PlanJson.Utf8(Saving.Plan(Saving.Given()))).Problem, StringComparison.Ordinal);

    [Theory]
    [InlineData("0123456789abcdef0123456789abcde", "an id that is too short")]
    [InlineData("../../../../../../../etc/passwd0", "an id that leads elsewhere")]
    [InlineData("0123456789ABCDEF0123456789ABCDEF", "an id in another form")]
    public void An_id_is_digits_and_nothing_else(string id, string why)
    {
        var plan = Saving.Plan(Saving.Given());

        var read = SavedPlanReader.Read(PlanJson.Utf8(plan, new PlanCopy(id, "/project/bench.yml")));

        Assert.True(read.IsAltered, why);
    }

    private static string Exact(VarBinding binding) => $"{binding.Name} {binding.Value?.GetType().Name} {binding.Value switch
    {
        null => "nothing",
        ImmutableArray<string> list => JsonSerializer.Serialize(list.ToArray()),
        TimeSpan span => $"{span.Ticks}",
        double d => $"{BitConverter.DoubleToInt64Bits(d)}",
        var value => JsonSerializer.Serialize(value),
    }}";

    private static string Compact(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        return JsonSerializer.Serialize(document.RootElement);
    }
}
