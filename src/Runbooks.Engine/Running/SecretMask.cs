using System.Collections.Immutable;
using System.Text;
using Runbooks.Engine.Ports;
using Runbooks.Language.Templates;

namespace Runbooks.Engine.Running;

/// <summary>Replaces the secrets of a run by <c>***</c> in everything that is shown or written.</summary>
/// <remarks>Each value as it is, each of its lines, and its JSON-escaped form. Values shorter than four characters are refused when variables are read.</remarks>
public sealed class SecretMask : IByteFilter
{
    private static readonly byte[] Mask = Encoding.ASCII.GetBytes(Rendered.Mask);

    private readonly ImmutableArray<string> _texts;
    private readonly ImmutableArray<byte[]> _patterns;
    private readonly System.Buffers.SearchValues<byte> _firstBytes;
    private readonly int _longest;
    // Used again for every chunk: a gigabyte of output must not become garbage.
    private readonly byte[] _held;
    private int _heldLength;
    private byte[] _joined = [];

    public SecretMask(IEnumerable<string> secrets)
        : this([.. secrets.SelectMany(Forms).Where(s => s.Length > 0).Distinct(StringComparer.Ordinal).OrderByDescending(s => s.Length)])
    {
    }

    private SecretMask(ImmutableArray<string> texts)
    {
        _texts = texts;
        _patterns = [.. texts.Select(Encoding.UTF8.GetBytes)];
        _firstBytes = System.Buffers.SearchValues.Create([.. _patterns.Select(p => p[0]).Distinct()]);
        _longest = _patterns.Select(p => p.Length).DefaultIfEmpty(0).Max();
        _held = new byte[_longest];
    }

    /// <summary>True when there is nothing to hide.</summary>
    public bool IsEmpty => _patterns.IsEmpty;

    /// <summary>The text without its secrets.</summary>
    public string Text(string text)
    {
        foreach (var secret in _texts)
        {
            if (text.Contains(secret, StringComparison.Ordinal))
            {
                text = text.Replace(secret, Rendered.Mask, StringComparison.Ordinal);
            }
        }

        return text;
    }

    public IByteFilter Fresh() => new SecretMask(_texts);

    public void Write(ReadOnlySpan<byte> bytes, Action<ReadOnlySpan<byte>> next)
    {
        if (IsEmpty)
        {
            next(bytes);
            return;
        }

        if (_heldLength == 0)
        {
            Scan(bytes, next, isLast: false);
            return;
        }

        var length = _heldLength + bytes.Length;
        if (_joined.Length < length)
        {
            _joined = new byte[length];
        }

        _held.AsSpan(0, _heldLength).CopyTo(_joined);
        bytes.CopyTo(_joined.AsSpan(_heldLength));
        _heldLength = 0;
        Scan(_joined.AsSpan(0, length), next, isLast: false);
    }

    public void Flush(Action<ReadOnlySpan<byte>> next)
    {
        var rest = _held.AsSpan(0, _heldLength);
        _heldLength = 0;
        Scan(rest, next, isLast: true);
    }

    private void Scan(ReadOnlySpan<byte> bytes, Action<ReadOnlySpan<byte>> next, bool isLast)
    {
        var from = 0;
        var at = 0;
        while (at < bytes.Length)
        {
            var hit = bytes[at..].IndexOfAny(_firstBytes);
            if (hit < 0)
            {
                break;
            }

            at += hit;
            var rest = bytes[at..];
            if (!isLast && rest.Length < _longest && CouldBegin(rest))
            {
                // What follows may complete a secret: decided with the next bytes.
                Emit(bytes[from..at], next);
                rest.CopyTo(_held);
                _heldLength = rest.Length;
                return;
            }

            if (Matching(rest) is { } length)
            {
                Emit(bytes[from..at], next);
                next(Mask);
                at += length;
                from = at;
            }
            else
            {
                at++;
            }
        }

        Emit(bytes[from..], next);
    }

    private int? Matching(ReadOnlySpan<byte> bytes)
    {
        foreach (var pattern in _patterns)
        {
            if (bytes.StartsWith(pattern))
            {
                return pattern.Length;
            }
        }

        return null;
    }

    private bool CouldBegin(ReadOnlySpan<byte> bytes)
    {
        foreach (var pattern in _patterns)
        {
            if (pattern.Length > bytes.Length && pattern.AsSpan().StartsWith(bytes))
            {
                return true;
            }
        }

        return false;
    }

    private static void Emit(ReadOnlySpan<byte> bytes, Action<ReadOnlySpan<byte>> next)
    {
        if (!bytes.IsEmpty)
        {
            next(bytes);
        }
    }

    private static IEnumerable<string> Forms(string secret)
    {
        yield return secret;
        yield return System.Text.Json.JsonEncodedText.Encode(secret).ToString();
        yield return System.Text.Json.JsonEncodedText.Encode(secret, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString();
        foreach (var line in secret.Split('\n', StringSplitOptions.TrimEntries).Where(l => l.Length >= 4))
        {
            yield return line;
        }
    }
}
