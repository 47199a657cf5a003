using System.Text;
using CsCheck;
using Runbooks.Language.Editing;
using YamlDotNet.RepresentationModel;

namespace Runbooks.Language.Tests.Editing;

/// <summary>Any value at any place: the value is read back, and every other byte is what it was.</summary>
public sealed class ScalarEditorPropertyTests
{
    private static readonly Gen<string> Fragment = Gen.OneOf(
        ": ", ":", "#", " #", "'", "\"", "\\", "\\n", "\n", "\r\n", "\r", "\t", "- ", "-", "*a", "&b", "!t", "%", "@", "`", "{", "}", "[", "]", ", ", ",", "? ", "|", ">", "~",
        "true", "no", "1.10", "0x1F", "null", "<<", "=", "...", "---", " ", "a", "word", "v1.2.3", "myapp:", "$", "$$", "$(touch x)", "; rm -rf *", "é", "日本", "🚀",
        "\u2028", "\u2029", "\u0085", "\u00A0", "\0", "\u0007", "\u001b", "\u007f", "\uFEFF", "\uFFFE", "\u200B");

    private static readonly Gen<string> Value = Gen.Frequency(
        (20, Fragment.Array[0, 8].Select(string.Concat)),
        (10, Gen.String[Gen.Char['\u0001', '\uD7FF'], 0, 20]),
        (1, Gen.Select(Fragment, Fragment, Gen.Int[1, 100_000], (a, b, length) => Repeated(a + b, length))));

    private static readonly (string Path, string Before, string Old, string After)[] YamlPlaces =
    [
        ("services.app.image", "services:\n  app:\n    image: ", "myapp:v1.2.4", "   # now\n    restart: always\n"),
        ("services.app.image", "\uFEFFservices:\r\n  app:\r\n    image: ", "'it''s'", "\r\n    # 🚀 { [ \" '\r\n    restart: always"),
        ("a.b", "a: {b: ", "one", ", c: [x, y]} # end\nd: e\n"),
        ("a.b", "a: {b: ", "one:1", "}"),
        ("a[1]", "a: [\"x\", ", "\"y\\n\"", ", {z: 1}]\n"),
        ("a[1]", "a:\n- x\n- ", "w", "\n- z: 1\n"),
        ("env.TAG", "env:\n  - A=1\n  - ", "TAG=v1", "\n  - B=2 # \t tabs\n"),
        ("x", "? [complex, key]\n: v\nx: &unused ", "one\n  two", "\n\n...\n"),
        ("x", "b: |\n  x: no\nx: ", "\"a \\\n   b\"", "\nc: >-\n  folded\n\n  text\n"),
    ];

    private static readonly (string Path, string Before, string Old, string After)[] JsonPlaces =
    [
        ("a", "{\"a\": ", "\"x\"", ", \"b\": [1, null]}"),
        ("b[1].c", "\uFEFF{\r\n\t\"🚀\": 1, \"b\" : [\"\", {\"c\" : ", "\"\\u00e9\"", "} ]\r\n}\r\n"),
    ];

    private static readonly (string Path, string Before, string Old, string After)[] EnvPlaces =
    [
        ("TAG", "# c\nTAG=", "v1", "\nB=2"),
        ("TAG", "export TAG = ", "a b", "   # c\r\nB=\"x\ny\"\r\n"),
        ("TAG", "A='x'\nTAG=", "'it'", " # c\n"),
        ("TAG", "TAG=", "\"a \\\"b\\\"\"", ""),
        ("TAG", "TAG=", "", "\r\nB=1\r\n"),
    ];

    [Fact]
    public void Any_value_can_be_written_to_any_place_of_text_in_YAML() =>
        Gen.Select(Gen.OneOf(YamlPlaces), Value).Sample(
            (place, value) =>
            {
                var edited = Assert.IsType<Edited>(Apply(place, value, EditFormat.Yaml));
                AssertOnlyTheSliceChanged(place, value, edited, EditFormat.Yaml);

                var before = Flatten(place.Before + place.Old + place.After);
                var after = Flatten(Encoding.UTF8.GetString([.. edited.Bytes]));
                Assert.Equal(before.Count, after.Count);
                Assert.Equal(edited.Changes[0].IsUnchanged ? 0 : 1, before.Zip(after).Count(p => p.First != p.Second));
            },
            iter: 2000);

    [Fact]
    public void Any_value_can_be_written_to_any_text_in_JSON() =>
        Gen.Select(Gen.OneOf(JsonPlaces), Value).Sample(
            (place, value) => AssertOnlyTheSliceChanged(place, value, Assert.IsType<Edited>(Apply(place, value, EditFormat.Json)), EditFormat.Json),
            iter: 2000);

