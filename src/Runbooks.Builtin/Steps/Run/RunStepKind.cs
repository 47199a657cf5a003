using System.Collections.Immutable;
using Runbooks.Builtin.Compose;
using Runbooks.Builtin.Containers;
using Runbooks.Builtin.Programs;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Diagnostics;
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
        InsideFields.InField,
    ])
    { Shorthand = "argv" })
    {
        StartsProgram = true,
        EffectIsDeclared = true,
    };

    public override ImmutableArray<Descriptor> Descriptors => [.. ComposeDiagnostics.All, ContainerDiagnostics.NotOnePlace];

    public override RunStep? Plan(Inputs inputs, PlanContext context)
    {
        var argv = inputs.Texts("argv");
        var start = inputs.Object(InsideFields.In) is { } inside ? Inside.Start(inside, argv, context) : ProgramSteps.Start(argv, context);
        return start is null ? null : new RunStep(start with { StandardInput = inputs.OptionalText("stdin") ?? Rendered.Empty }, inputs.IsGiven(InsideFields.In));
    }

    public override Task<ActionOutcome> RunAsync(RunStep action, StepContext context) => ProgramSteps.RunAsync(action.Start, context);
}
