using System.Collections.Immutable;
using System.Text;
using Runbooks.Builtin.Compose;
using Runbooks.Builtin.Containers;
using Runbooks.Builtin.Programs;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Fields;
using Runbooks.Language.Playbooks;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Steps.Shell;

/// <summary><c>shell:</c> runs a script of the author's. Nothing is substituted in it; values come in through <c>env:</c>.</summary>
public sealed class ShellStepKind : StepKind<ShellStep>
{
    /// <summary>Linux takes 131,072 bytes in one argument, its ending zero included (MAX_ARG_STRLEN); some room is left.</summary>
    private const int MaxScriptBytes = 120 * 1024;

    /// <summary>PowerShell goes on after errors of its own commands and of programs unless it is told not to.</summary>
    private const string PowerShellStrictness = "$ErrorActionPreference = 'Stop'; $PSNativeCommandUseErrorActionPreference = $true\n";

    public override KindDeclaration Declaration { get; } = new("shell", "Runs a script with a shell that stops at the first error.", () => new FieldSet("'shell'",
    [
        new Field("script", FieldShape.Script, "the script; values reach it through 'env:' as \"$NAME\"") { Required = true },
        new Field("interpreter", FieldShape.Choice, "the shell that runs it") { Choices = ["bash", "sh", "pwsh"], Default = "bash", AllowsTemplates = false },
        InsideFields.InField,
    ])
    { Shorthand = "script" })
    {
        StartsProgram = true,
        EffectIsDeclared = true,
    };

    public override ImmutableArray<Descriptor> Descriptors => [.. ShellDiagnostics.All, .. ComposeDiagnostics.All, ContainerDiagnostics.NotOnePlace];

    public override ShellStep? Plan(Inputs inputs, PlanContext context)
    {
        var script = inputs.Text("script").Reveal();
        if (Encoding.UTF8.GetByteCount(script) is var length && length > MaxScriptBytes)
        {
            context.Report(ShellDiagnostics.NotAScript, inputs.SpanOf("script"), $"the script has {length:N0} bytes, more than the {MaxScriptBytes:N0} that fit into one argument", "put it into a file and start that with 'run:'");
            return null;
        }

        if (script.Contains('\0'))
        {
            context.Report(ShellDiagnostics.NotAScript, inputs.SpanOf("script"), "the script holds a zero byte, where the shell would stop reading it");
            return null;
        }

        ImmutableArray<Rendered> words = [.. Words(inputs.Choice("interpreter"), script).Select(Rendered.Literal)];
        var start = inputs.Object(InsideFields.In) is { } inside ? Inside.Start(inside, words, context) : ProgramSteps.Start(words, context);
        return start is null ? null : new ShellStep(start, inputs.IsGiven(InsideFields.In));
    }

    public override Task<ActionOutcome> RunAsync(ShellStep action, StepContext context) => ProgramSteps.RunAsync(action.Start, context);

    private static ImmutableArray<string> Words(string interpreter, string script)
    {
        // A script that begins like an option would be read as one.
        ImmutableArray<string> ends = script.StartsWith('-') || script.StartsWith('+') ? ["--"] : [];
        return interpreter switch
        {
            "sh" => ["sh", "-eu", "-c", .. ends, script],
            "pwsh" => ["pwsh", "-NoLogo", "-NoProfile", "-NonInteractive", "-Command", PowerShellStrictness + script],
            _ => ["bash", "-euo", "pipefail", "-c", .. ends, script],
        };
    }
}
