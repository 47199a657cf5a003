using System.Collections.Immutable;
using Runbooks.Language.Diagnostics;

namespace Runbooks.Builtin.Checks.File;

/// <summary>What can be wrong with a <c>file:</c> check.</summary>
public static class FileDiagnostics
{
    public static readonly Descriptor Contradiction = new("RB3260", "file-contradiction", "two wishes about a path contradict each other", Severity.Error,
        "Something that must not exist has no content, and a folder has no text: the message names the field that cannot be asked.");

    public static readonly Descriptor BadSha256 = new("RB3261", "file-sha256", "a text is not a SHA-256", Severity.Error,
        "A SHA-256 is 64 hexadecimal digits, as 'sha256sum' prints it.");

    public static readonly Descriptor NotWritable = new("RB3262", "file-not-writable", "'writable: false' asks nothing", Severity.Error,
        "That a file cannot be written looks the same as that it could not be found out, so it would be a pass without an answer. Leave 'writable' out.");

    public static readonly ImmutableArray<Descriptor> All = [Contradiction, BadSha256, NotWritable];
}