    [Fact]
    public void Any_value_without_control_characters_can_be_written_to_a_dotenv_file() =>
        Gen.Select(Gen.OneOf(EnvPlaces), Value).Sample(
            (place, value) =>
            {
                if (Apply(place, value, EditFormat.DotEnv) is Edited edited)
                {
                    AssertOnlyTheSliceChanged(place, value, edited, EditFormat.DotEnv);
                }
                else
                {
                    Assert.Contains(value, c => char.IsControl(c) && c is not ('\n' or '\r' or '\t'));
                }
            },
            iter: 2000);

    [Fact]
    public void Numbers_booleans_and_nulls_never_become_something_else() =>
        Gen.Select(Gen.OneOf("5", "1.50", "true", "yes", "0644", "~", "2024-01-31"), Value).Sample(
            (old, value) =>
            {
                var place = (Path: "a.b", Before: "a: {c: 1, b: ", Old: old, After: "}\n");
                if (Apply(place, value, EditFormat.Yaml) is Edited edited)
                {
                    AssertOnlyTheSliceChanged(place, value, edited, EditFormat.Yaml);
                    var (was, now) = (YamlType.OfPlain(old), edited.Changes[0].NewSource.StartsWith('"') ? YamlType.Text : YamlType.OfPlain(value));
                    Assert.True(was.Core == ScalarType.Null ? now == YamlType.Text : was.Core == now.Core);
                }
            },
            iter: 2000);

    [Fact]
    public void A_damaged_file_is_refused_or_edited_but_never_throws()
    {
        var files = EditCase.Names().Select(EditCase.Read).Where(c => c.Input.Length > 0).ToArray();
        Gen.Select(Gen.OneOf(files), Gen.Int[0, 100_000], Gen.Int[0, 100_000], Fragment).Sample(
            (file, at, cut, insert) =>
            {
                var start = at % file.Input.Length;
                var rest = start + Math.Min(cut % 7, file.Input.Length - start);
                byte[] damaged = [.. file.Input[..start], .. Encoding.UTF8.GetBytes(insert), .. file.Input[rest..]];

                switch (ScalarEditor.Apply(damaged, file.Format, file.Edits))
                {
                    case Edited edited:
                        EditCaseTests.AssertKeepsEverythingElse(damaged, [.. edited.Bytes], edited);
                        break;
                    case EditRefused refused:
                        Assert.NotEmpty(refused.Refusals);
                        Assert.All(refused.Refusals, r => Assert.InRange(r.Line ?? 1, 1, damaged.Length + 1));
                        break;
                    default:
                        Assert.Fail("a result of no known kind");
                        break;
                }
            },
            iter: 20_000);
    }

    private static EditResult Apply((string Path, string Before, string Old, string After) place, string value, EditFormat format) =>
        ScalarEditor.Apply(Encoding.UTF8.GetBytes(place.Before + place.Old + place.After), format, [new ScalarEdit(place.Path, value)]);

    private static void AssertOnlyTheSliceChanged((string Path, string Before, string Old, string After) place, string value, Edited edited, EditFormat format)
    {
        var (before, after) = (Encoding.UTF8.GetBytes(place.Before), Encoding.UTF8.GetBytes(place.After));
        Assert.True(edited.Bytes.AsSpan().StartsWith(before));
        Assert.True(edited.Bytes.AsSpan().EndsWith(after));
        Assert.Equal(edited.Changes[0].NewSource, Encoding.UTF8.GetString(edited.Bytes.AsSpan()[before.Length..^after.Length]));
        Assert.Equal(value, edited.Changes[0].NewValue);

        var again = Assert.IsType<Edited>(ScalarEditor.Apply(edited.Bytes.AsSpan(), format, [new ScalarEdit(place.Path, value)]));
        Assert.True(again.Changes[0].IsUnchanged);
        Assert.Equal(value, again.Changes[0].OldValue);
    }

    /// <summary>Every scalar of a YAML file with its quotes or lack of them, read by the library's own tree and not by the editor.</summary>
    private static List<string> Flatten(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml.TrimStart('\uFEFF')));
        return [.. stream.Documents.SelectMany(d => d.AllNodes).Select(n => n is YamlScalarNode s ? $"{s.Value}" : n.NodeType.ToString())];
    }

    private static string Repeated(string text, int length) => string.Concat(Enumerable.Repeat(text, (length / text.Length) + 1))[..length].TrimEnd('\uD83D');
}
