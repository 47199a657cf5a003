using System.Collections.Immutable;

namespace Runbooks.Language.Diagnostics;

/// <summary>The forms in which diagnostics are given to people, editors and other programs; all from the same <see cref="DiagnosticView"/>.</summary>
public static class DiagnosticRenderer
{
    /// <summary>For a terminal: each with its line, a caret and what to do; the last line counts them. Empty when there is none.</summary>
    /// <param name="colour">With ANSI escapes.</param>
    public static string Human(IEnumerable<Diagnostic> diagnostics, bool colour = false) =>
        HumanDiagnostics.Render(Views(diagnostics), colour ? Palette.Ansi : Palette.None);

    /// <summary>One line each, as compilers write them: <c>path(line,column): error RB1001: message (hint)</c>.</summary>
    public static string OneLine(IEnumerable<Diagnostic> diagnostics) => HumanDiagnostics.RenderLines(Views(diagnostics));

    /// <summary>One JSON object with <c>diagnostics</c> and <c>summary</c>.</summary>
    public static string Json(IEnumerable<Diagnostic> diagnostics) => JsonDiagnostics.Render(Views(diagnostics));

    /// <summary>A SARIF 2.1.0 log, for code scanning.</summary>
    /// <param name="toolVersion">The version of this program.</param>
    public static string Sarif(IEnumerable<Diagnostic> diagnostics, string toolVersion) => SarifDiagnostics.Render(Views(diagnostics), toolVersion);

    /// <summary>"2 errors, 1 warning"; kinds that do not occur are left out; "no mistakes" when there is nothing.</summary>
    public static string Summary(IEnumerable<Diagnostic> diagnostics) => HumanDiagnostics.Summary([.. diagnostics.Select(d => d.Severity)]);

    private static ImmutableArray<DiagnosticView> Views(IEnumerable<Diagnostic> diagnostics) => [.. diagnostics.Select(DiagnosticView.Of)];
}
