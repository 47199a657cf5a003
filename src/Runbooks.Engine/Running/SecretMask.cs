using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using Runbooks.Engine.Ports;
using Runbooks.Language.Templates;

namespace Runbooks.Engine.Running;

/// <summary>Replaces the secrets of a run by <c>***</c> in everything that is shown or written.</summary>
/// <remarks>
/// Each value and each of its lines, in all of their <see cref="SecretForms"/>; forms that overlap become one mask. What has fewer than four characters
/// is not looked for; values that would not be masked at all are refused when variables are read (<see cref="Language.Playbooks.SecretStrength"/>).
/// </remarks>
public sealed class SecretMask : IByteFilter
{
    private static readonly byte[] Mask = Encoding.ASCII.GetBytes(Rendered.Mask);

    private readonly ImmutableHashSet<string> _secrets;
    private readonly Patterns? _patterns;
    // Used again for every chunk: a gigabyte of output must not become garbage.
    private byte[] _held = [];
    private int _heldLength;
    // How many of the held bytes belong to a secret that was masked already.
    private int _covered;
    private byte[] _joined = [];

    public SecretMask(IEnumerable<string> secrets)
        : this(secrets.ToImmutableHashSet(StringComparer.Ordinal))
    {
    }

    private SecretMask(ImmutableHashSet<string> secrets)
        : this(secrets, Patterns.Of(secrets))
    {
    }

    private SecretMask(ImmutableHashSet<string> secrets, Patterns? patterns) => (_secrets, _patterns) = (secrets, patterns);

    /// <summary>True when there is nothing to hide.</summary>
    public bool IsEmpty => _patterns is null;

    /// <summary>The mask that hides these too.</summary>
    public SecretMask With(IEnumerable<string> more) => _secrets.Union(more) is var all && all.Count == _secrets.Count ? this : new SecretMask(all);

    /// <summary>The text without its secrets.</summary>
    public string Text(string text)
    {
        if (_patterns is null || text.Length == 0)
        {
            return text;
        }

        var rented = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        try
        {
            var bytes = rented.AsSpan(0, Encoding.UTF8.GetBytes(text, rented));
            var masked = new ArrayBufferWriter<byte>();
            var once = new SecretMask(_secrets, _patterns);
            return once.Scan(bytes, masked.Write, isLast: true) ? Encoding.UTF8.GetString(masked.WrittenSpan) : text;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }
    }

    public IByteFilter Fresh() => new SecretMask(_secrets, _patterns);

    public void Write(ReadOnlySpan<byte> bytes, Action<ReadOnlySpan<byte>> next)
    {
        if (_patterns is null)
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
        Scan(_joined.AsSpan(0, length), next, isLast: false);
    }

    public void Flush(Action<ReadOnlySpan<byte>> next) => Scan(_held.AsSpan(0, _heldLength), next, isLast: true);

    /// <returns>Whether anything was masked.</returns>
    private bool Scan(ReadOnlySpan<byte> bytes, Action<ReadOnlySpan<byte>> next, bool isLast)
    {
        // Up to here everything was passed on, or belongs to a secret that was masked.
        var done = _covered;
        var found = false;
        (_heldLength, _covered) = (0, 0);
        if (_patterns is not { } patterns)
        {
            return found;
        }

        for (var at = 0; (at = patterns.Filter.Next(bytes, at)) < bytes.Length;)
        {
            for (var end = Math.Min(at + patterns.Filter.Stride, bytes.Length); at < end; at++)
            {
                var length = patterns.Match(bytes[at..], out var isOpen);
                if (isOpen && !isLast)
                {
                    // What follows may complete a secret, or a longer one: decided with the next bytes.
                    Emit(bytes, done, at, next);
                    Hold(bytes[at..], Math.Max(0, done - at), patterns.Longest);
                    return found;
                }

                if (length == 0)
                {
                    continue;
                }

                found = true;
                if (at >= done)
                {
                    Emit(bytes, done, at, next);
                    next(Mask);
                }

                done = Math.Max(done, at + length);
            }
        }

        Emit(bytes, done, bytes.Length, next);
        return found;
    }

    private void Hold(ReadOnlySpan<byte> rest, int covered, int longest)
    {
        _held = _held.Length == 0 ? new byte[longest] : _held;
        rest.CopyTo(_held);
        (_heldLength, _covered) = (rest.Length, covered);
    }

    private static void Emit(ReadOnlySpan<byte> bytes, int from, int to, Action<ReadOnlySpan<byte>> next)
    {
        if (from < to)
        {
            next(bytes[from..to]);
        }
    }

    /// <summary>What is looked for; shared by all streams of a run.</summary>
    private sealed record Patterns(FormTrie Written, FormTrie Wrapped, FormFilter Filter)
    {
        public int Longest => Math.Max(Written.Longest, Wrapped.Longest);

        public static Patterns? Of(IEnumerable<string> secrets)
        {
            var (written, wrapped) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
            foreach (var piece in secrets.SelectMany(SecretForms.PiecesOf).Distinct(StringComparer.Ordinal))
            {
                written.UnionWith(SecretForms.Written(piece));
                wrapped.UnionWith(SecretForms.Wrapped(piece));
            }

            return written.Count == 0 ? null : new Patterns(new FormTrie(written, wraps: false), new FormTrie(wrapped, wraps: true), new FormFilter(written, wrapped));
        }

        public int Match(ReadOnlySpan<byte> bytes, out bool isOpen)
        {
            var (first, second, isOpenToo) = (0, 0, false);
            isOpen = false;
            if (Written.CanBegin(bytes[0]))
            {
                first = Written.Match(bytes, out isOpen);
            }

            if (Wrapped.CanBegin(bytes[0]))
            {
                second = Wrapped.Match(bytes, out isOpenToo);
            }

            isOpen |= isOpenToo;
            return Math.Max(first, second);
        }
    }
}
