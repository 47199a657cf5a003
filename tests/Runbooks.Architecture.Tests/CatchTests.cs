using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Runbooks.Architecture.Tests;

/// <summary>A failure is a value and an exception is a bug: who catches every exception hides bugs, so that those places are few and have a name.</summary>
public sealed partial class CatchTests
{
    /// <summary>Where every exception is caught, how often, and why that is right.</summary>
    private static readonly ImmutableSortedDictionary<string, (int Times, string Why)> Boundaries = new Dictionary<string, (int, string)>(StringComparer.Ordinal)
    {
        ["src/Runbooks.Language/Yaml/YamlReader.cs"] = (1, "the YAML library lets exceptions without a place out of its scanner"),
        ["src/Runbooks.Language/Editing/YamlEditReader.cs"] = (1, "the same library, read for editing"),
        ["src/Runbooks.Language/Templates/TemplateParser.cs"] = (1, "the template library's parser, on text that it was not made for"),
        ["src/Runbooks.Engine/Running/StepRunner.cs"] = (1, "a bug in a kind is a failed step with a name, not a run without an end in its journal"),
        ["src/Runbooks.Engine/Running/Questions.cs"] = (1, "a bug in a check is an unknown answer, never a pass and never the end of the run"),
        ["src/Runbooks.Builtin/Readiness/ReadyAsker.cs"] = (1, "a bug in an item of readiness is an unknown answer, never a pass and never the end of the others"),
        ["src/Runbooks.Builtin/Probes/Collector.cs"] = (1, "a bug in a probe is something unknown, and never the end of the assessment"),
        ["src/Runbooks.Host/Docker/HostDocker.cs"] = (1, "the Docker library wraps a cancellation in anything; it is thrown again as what it is"),
        ["src/Runbooks.Cli/Commands/Performance.cs"] = (1, "a bug in telling people of a run is a line for the operator, and no other outcome of the run"),
        ["src/Runbooks.Cli/App.cs"] = (1, "the top of the program: a bug is told as one, with an exit code of its own"),
        ["src/Runbooks.Host/Processes/StepThreads.cs"] = (1, "a bug in the launcher's thread is handed to the one who waits for it"),
        ["src/Runbooks.Host/Processes/ChildRun.cs"] = (1, "ends the child before the exception goes on"),
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>Filters that let out what they have no sentence for.</summary>
    private static readonly ImmutableArray<string> NamingFilters = ["Errno.Sentence(", "EngineProblems.Of("];

    [Fact]
    public void Every_exception_is_caught_only_at_the_named_boundaries()
    {
        Assert.Contains(SourceFile.Product, f => CatchAll().IsMatch(f.Text));
        House.Holds(Violations(SourceFile.Product, Boundaries));
    }

    [Fact]
    public void A_place_that_catches_everything_is_found_and_so_is_a_boundary_that_is_gone()
    {
        SourceFile[] files =
        [
            new("src/Bare.cs", "try { } catch { }"),
            new("src/Unfiltered.cs", "catch (Exception)\n{\n}"),
            new("src/AllBut.cs", "catch (System.Exception e) when (e is not OutOfMemoryException)"),
            new("src/Condition.cs", "catch (Exception e) when (_isClosing)"),
            new("src/Twice.cs", "catch (Exception e)\n{\n}\ncatch\n{\n}"),
            new("src/Good.cs", "catch (Exception e) when (e is IOException or UnauthorizedAccessException)\ncatch (IOException)\ncatch (Exception e) when (Errno.Sentence(e) is { } why)\n/// catches"),
        ];
        var boundaries = ImmutableSortedDictionary<string, (int, string)>.Empty.Add("src/Twice.cs", (1, "once")).Add("src/Gone.cs", (1, "gone"));

        Assert.Equal(
            [
                "src/Bare.cs catches every exception 1 times, 0 are named",
                "src/Unfiltered.cs catches every exception 1 times, 0 are named",
                "src/AllBut.cs catches every exception 1 times, 0 are named",
                "src/Condition.cs catches every exception 1 times, 0 are named",
                "src/Twice.cs catches every exception 2 times, 1 are named",
                "src/Gone.cs is named as a boundary and is none",
            ],
            Violations(files, boundaries));
    }

    private static IEnumerable<string> Violations(IReadOnlyCollection<SourceFile> files, ImmutableSortedDictionary<string, (int Times, string Why)> boundaries)
    {
        foreach (var file in files)
        {
            var named = boundaries.TryGetValue(file.Path, out var boundary) ? boundary.Times : 0;
            var found = CatchAll().Matches(file.Text).Count(m => !NamesTypes(m));
            if (found != named)
            {
                yield return $"{file.Path} catches every exception {found} times, {named} are named";
            }
        }

        foreach (var path in boundaries.Keys.Except(files.Select(f => f.Path), StringComparer.Ordinal))
        {
            yield return $"{path} is named as a boundary and is none";
        }
    }

    /// <summary>The filter says which exceptions: by their types, or by having a sentence for them.</summary>
    private static bool NamesTypes(Match match)
    {
        var filter = match.Groups["filter"].Value;
        return NamedTypes().IsMatch(filter) || NamingFilters.Any(f => filter.StartsWith(f, StringComparison.Ordinal));
    }

    [GeneratedRegex(@"\bcatch\s*(?:\{|\(\s*(?:System\.)?Exception\b[^)]*\)(?:\s*when\s*\((?<filter>[^\n]*)\))?)")]
    private static partial Regex CatchAll();

    [GeneratedRegex(@"^\w+ is (?!not\b)[A-Z]")]
    private static partial Regex NamedTypes();
}
