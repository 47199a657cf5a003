using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Runbooks.Language.Text;

namespace Runbooks.Language.Editing;

/// <summary>Reads strict JSON for editing.</summary>
internal static class JsonEditReader
{
    private const int MaxDepth = 256;

    /// <summary>The tree, or why the file cannot be edited.</summary>
    public static EditTree? Read(SourceText source, out EditRefusal? refusal)
    {
        var bytes = Encoding.UTF8.GetBytes(source.Content);
        refusal = null;
        try
        {
            return new Run(source, bytes).Tree();
        }
        catch (JsonException e)
        {
            refusal = SyntaxError(bytes, (int)(e.LineNumber ?? 0) + 1, e.Message);
        }
        catch (InvalidOperationException)
        {
            refusal = new EditRefusal(EditRefusalKind.Syntax, "", null, "a string in the file escapes half of a character (\\ud800 to \\udfff without a partner)");
        }

        return null;
    }

    private static EditRefusal SyntaxError(byte[] bytes, int line, string reason)
    {
        if (IsJsonWithComments(bytes))
        {
            return new EditRefusal(EditRefusalKind.Syntax, "", line, $"line {line}: the file has comments or trailing commas, which strict JSON does not; remove them or edit the file by hand");
        }

        var end = reason.IndexOf(" LineNumber:", StringComparison.Ordinal);
        var text = (end < 0 ? reason : reason[..end]).Trim().TrimEnd('.');
        return new EditRefusal(EditRefusalKind.Syntax, "", line, $"line {line}: the file is not valid JSON: {text}");
    }

    private static bool IsJsonWithComments(byte[] bytes)
    {
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = MaxDepth });
        try
        {
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private sealed class Run(SourceText source, byte[] bytes)
    {
        private readonly ImmutableArray<TreeToken>.Builder _tokens = ImmutableArray.CreateBuilder<TreeToken>();
        private readonly Stack<TreeNode> _open = new();
        private int _bytesSeen;
        private int _charactersSeen;
        private TreeScalar? _key;
        private TreeNode? _root;

        public EditTree Tree()
        {
            var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = MaxDepth });
            while (reader.Read())
            {
                Take(ref reader);
            }

            return new EditTree(source, _root, [], _tokens.ToImmutable());
        }

        private void Take(ref Utf8JsonReader reader)
        {
            var start = CharacterAt((int)reader.TokenStartIndex);
            var quotes = reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName ? 2 : 0;
            var span = TextSpan.FromBounds(start, CharacterAt((int)reader.TokenStartIndex + reader.ValueSpan.Length + quotes));
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    Begin(new TreeMapping(start, null), "object");
                    break;
                case JsonTokenType.StartArray:
                    Begin(new TreeSequence(start, null), "list");
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    _tokens.Add(new TreeToken("end", "", null));
                    _open.Pop();
                    break;
                case JsonTokenType.PropertyName:
                    _key = Scalar(reader.GetString() ?? "", span, TreeStyle.JsonText, "key");
                    break;
                case JsonTokenType.String:
                    Add(Scalar(reader.GetString() ?? "", span, TreeStyle.JsonText, "value"));
                    break;
                case JsonTokenType.Number:
                    Add(Scalar(source.Slice(span), span, TreeStyle.JsonNumber, "value"));
                    break;
                case JsonTokenType.Null:
                    Add(Scalar("null", span, TreeStyle.JsonNull, "value"));
                    break;
                default:
                    Add(Scalar(source.Slice(span), span, TreeStyle.JsonBoolean, "value"));
                    break;
            }
        }

        private TreeScalar Scalar(string value, TextSpan span, TreeStyle style, string role)
        {
            var node = new TreeScalar(value, span, style, null) { Token = _tokens.Count };
            _tokens.Add(new TreeToken($"{role} {style}", value, span));
            return node;
        }

        private void Begin(TreeNode node, string shape)
        {
            _tokens.Add(new TreeToken(shape, "", null));
            Add(node);
            _open.Push(node);
        }

        private void Add(TreeNode node)
        {
            _root ??= node;
            if (!_open.TryPeek(out var open))
            {
                return;
            }

            if (open is TreeSequence list)
            {
                list.Items.Add(node);
            }
            else if (open is TreeMapping mapping && _key is { } key)
            {
                mapping.Entries.Add(new TreeEntry(key, node));
                _key = null;
            }
        }

        /// <summary>Tokens come in order, so the text is counted once.</summary>
        private int CharacterAt(int byteOffset)
        {
            _charactersSeen += Encoding.UTF8.GetCharCount(bytes, _bytesSeen, byteOffset - _bytesSeen);
            _bytesSeen = byteOffset;
            return _charactersSeen;
        }
    }
}
