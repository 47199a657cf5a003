using System.Collections.Immutable;
using System.CommandLine;
using Runbooks.Advisor.Advising;
using Runbooks.Engine.Ports;

namespace Runbooks.Cli.Commands;

/// <summary>Makes the commands of advice such that they can be pasted where it was asked for, and says which of their playbooks are not there.</summary>
internal static class AdvisedPlace
{
    public static Advice Of(Advice advice, ProjectPlace place, ParseResult parsed, Composition composition)
    {
        ImmutableArray<string> options =
        [
            .. place.IsGiven(parsed) ? (string[])[place.Directory.Name, place.DirectoryOf(parsed, composition)] : [],
            .. parsed.GetValue(place.Store) is not null ? (string[])[place.Store.Name, place.StoreOf(parsed, composition)] : [],
        ];
        var absent = Absent(advice.Playbooks, place, parsed, composition);
        return (options.IsEmpty ? advice : advice.At(new AdvicePlace(place.IsGiven(parsed) ? place.DirectoryOf(parsed, composition) : "", options))) with { Notes = absent.Length > 0 ? [absent] : [] };
    }

    /// <returns>A sentence that names the playbooks which the project does not have; empty when it has all of them.</returns>
    public static string Absent(IEnumerable<string> playbooks, ProjectPlace place, ParseResult parsed, Composition composition)
    {
        var directory = place.DirectoryOf(parsed, composition);
        ImmutableArray<string> absent = [.. playbooks.Where(p => composition.Files.Stat(Path.Combine(directory, p)) is { Problem: null, Kind: FileKind.Missing })];
        return absent switch
        {
            [] => "",
            [var only] => $"{only} is not in this project: copy it from the product's playbooks folder",
            _ => $"{string.Join(", ", absent[..^1])} and {absent[^1]} are not in this project: copy them from the product's playbooks folder",
        };
    }
}
