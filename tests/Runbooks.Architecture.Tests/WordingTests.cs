using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Runbooks.Architecture.Tests;

/// <summary>What must not be written in the product, line by line.</summary>
public sealed class WordingTests
{
    private static readonly ImmutableArray<Forbidden> Everywhere =
    [
        new(@"\bThread\.Sleep\b", "wait with a TimeProvider and a CancellationToken"),
        new(@"\bDateTime(Offset)?\.(Utc)?Now\b|\bDateTime\.Today\b", "take a TimeProvider"),
        new(@"\basync void\b", "nobody sees how it ends: return a Task"),
        new(@"\.Result\b|\.Wait\(\)|\.GetAwaiter\(\)\.GetResult\(\)", "await it"),
        new(@"\bNotImplementedException\b", "what is not there yet is not reachable"),
        new(@"\b(TODO|FIXME|HACK|XXX)\b", "do it, or open an issue"),
        new(@"\.ConfigureAwait\(", "it is an application"),
        new(@"^\s*#region\b", "split the file"),
        new(@"\bdynamic\s+\w+\s*[=;]|\bActivator\.CreateInstance\b|\bAssembly\.Load", "not with Native AOT"),
    ];

    private static readonly Regex Suppression = new(@"#pragma warning disable|\[(\w+: ?)?(Unconditional)?SuppressMessage\b", RegexOptions.None, TimeSpan.FromSeconds(5));

    private static readonly Regex ForgivenNull = new(@"[\w)\]>]!(?=[.;,)\[\]]|\s*$)", RegexOptions.None, TimeSpan.FromSeconds(5));

    [Fact]
    public void Nothing_forbidden_is_written_in_the_product()
    {
        House.Holds(SourceFile.Product.SelectMany(Violations));
    }

    [Fact]
    public void Every_suppression_and_every_forgiven_null_has_its_reason()
    {
        Assert.Contains(SourceFile.Product, f => Suppression.IsMatch(f.Text));
        House.Holds(SourceFile.Product.SelectMany(Unreasoned));
    }

    [Theory]
    [InlineData("Thread.Sleep(10);")]
    [InlineData("var now = DateTime.Now;")]
    [InlineData("var now = System.DateTimeOffset.UtcNow;")]
    [InlineData("private async void Run()")]
    [InlineData("return task.Result;")]
    [InlineData("task.Wait();")]
    [InlineData("return task.GetAwaiter().GetResult();")]
    [InlineData("throw new NotImplementedException();")]
    [InlineData("// TODO: later")]
    [InlineData("await task.ConfigureAwait(false);")]
    [InlineData("    #region Fields")]
    [InlineData("return Activator.CreateInstance(type);")]
    public void What_is_forbidden_is_found(string line)
    {
        Assert.StartsWith("src/Planted.cs(2): ", Assert.Single(Violations(new SourceFile("src/Planted.cs", $"// first\n{line}\n"))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("return new RunResult(conclusion);")]
    [InlineData("await Task.WhenAll(tasks);")]
    [InlineData("process.WaitForExit(cancel);")]
    [InlineData("var time = clock.GetUtcNow();")]
    public void What_is_allowed_is_not_found(string line)
    {
        Assert.Empty(Violations(new SourceFile("src/Planted.cs", line)));
    }

    [Theory]
    [InlineData("#pragma warning disable CA1000", true)]
    [InlineData("#pragma warning disable CA1000 // the library needs it", false)]
    [InlineData("return name!.Length;", true)]
    [InlineData("return name!.Length; // set by the line above", false)]
    [InlineData("if (!name.IsEmpty && a != b)", false)]
    [InlineData("var text = \"stop! now\";", false)]
    public void A_suppression_without_a_reason_is_found(string line, bool isFound)
    {
        Assert.Equal(isFound, Unreasoned(new SourceFile("src/Planted.cs", line)).Any());
    }

    private static IEnumerable<string> Violations(SourceFile file) =>
        from line in file.Lines
        from forbidden in Everywhere
        let match = forbidden.Pattern.Match(line.Text)
        where match.Success
        select $"{file.Path}({line.Number}): {match.Value.Trim()}: {forbidden.Why}";

    /// <summary>The reason stands on the line or as a comment on the line above it.</summary>
    private static IEnumerable<string> Unreasoned(SourceFile file)
    {
        var above = "";
        foreach (var (number, line) in file.Lines)
        {
            var hasReason = line.Contains("//", StringComparison.Ordinal) || line.Contains("Justification", StringComparison.Ordinal) || above.TrimStart().StartsWith("//", StringComparison.Ordinal);
            if (!hasReason && (Suppression.IsMatch(line) || ForgivenNull.IsMatch(line)))
            {
                yield return $"{file.Path}({number}): no reason is given: {line.Trim()}";
            }

            above = line;
        }
    }

    private sealed record Forbidden(Regex Pattern, string Why)
    {
        public Forbidden(string pattern, string why)
            : this(new Regex(pattern, RegexOptions.None, TimeSpan.FromSeconds(5)), why)
        {
        }
    }
}
