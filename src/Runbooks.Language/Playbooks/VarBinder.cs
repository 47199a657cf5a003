using System.Collections.Immutable;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Text;

namespace Runbooks.Language.Playbooks;

/// <summary>Gives the variables of a playbook their values.</summary>
/// <remarks>
/// The command line wins over the vars file, the vars file over what is on record, that over the environment, the environment over the default.
/// A variable of type list that stands on the command line several times collects the items of all of them; each is either a YAML flow list
/// (<c>--var 'parts=[web, "a,b"]'</c>) or texts with commas between (<c>--var parts=web,worker</c>); an empty text is an empty list. The same holds for the environment.
/// An environment variable that is set to nothing counts as not set.
/// </remarks>
public static class VarBinder
{
    /// <returns>The bindings, when there is no Error among the diagnostics; the diagnostics point into what was given, or at the declaration.</returns>
    public static Checked<VarBindings> Bind(Playbook playbook, VarInputs inputs)
    {
        var diagnostics = ImmutableArray.CreateBuilder<Diagnostic>();
        var commandLine = new AssignmentReader(playbook).Read(inputs.Assignments, diagnostics);
        var file = inputs.File is null ? [] : new VarsFileReader(playbook).Read(inputs.File, diagnostics);
        var declared = new DiagnosticBag(playbook.Source);
        var bindings = ImmutableArray.CreateBuilder<VarBinding>();
        foreach (var variable in playbook.Vars)
        {
            var given = (inputs.Passed.TryGetValue(variable.Name, out var passed) ? FromStep(variable, passed) : null)
                ?? commandLine.GetValueOrDefault(variable.Name)
                ?? file.GetValueOrDefault(variable.Name)
                ?? (inputs.Recorded.TryGetValue(variable.Name, out var recorded) ? FromRecord(variable, recorded) : FromElsewhere(variable, inputs.Environment, playbook));
            if (given is not null)
            {
                bindings.Add(inputs.Placeholders && given is { Origin: VarOrigin.Step, Texts: { } handed } && handed.Any(Placeholder.IsIn) ? Unread(variable, handed, given.Origin) : Bind(variable, given, diagnostics));
                continue;
            }

            if (variable.Required && inputs.Placeholders && variable is { Type: VarType.String or VarType.Path or VarType.List, Allowed.IsEmpty: true })
            {
                bindings.Add(Unread(variable, [Placeholder.Of(variable.Name)], VarOrigin.Placeholder));
                continue;
            }

            if (variable.Required)
            {
                declared.Add(VarDiagnostics.Missing, variable.Span, $"'{variable.Name}' has no value", HowToGive(variable));
            }

            bindings.Add(new VarBinding(variable, null, "", VarOrigin.Nowhere));
        }

        diagnostics.AddRange(declared.ToSorted());
        var isComplete = !diagnostics.Any(d => d.Severity == Severity.Error);
        return new Checked<VarBindings>(isComplete ? new VarBindings(bindings.ToImmutable()) : null, diagnostics.ToImmutable());
    }

    private static GivenValue FromStep(VarDeclaration variable, PassedValue passed) =>
        new(VarOrigin.Step, passed.IsList ? passed.Texts : TextsOf(variable, passed.Texts[0]), passed.Source, passed.Span) { HidesText = passed.HidesText };

    private static GivenValue? FromRecord(VarDeclaration variable, ImmutableArray<string>? texts)
    {
        if (texts is not { } saved)
        {
            return null;
        }

        var shown = variable.Secret ? Templates.Rendered.Mask : DisplayText.Visible(string.Join(", ", saved));
        return new GivenValue(VarOrigin.Record, saved, new SourceText("record", $"{variable.Name}={shown}"), new TextSpan(variable.Name.Length + 1, shown.Length));
    }

