using System.Collections.Immutable;
using Runbooks.Builtin.Programs;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Fields;
using Runbooks.Language.Playbooks;

namespace Runbooks.Builtin.Checks.Command;

/// <summary><c>command:</c> asks a program of the author's. That it only reads is the author's promise.</summary>
public sealed class CommandCheckKind : CheckKind<CommandCheck>
{
    public override KindDeclaration Declaration { get; } = new("command", "A program ends with the right code and prints the right text.", () => new FieldSet("'command'", AskedProgramFields.All("it is ended"))
    { Shorthand = AskedProgramFields.Argv });

    public override ImmutableArray<Descriptor> Descriptors => AskedProgramDiagnostics.All;

    public override CommandCheck? Plan(Inputs inputs, PlanContext context) =>
        AskedProgramFields.Words(inputs, context) is { } argv && AskedProgramFields.Environment(inputs, context) is { } environment
            ? new CommandCheck(ProgramSteps.Start(argv, context) with { Environment = environment, StandardInput = AskedProgramFields.Input(inputs) }, AskedProgramFields.Expectation(inputs))
            : null;

    public override async Task<Verdict> AskAsync(CommandCheck question, CheckContext context, CancellationToken cancel) =>
        question.Expected.Judge(question.Start.Argv[0].Display, await ProgramQuestions.AskAsync(question.Start, question.Expected.Timeout, context, cancel));
}
