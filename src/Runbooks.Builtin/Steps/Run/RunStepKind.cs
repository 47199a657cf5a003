using Runbooks.Builtin.Programs;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Fields;
using Runbooks.Language.Playbooks;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Steps.Run;

/// <summary><c>run:</c> starts one program; its words are computed one by one, so a value never becomes a second word.</summary>
public sealed class RunStepKind : StepKind<RunStep>
{
    public override KindDeclaration Declaration { get; } = new("run", "Starts a program, without a shell.", () => new FieldSet("'run'",
    [
        new Field("argv", FieldShape.Words, "the program and its arguments: a list, or one line split like POSIX words") { Required = true },
        new Field("stdin", FieldShape.Text, "what the program reads from its standard input"),
    ])
    { Shorthand = "argv" })
    {
        StartsProgram = true,
        EffectIsDeclared = true,
    };

    public override RunStep? Plan(Inputs inputs, PlanContext context) =>
        new(ProgramSteps.Start(inputs.Texts("argv"), context) with { StandardInput = inputs.OptionalText("stdin") ?? Rendered.Empty });

    public override Task<ActionOutcome> RunAsync(RunStep action, StepContext context) => ProgramSteps.RunAsync(action.Start, context);
}
