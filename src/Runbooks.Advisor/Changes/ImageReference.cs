using System.Globalization;

namespace Runbooks.Advisor.Changes;

/// <summary>Parts of the names of images.</summary>
internal static class ImageReference
{
    /// <summary>Without tag and digest.</summary>
    public static string Repository(string image)
    {
        var name = image.Split('@')[0];
        var colon = name.LastIndexOf(':');
        return colon > name.LastIndexOf('/') ? name[..colon] : name;
    }

    /// <summary>Empty when there is none.</summary>
    public static string Tag(string image)
    {
        var (name, repository) = (image.Split('@')[0], Repository(image));
        return name.Length > repository.Length ? name[(repository.Length + 1)..] : "";
    }

    /// <summary>The name is given to another image from time to time.</summary>
    public static bool IsMoving(string image) => !image.Contains('@') && Tag(image) is "" or "latest" or "main" or "master" or "edge" or "nightly" or "dev" or "develop" or "stable" or "production" or "staging";

    /// <summary>The same repository, and the same number before the first dot; what has no number is not the same.</summary>
    public static bool IsSameMajor(string a, string b) => Repository(a) == Repository(b) && Major(a) is { } major && major == Major(b);

    private static long? Major(string image) =>
        long.TryParse(new string([.. Tag(image).TrimStart('v').TakeWhile(char.IsAsciiDigit)]), NumberStyles.None, CultureInfo.InvariantCulture, out var major) ? major : null;
}
