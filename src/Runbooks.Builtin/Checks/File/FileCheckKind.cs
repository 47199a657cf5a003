using System.Collections.Immutable;
using System.Text;
using Runbooks.Builtin.Matching;
using Runbooks.Builtin.Phrasing;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Fields;
using Runbooks.Language.Playbooks;

namespace Runbooks.Builtin.Checks.File;

/// <summary><c>file:</c> asks what is at a path of this machine.</summary>
public sealed class FileCheckKind : CheckKind<FileCheck>
{
    private const int Sha256Digits = 64;

    private static readonly System.Buffers.SearchValues<char> Hexadecimal = System.Buffers.SearchValues.Create("0123456789abcdefABCDEF");

    public override KindDeclaration Declaration { get; } = new("file", "A file or folder exists, and has the right content.", () => new FieldSet("'file'",
    [
        new Field("path", FieldShape.Path, "the file or folder") { Required = true },
        new Field("exists", FieldShape.Boolean, "false when nothing may be there") { Default = "true" },
        new Field("kind", FieldShape.Choice, "what it must be") { Choices = [FileCheck.OfFile, FileCheck.OfFolder] },
        new Field("contains", FieldShape.TextList, "texts that must all stand in it"),
        new Field("matches", FieldShape.Pattern, "a regular expression that must match somewhere in it"),
        new Field("sha256", FieldShape.Text, "the SHA-256 of its bytes: 64 hexadecimal digits"),
        new Field("writable", FieldShape.Boolean, "true: this user must be able to replace it"),
    ])
    { Shorthand = "path" });

    public override ImmutableArray<Descriptor> Descriptors => FileDiagnostics.All;

    public override FileCheck? Plan(Inputs inputs, PlanContext context)
    {
        var path = context.Resolve(inputs.Path("path"));
        var check = new FileCheck(path, context.Show(path), inputs.Flag("exists"))
        {
            Kind = inputs.OptionalChoice("kind"),
            Contains = inputs.Texts("contains"),
            Matches = inputs.OptionalPattern("matches"),
            Sha256 = inputs.OptionalText("sha256"),
            Writable = inputs.Flag("writable"),
        };
        var useless = !check.Exists ? ((string[])["kind", "contains", "matches", "sha256", "writable"]).FirstOrDefault(inputs.IsGiven)
            : check.Kind == FileCheck.OfFolder ? ((string[])["contains", "matches", "sha256", "writable"]).FirstOrDefault(inputs.IsGiven)
            : null;
        if (useless is not null)
        {
            context.Report(FileDiagnostics.Contradiction, inputs.SpanOf(useless), $"'{useless}' cannot be asked of {(check.Exists ? "a folder" : "something that must not exist")}");
            return null;
        }

        if (inputs.OptionalFlag("writable") == false)
        {
            context.Report(FileDiagnostics.NotWritable, inputs.SpanOf("writable"), "'writable: false' cannot be asked: that a file cannot be written does not differ from not having been able to look", "leave 'writable' out");
            return null;
        }

        if (check.Sha256 is { IsKnown: true } sha && !IsSha256(sha.Reveal()))
        {
            context.Report(FileDiagnostics.BadSha256, inputs.SpanOf("sha256"), $"'{sha.Display}' is not a SHA-256: {Sha256Digits} hexadecimal digits");
            return null;
        }

        return check;
    }

    public override Task<Verdict> AskAsync(FileCheck question, CheckContext context, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        return Task.FromResult(Ask(question, context.Ports.Files));
    }

    private static Verdict Ask(FileCheck question, IFiles files)
    {
        var stat = files.Stat(question.Path);
        if (stat.Problem is not null)
        {
            return Verdict.Unknown(stat.Problem);
        }

        if (stat.Kind == FileKind.Missing)
        {
            return question.Exists ? Verdict.DoesNotHold("it does not exist") : Verdict.Holds("it does not exist");
        }

        var seen = stat.Kind switch
        {
            FileKind.File => $"a file of {Phrases.Count(stat.Length, "byte")}",
            FileKind.Folder => "a folder",
            _ => "neither a file nor a folder",
        };
        var isRight = question.Exists
            && (!question.MustBeFile || stat.Kind == FileKind.File)
            && (question.Kind != FileCheck.OfFolder || stat.Kind == FileKind.Folder);
        if (!isRight)
        {
            return Verdict.DoesNotHold($"it is {seen}");
        }

        return AskInside(question, files) ?? AskDigest(question, files) ?? AskWritable(question, files) ?? Verdict.Holds($"it is {seen}");
    }

    private static Verdict? AskInside(FileCheck question, IFiles files)
    {
        if (!question.LooksInside)
        {
            return null;
        }

        var read = files.Read(question.Path);
        if (read.Bytes is not { } bytes)
        {
            return Verdict.Unknown($"it cannot be read: {read.Problem}");
        }

        var text = Encoding.UTF8.GetString(bytes);
        if (question.Contains.FirstOrDefault(t => !text.Contains(t.Reveal(), StringComparison.Ordinal)) is { } missing)
        {
            return Verdict.DoesNotHold($"it does not contain {Phrases.Quote(missing)}");
        }

        return question.Matches is not { } pattern ? null : Patterns.IsMatch(pattern, text) switch
        {
            true => null,
            false => Verdict.DoesNotHold($"it does not match {pattern}"),
            null => Verdict.Unknown(Patterns.TookTooLong(pattern)),
        };
    }

    private static Verdict? AskDigest(FileCheck question, IFiles files)
    {
        if (question.Sha256?.Reveal() is not { } wanted)
        {
            return null;
        }

        if (!IsSha256(wanted))
        {
            return Verdict.Unknown($"'{question.Sha256.Display}' is not a SHA-256");
        }

        var digest = files.Digest(question.Path);
        return digest.Sha256 is not { } found ? Verdict.Unknown($"it cannot be read: {digest.Problem}")
            : string.Equals(found, wanted, StringComparison.OrdinalIgnoreCase) ? null
            : Verdict.DoesNotHold($"its SHA-256 is {found}");
    }

    private static Verdict? AskWritable(FileCheck question, IFiles files) =>
        question.Writable && !files.CanWrite(question.Path) ? Verdict.DoesNotHold("this user cannot replace it") : null;

    private static bool IsSha256(string text) => text.Length == Sha256Digits && text.AsSpan().IndexOfAnyExcept(Hexadecimal) < 0;
}
