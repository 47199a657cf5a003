using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Playbooks;
using Runbooks.Language.Templates;
using Runbooks.Language.Text;

namespace Runbooks.Language.Tests.Playbooks;

public sealed class PlaybookFuzzTests
{
    private const int Cases = 52_000;

    /// <summary>Far more than any case needs, also on a machine that is busy with something else; a quadratic reader would take longer.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    [Fact]
    public void The_reader_never_throws_and_every_diagnostic_lies_inside_the_file()
    {
        var failures = new ConcurrentQueue<string>();
        var (read, wrong) = (0, 0);

        Parallel.For(0, Cases, new ParallelOptions { CancellationToken = TestContext.Current.CancellationToken }, (seed, state) =>
        {
            var text = Mutations.Of(GoodPlaybooks.All, seed);
            try
            {
                var diagnostics = Examine(text, renders: seed % 8 == 0);
                Interlocked.Increment(ref read);
                Interlocked.Add(ref wrong, diagnostics.IsEmpty ? 0 : 1);
            }
            catch (Exception e)
            {
                failures.Enqueue($"seed {seed}: {e}\n{text}");
                state.Stop();
            }
        });

        Assert.True(failures.IsEmpty, failures.FirstOrDefault() ?? "");
        Assert.Equal(Cases, read);
        Assert.InRange(wrong, Cases / 2, Cases - 1);
    }

    [Fact]
    public void Broken_bytes_are_read_as_well()
    {
        var bytes = Encoding.UTF8.GetBytes(GoodPlaybooks.Rollback);
        var random = new Random(7);

        for (var i = 0; i < 2_000; i++)
        {
            var broken = bytes.ToArray();
            for (var j = random.Next(1, 4); j > 0; j--)
            {
                broken[random.Next(broken.Length)] = (byte)random.Next(256);
            }

            Examine(SourceText.FromBytes("fuzz.yml", broken).Content, renders: true);
        }

        Assert.NotEmpty(bytes);
    }

    private static ImmutableArray<Diagnostic> Examine(string text, bool renders)
    {
        var source = new SourceText("fuzz.yml", text);
        var start = Stopwatch.GetTimestamp();

        var result = PlaybookReader.Read(source, TestKinds.Catalogue);

        Assert.True(Stopwatch.GetElapsedTime(start) < Longest, "the reader took too long");
        foreach (var diagnostic in result.Diagnostics)
        {
            AssertInside(text, diagnostic.Span);
            AssertInside(text, diagnostic.Related?.Span ?? default);
            Assert.NotEqual("", diagnostic.Message);
        }

        if (result.Value is { } playbook && !result.HasErrors)
        {
            RenderAll(playbook);
        }

        if (renders)
        {
            AssertRendered(result.Diagnostics);
        }

        return result.Diagnostics;
    }

    /// <summary>What was read without an error is computed too: nothing in it may throw.</summary>
    private static void RenderAll(Playbook playbook)
    {
        var bound = VarBinder.Bind(playbook, new VarInputs { Assignments = ["version=v1.2.3"], Environment = _ => "hunter2" });
        var scope = bound.Value?.ToScope() ?? TemplateScope.Empty;
        var renderer = new TemplateRenderer();
        var bag = new DiagnosticBag(playbook.Source);
        foreach (var template in playbook.Steps.SelectMany(s => s.Body.Values.Values.Concat(s.Common.Values.Values)).OfType<Language.Fields.BoundText>().Select(t => t.Template))
        {
            Assert.DoesNotContain("hunter2", renderer.Render(template, scope, bag)?.Display ?? "", StringComparison.Ordinal);
        }
    }

    private static void AssertRendered(ImmutableArray<Diagnostic> diagnostics)
    {
        var human = DiagnosticRenderer.Human(diagnostics, colour: false);
        Assert.DoesNotContain(human, c => char.IsControl(c) && c != '\n');
        Assert.Equal(diagnostics.Length, DiagnosticRenderer.OneLine(diagnostics).Count(c => c == '\n'));
        using var json = JsonDocument.Parse(DiagnosticRenderer.Json(diagnostics));
        Assert.Equal(diagnostics.Length, json.RootElement.GetProperty("diagnostics").GetArrayLength());
        using var sarif = JsonDocument.Parse(DiagnosticRenderer.Sarif(diagnostics, "1.0.0"));
        Assert.Equal(diagnostics.Length, sarif.RootElement.GetProperty("runs")[0].GetProperty("results").GetArrayLength());
    }

    private static void AssertInside(string text, TextSpan span)
    {
        Assert.InRange(span.Start, 0, text.Length);
        Assert.InRange(span.Length, 0, text.Length - span.Start);
    }
}