    private static GivenValue? FromElsewhere(VarDeclaration variable, Func<string, string?> environment, Playbook playbook) =>
        FromEnvironment(variable, environment)
        ?? (variable.Default is { } texts ? new GivenValue(VarOrigin.Default, texts, playbook.Source, variable.DefaultSpan) : null);

    private static GivenValue? FromEnvironment(VarDeclaration variable, Func<string, string?> environment)
    {
        if (variable.FromEnv is not { } name || environment(name) is not { Length: > 0 } text)
        {
            return null;
        }

        var shown = variable.Secret ? Templates.Rendered.Mask : DisplayText.Visible(text);
        return new GivenValue(VarOrigin.Environment, TextsOf(variable, text), new SourceText("environment", $"{name}={shown}"), new TextSpan(name.Length + 1, shown.Length));
    }

    /// <summary>The one text that a value is, or the items of a list; null when the list cannot be read.</summary>
    internal static ImmutableArray<string>? TextsOf(VarDeclaration variable, string text) =>
        variable.Type == VarType.List ? ListTexts.Read(text) : [text];

    private static VarBinding Bind(VarDeclaration variable, GivenValue given, ImmutableArray<Diagnostic>.Builder diagnostics)
    {
        void Report(Descriptor descriptor, string message, string? hint = null) =>
            diagnostics.Add(new Diagnostic(descriptor, given.Source, given.Span, message) { Hint = hint, HidesText = given.HidesText });

        if (given.Texts is not { } texts)
        {
            Report(VarDiagnostics.WrongValue, $"'{variable.Name}' is a list, and this is not one", "for example a,b or [a, \"b,c\"]");
            return new VarBinding(variable, null, "", given.Origin);
        }

        var read = VarValues.Read(variable, texts);
        if (given.Origin == VarOrigin.CommandLine && texts.Contains($"<{variable.Name.ToUpperInvariant()}>"))
        {
            Report(VarDiagnostics.Unfilled, $"'{variable.Name}' has no value: <{variable.Name.ToUpperInvariant()}> stands for one", $"write the value in its place: --var {variable.Name}=…");
        }
        else if (read.Error is not null)
        {
            Report(VarDiagnostics.WrongValue, $"'{variable.Name}': {read.Error}", read.Hint);
        }
        else if (variable.Secret && !VarBindings.TextsOf(read.Value).Concat(texts).All(SecretStrength.CanBeMasked))
        {
            Report(VarDiagnostics.SecretTooShort, $"'{variable.Name}' is a secret of fewer than {SecretStrength.Shortest} characters in every line, blanks around them not counted", "it could not be masked: use a longer one");
        }

        return new VarBinding(variable, read.Value, variable.Secret ? Templates.Rendered.Mask : VarBindings.TextOf(read.Value), given.Origin) { Texts = texts };
    }

    /// <summary>What fits no pattern, because it stands for a value.</summary>
    private static VarBinding Unread(VarDeclaration variable, ImmutableArray<string> texts, VarOrigin origin) =>
        new(variable, variable.Type == VarType.List ? texts : texts.FirstOrDefault() ?? "", variable.Secret ? Templates.Rendered.Mask : Placeholder.Shown(string.Join(", ", texts)), origin) { Texts = texts };

    private static string HowToGive(VarDeclaration variable)
    {
        var environment = variable.FromEnv is { } name ? $"set the environment variable {name}" : null;
        var option = $"give it: --var {variable.Name}=…";
        return (variable.Secret, environment) switch
        {
            (true, { } only) => only,
            (true, null) => "give it in a --vars-file, or declare 'from_env'",
            (false, { } also) => $"{option}, or {also}",
            _ => option,
        };
    }
}

/// <summary>A value as it was given.</summary>
/// <param name="Texts">Null when it cannot be read as a list.</param>
/// <param name="Source">A text to point into, in which secrets are masked or which is hidden.</param>
internal sealed record GivenValue(VarOrigin Origin, ImmutableArray<string>? Texts, SourceText Source, TextSpan Span)
{
    public bool HidesText { get; init; }
}
