using System.Runtime.InteropServices;
using System.Text;

namespace Runbooks.Host.Processes;

/// <summary>A null-terminated array of NUL-terminated words, as exec takes its arguments and its environment.</summary>
internal sealed unsafe class NativeWords : IDisposable
{
    /// <summary>Refuses what UTF-8 cannot say (a lone surrogate) where the usual encoding would put another character in its place.</summary>
    internal static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    internal NativeWords(IReadOnlyList<byte[]> words)
    {
        long bytes = 0;
        foreach (byte[] word in words)
        {
            bytes += word.Length + 1;
            Longest = Math.Max(Longest, word.Length);
        }

        Bytes = bytes;
        nuint table = (nuint)((words.Count + 1) * sizeof(byte*));
        Pointer = (byte**)NativeMemory.Alloc(table + (nuint)bytes);
        byte* next = (byte*)Pointer + table;
        for (int i = 0; i < words.Count; i++)
        {
            Pointer[i] = next;
            words[i].CopyTo(new Span<byte>(next, words[i].Length));
            next[words[i].Length] = 0;
            next += words[i].Length + 1;
        }

        Pointer[words.Count] = null;
    }

    internal byte** Pointer { get; private set; }

    /// <summary>Size of all words with their ends.</summary>
    internal long Bytes { get; }

    /// <summary>Size of the longest word without its end.</summary>
    internal int Longest { get; }

    public void Dispose()
    {
        NativeMemory.Free(Pointer);
        Pointer = null;
    }

    /// <summary>The bytes of a word, or null with the reason why no program can receive it.</summary>
    internal static byte[]? Encode(string word, out string? why)
    {
        if (word.Contains('\0', StringComparison.Ordinal))
        {
            why = "holds a NUL character, which no program can receive";
            return null;
        }

        try
        {
            why = null;
            return Strict.GetBytes(word);
        }
        catch (EncoderFallbackException)
        {
            why = "is not valid Unicode (half of a surrogate pair)";
            return null;
        }
    }
}
