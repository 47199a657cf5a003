using System.Net.Sockets;

namespace Runbooks.Host.Files;

/// <summary>Error numbers of the operating system as sentences for people.</summary>
/// <remarks>Messages of exceptions cannot be used: the published binary carries no resource texts.</remarks>
internal static class Errno
{
    public const int NotPermitted = 1;
    public const int NoEntry = 2;
    public const int AccessDenied = 13;
    public const int Exists = 17;
    public const int ReadOnlyFileSystem = 30;

    /// <summary>What failed, without the path, which the caller knows: "permission denied".</summary>
    public static string Sentence(int errno) => errno switch
    {
        NoEntry => "there is no such file",
        NotPermitted or AccessDenied => "permission denied",
        5 => "the device reported an input or output error",
        16 => "it is in use as a mount point",
        Exists => "it exists already",
        18 => "it lies on another file system",
        20 => "a part of its path is not a folder",
        21 => "it is a folder",
        23 or 24 => "too many files are open",
        27 => "the file would be too large",
        28 => "no space left on the device",
        ReadOnlyFileSystem => "the file system is read-only",
        _ when errno == Loop => "its symbolic links form a loop",
        _ when errno == NameTooLong => "its name is too long",
        _ when errno == Quota => "the disk quota is used up",
        _ => $"the system reported error {errno}",
    };

    /// <summary>The sentence of an exception that a file operation raised; null when the exception is none of those, and so a bug.</summary>
    public static string? Sentence(Exception e) => e switch
    {
        FileNotFoundException or DirectoryNotFoundException => Sentence(NoEntry),
        UnauthorizedAccessException => Sentence(AccessDenied),
        PathTooLongException => Sentence(NameTooLong),
        IOException when e.HResult is > 0 and < 4096 => Sentence(e.HResult),
        IOException when e.InnerException is SocketException socket => Sentence(socket.NativeErrorCode),
        IOException => "it could not be read or written",
        ArgumentException => "it is not a valid path",
        _ => null,
    };

    private static int Loop => OperatingSystem.IsLinux() ? 40 : 62;

    private static int NameTooLong => OperatingSystem.IsLinux() ? 36 : 63;

    private static int Quota => OperatingSystem.IsLinux() ? 122 : 69;
}
