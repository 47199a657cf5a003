using System.Text;
using Runbooks.Engine.Audit;
using Runbooks.Engine.Journal;

namespace Runbooks.Engine.Tests.Audit;

public sealed class LedgerTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    private static readonly string Hash = new('a', 64);

    private static byte[] Ledger => Write(
        new LedgerBegun("run-1", Hash), new LedgerSealed("run-1", 12, Hash, Conclusion.Succeeded), new LedgerBegun("run-2", Hash), new LedgerSealed("run-2", 3, Hash, Conclusion.Refused) { Signature = "key:abc" });

    [Fact]
    public void Every_entry_is_read_back_as_it_was_written()
    {
        var ledger = LedgerReader.Read(Ledger);

        Assert.Null(ledger.Break);
        Assert.Equal(Ledger, Write([.. ledger.Lines.Select(l => l.Entry)]));
        Assert.Equal(new Anchor(4, ledger.Lines[3].Hash), ledger.Head);
        Assert.Equal(Anchor.Empty, LedgerReader.Read([]).Head);
    }

    [Fact]
    public void A_ledger_cut_at_any_byte_loses_only_the_line_that_was_cut()
    {
        for (var length = 0; length <= Ledger.Length; length++)
        {
            var ledger = LedgerReader.Read(Ledger.AsSpan(0, length));
            Assert.Equal(Ledger.AsSpan(0, length).Count((byte)'\n'), ledger.Lines.Length);
            Assert.Equal(length > 0 && Ledger[length - 1] != '\n', ledger.IsTorn);
            Assert.False(ledger.IsAltered);
        }
    }

    [Fact]
    public void Every_flipped_byte_is_found_in_the_line_where_it_is()
    {
        for (var at = 0; at < Ledger.Length; at++)
        {
            foreach (var mask in (byte[])[0x01, 0x20, 0x80])
            {
                var flipped = Ledger;
                flipped[at] ^= mask;
                Assert.Equal(Ledger.AsSpan(0, at).Count((byte)'\n') + 1, LedgerReader.Read(flipped).Break?.LineNumber);
            }
        }
    }

    [Fact]
    public void Lines_that_are_deleted_swapped_repeated_or_of_another_ledger_are_found_and_told_apart()
    {
        var lines = Encoding.UTF8.GetString(Ledger).Split('\n')[..^1];
        var other = Encoding.UTF8.GetString(Write(new LedgerBegun("run-9", Hash), new LedgerBegun("run-8", Hash))).Split('\n');

        Assert.Equal((2, Alteration.Deleted), Broken(lines[0], lines[2], lines[3]));
        Assert.Equal((2, Alteration.Reordered), Broken(lines[0], lines[2], lines[1], lines[3]));
        Assert.Equal((3, Alteration.Reordered), Broken(lines[0], lines[1], lines[1], lines[2]));
        Assert.Equal((2, Alteration.Edited), Broken(lines[0], other[1], lines[2], lines[3]));
        Assert.Equal((1, Alteration.Edited), Broken("", lines[0]));
    }

    [Fact]
    public void What_is_behind_a_break_is_still_known()
    {
        var lines = Encoding.UTF8.GetString(Ledger).Split('\n')[..^1];

        var ledger = LedgerReader.Read(Encoding.UTF8.GetBytes($"{lines[0]}\n{lines[1].Replace("12", "13", StringComparison.Ordinal)}\n{lines[2]}\n{lines[3]}\n"));

        Assert.Equal(["run-2", "run-2"], ledger.Beyond.Select(l => l.Entry.RunId));
    }

    [Fact]
    public void A_line_can_be_added_when_only_the_end_is_known()
    {
        var whole = LedgerCodec.Next(Ledger, new LedgerBegun("run-3", Hash), Noon);
        var lastLine = Ledger.AsSpan(0, Ledger.Length - 1).LastIndexOf((byte)'\n') + 1;

        Assert.Equal(whole, LedgerCodec.Next(Ledger.AsSpan(lastLine), new LedgerBegun("run-3", Hash), Noon));
        Assert.Equal(whole, LedgerCodec.Next(Ledger.AsSpan(lastLine - 20), new LedgerBegun("run-3", Hash), Noon));
    }

    [Fact]
    public void An_anchor_is_read_with_its_label_or_without_and_nothing_else_is_one()
    {
        var anchor = new Anchor(12, Hash);

        Assert.Equal($"Runbook-Ledger: 12:{Hash}", anchor.ToString());
        Assert.All([anchor.ToString(), anchor.Word, $"  {anchor.Word}\n"], text => Assert.Equal(anchor, Anchor.Parse(text)));
        Assert.All(["", "12", Hash, $"-1:{Hash}", $"x:{Hash}", $"12:{Hash}a", $"12:{Hash[1..]}G", $"12:{Hash}:1"], text => Assert.Null(Anchor.Parse(text)));
    }

    private static (long?, Alteration?) Broken(params string[] lines)
    {
        var broken = LedgerReader.Read(Encoding.UTF8.GetBytes(string.Concat(lines.Select(l => l + "\n")))).Break;
        return (broken?.LineNumber, broken?.Meaning);
    }

    private static byte[] Write(params LedgerEntry[] entries) => entries.Aggregate<LedgerEntry, byte[]>([], (ledger, entry) => [.. ledger, .. LedgerCodec.Next(ledger, entry, Noon)]);
}
