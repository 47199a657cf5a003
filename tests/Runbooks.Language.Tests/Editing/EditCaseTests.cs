using System.Text;
using Runbooks.Language.Editing;

namespace Runbooks.Language.Tests.Editing;

public sealed class EditCaseTests
{
    public static TheoryData<string> Cases => [.. EditCase.Names()];

    [Fact]
    public void There_are_at_least_sixty_cases() => Assert.True(EditCase.Names().Count() >= 60);

    [Theory]
    [MemberData(nameof(Cases))]
    public void An_edit_changes_exactly_the_bytes_meant_or_says_why_not(string name)
    {
        var @case = EditCase.Read(name);

        var result = ScalarEditor.Apply(@case.Input, @case.Format, @case.Edits);

        switch (result)
        {
            case Edited edited:
                Assert.Null(@case.Refusal);
                Assert.Equal(Readable(@case.Expected), Readable([.. edited.Bytes]));
                Assert.Equal(@case.Edits.Length, edited.Changes.Length);
                AssertKeepsEverythingElse(@case.Input, [.. edited.Bytes], edited);
                AssertSecondTimeChangesNothing(@case, edited);
                break;
            case EditRefused refused:
                Assert.Null(@case.Expected);
                var text = string.Concat(refused.Refusals.Select(r => $"{r.Kind} {r.Path}: {r.Sentence}\n"));
                if (Environment.GetEnvironmentVariable("RUNBOOKS_UPDATE_GOLDEN") == "1")
                {
                    File.WriteAllText(Path.Combine(EditCase.Root, name, "refusal.txt"), text);
                }
                else
                {
                    Assert.Equal(@case.Refusal, text);
                }

                break;
            default:
                Assert.Fail("a result of no known kind");
                break;
        }
    }

    /// <summary>With the new slices put back to the old ones, the original comes out.</summary>
    internal static void AssertKeepsEverythingElse(byte[] original, byte[] bytes, Edited edited)
    {
        var changes = edited.Changes.Where(c => !c.IsUnchanged).ToList();
        if (changes.Count == 0)
        {
            Assert.Equal(original, bytes);
            return;
        }

        if (changes is [var change])
        {
            var (before, after) = (Encoding.UTF8.GetBytes(change.OldSource), Encoding.UTF8.GetBytes(change.NewSource));
            Assert.Equal(original.Length - before.Length, bytes.Length - after.Length);
            Assert.Contains(Places(original, before), p =>
                original.AsSpan(0, p).SequenceEqual(bytes.AsSpan(0, Math.Min(p, bytes.Length)))
                && original.AsSpan(p + before.Length).SequenceEqual(bytes.AsSpan(p + after.Length))
                && bytes.AsSpan(p, after.Length).SequenceEqual(after));
        }
    }

    private static IEnumerable<int> Places(byte[] text, byte[] slice)
    {
        for (var i = 0; i + slice.Length <= text.Length; i++)
        {
            if (text.AsSpan(i, slice.Length).SequenceEqual(slice))
            {
                yield return i;
            }
        }
    }

    private static void AssertSecondTimeChangesNothing(EditCase @case, Edited first)
    {
        var second = Assert.IsType<Edited>(ScalarEditor.Apply([.. first.Bytes], @case.Format, @case.Edits));
        Assert.True(second.Bytes.AsSpan().SequenceEqual(first.Bytes.AsSpan()));
        Assert.All(second.Changes, c => Assert.True(c.IsUnchanged));
    }

    /// <summary>Bytes as text in which line ends and byte order marks can be seen.</summary>
    private static string? Readable(byte[]? bytes) => bytes is null
        ? null
        : Encoding.Latin1.GetString(bytes).Replace("\r", "<CR>", StringComparison.Ordinal).Replace("\n", "<LF>\n", StringComparison.Ordinal);
}
