using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Runbooks.Engine.Planning;

namespace Runbooks.Advisor.Advising;

/// <summary>Where the commands of advice are pasted: with the project's folder in them, when that is not the one in which somebody is.</summary>
/// <param name="Folder">Absolute; empty when it is the current one.</param>
/// <param name="Options">What every command needs to find the project and its record.</param>
public sealed partial record AdvicePlace(string Folder, ImmutableArray<string> Options)
{
    public static AdvicePlace Here { get; } = new("", []);

    /// <summary>The words of a command with the place in them.</summary>
    /// <param name="words">runbook exec PLAYBOOK …</param>
    public IEnumerable<string> Of(IEnumerable<string> words) => words.Select((w, i) => i == 2 ? PathOf(w) : w).Take(3).Concat(Options).Concat(words.Skip(3));

    /// <summary>A sentence in which commands stand.</summary>
    internal string In(string text) => this == Here ? text
        : Look().Replace(Command().Replace(text, m => Line(Of(["runbook", m.Groups["verb"].Value, m.Groups["playbook"].Value]))), m => Line([.. m.Value.Split(' '), .. Options]));

    /// <summary>The playbooks whose commands stand in sentences.</summary>
    internal static IEnumerable<string> PlaybooksIn(IEnumerable<string> texts) => texts.SelectMany(t => Command().Matches(t)).Select(m => m.Groups["playbook"].Value);

    private static string Line(IEnumerable<string> words) => string.Join(' ', words.Select(CommandLine.Quote));

    private string PathOf(string playbook) => Folder.Length > 0 ? $"{Folder.TrimEnd('/')}/{playbook}" : playbook;

    [GeneratedRegex("runbook (?<verb>exec|plan) (?<playbook>playbooks/[a-z0-9-]+\\.yml)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Command();

    /// <summary>Commands that need no playbook, and find the project and its record alike.</summary>
    [GeneratedRegex("runbook (assess|advise|resume|undo|runs show|release bad)(?= )", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Look();
}
