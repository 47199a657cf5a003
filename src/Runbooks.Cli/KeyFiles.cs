using System.Collections.Immutable;
using System.Text;
using Runbooks.Engine.Ports;
using Runbooks.Engine.Signing;

namespace Runbooks.Cli;

/// <summary>Reads the key files that an operator names. Problems are whole sentences without an end.</summary>
internal static class KeyFiles
{
    internal const string PrivateEnding = ".key";
    internal const string PublicEnding = ".pub";

    private const int Largest = 1 << 20;

    public static (SigningKey? Key, string? Problem) ReadSigning(string name, Composition composition)
    {
        var (text, problem) = Text(name, composition);
        if (text is null)
        {
            return (null, problem);
        }

        var (key, wrong) = SigningKey.Read(text);
        return (key, wrong is null ? null : $"{name} {wrong}");
    }

    /// <summary>The keys of files, and of the .pub files of folders.</summary>
    /// <returns>At least one key; or what is wrong.</returns>
    public static (ImmutableArray<VerifyingKey> Keys, string? Problem) ReadVerifying(IEnumerable<string> names, Composition composition)
    {
        var keys = ImmutableArray.CreateBuilder<VerifyingKey>();
        foreach (var name in names.SelectMany(n => Files(n, composition)))
        {
            var (text, problem) = Text(name, composition);
            if (text is null)
            {
                return ([], problem);
            }

            var (found, wrong) = VerifyingKey.Read(text);
            if (wrong is not null)
            {
                return ([], $"{name} {wrong}");
            }

            keys.AddRange(found);
        }

        return keys.Count == 0 ? ([], $"there is no public key (*{PublicEnding}) in {string.Join(", ", names)}") : (keys.ToImmutable(), null);
    }

    private static IEnumerable<string> Files(string name, Composition composition)
    {
        var full = Path.GetFullPath(name, composition.CurrentDirectory);
        return composition.Files.Stat(full).Kind == FileKind.Folder
            ? composition.Files.List(full).Where(f => f.EndsWith(PublicEnding, StringComparison.Ordinal)).Select(f => Path.Combine(name, f))
            : [name];
    }

    private static (string? Text, string? Problem) Text(string name, Composition composition)
    {
        var read = composition.Files.Read(Path.GetFullPath(name, composition.CurrentDirectory), Largest);
        return read.Bytes is { } bytes ? (Encoding.UTF8.GetString(bytes), null) : (null, $"{name}: {read.Problem}");
    }
}
