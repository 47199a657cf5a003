using System.Collections.Immutable;
using Runbooks.Language.Text;
using Scriban.Syntax;

namespace Runbooks.Language.Templates;

/// <summary>Walks a parsed expression: which names it uses, and whether it holds anything that is not part of the language.</summary>
/// <param name="place">Turns a stretch of the parsed text into its place in the file.</param>
internal sealed class ExpressionNames(Func<int, int, TextSpan> place) : ScriptVisitor
{
    // The names of the loops around the node; a name outside its loop is not the loop's.
    private readonly List<string> _loopNames = [];
    private readonly ImmutableArray<Reference>.Builder _references = ImmutableArray.CreateBuilder<Reference>();

    public ImmutableArray<Reference> References => _references.ToImmutable();

    /// <summary>The first thing that is not allowed, in the author's words; null when all is.</summary>
    public (string What, TextSpan Span)? Forbidden { get; private set; }

    /// <summary>True when the text is one expression and no statement.</summary>
    public bool IsSingleExpression { get; private set; } = true;

    public override void Visit(ScriptBlockStatement node)
    {
        if (node.Statements.Count != 1)
        {
            IsSingleExpression = false;
        }

        base.Visit(node);
    }

    public override void Visit(ScriptIfStatement node)
    {
        IsSingleExpression = false;
        base.Visit(node);
    }

    public override void Visit(ScriptElseStatement node)
    {
        IsSingleExpression = false;
        base.Visit(node);
    }

    public override void Visit(ScriptForStatement node)
    {
        IsSingleExpression = false;
        Accept(node.Iterator);
        Accept(node.NamedArguments);
        if (node.Variable is not ScriptVariableGlobal variable)
        {
            Forbid("a local variable", node);
            return;
        }

        // 'for' itself is an object inside the loop: for.index, for.first …
        _loopNames.Add(variable.Name);
        _loopNames.Add("for");
        Accept(node.Body);
        _loopNames.RemoveRange(_loopNames.Count - 2, 2);
        Accept(node.Else);
    }

    public override void Visit(ScriptMemberExpression node)
    {
        var path = new Stack<string>();
        ScriptExpression? current = node;
        while (current is ScriptMemberExpression member)
        {
            path.Push(member.Member?.Name ?? "");
            current = member.Target;
        }

        if (current is ScriptVariableGlobal root)
        {
            path.Push(root.Name);
            Add([.. path], root.Span.Start.Offset);
        }
        else
        {
            Accept(current);
        }
    }

    public override void Visit(ScriptVariableGlobal node) => Add([node.Name], node.Span.Start.Offset);

    public override void Visit(ScriptFunctionCall node) => Call(node, piped: 0);

    public override void Visit(ScriptPipeCall node)
    {
        Accept(node.From);
        Call(node.To, piped: 1);
    }

    public override void Visit(ScriptUnaryExpression node)
    {
        if (node.Operator is ScriptUnaryOperator.FunctionAlias or ScriptUnaryOperator.FunctionParametersExpand)
        {
            Forbid($"'{node.OperatorAsText}'", node);
        }

        base.Visit(node);
    }

    // All names at once: it would reach past every check.
    public override void Visit(ScriptThisExpression node) => Forbid("'this'", node);

    public override void Visit(ScriptIsEmptyExpression node) => Forbid("'empty?'", node);

    public override void Visit(ScriptEscapeStatement node)
    {
        // Plain braces are the same node with a count of zero.
        if (node.EscapeCount > 0)
        {
            Forbid("'{%{'", node);
        }
    }

    public override void Visit(ScriptVariableLocal node) => Forbid("a local variable", node);

    public override void Visit(ScriptAssignExpression node) => Forbid("an assignment", node);

    public override void Visit(ScriptIncrementDecrementExpression node) => Forbid("an assignment", node);

    public override void Visit(ScriptWhileStatement node) => Forbid("'while'", node);

    public override void Visit(ScriptFunction node) => Forbid("a function definition", node);

    public override void Visit(ScriptAnonymousFunction node) => Forbid("a function definition", node);

    public override void Visit(ScriptImportStatement node) => Forbid("'import'", node);

    public override void Visit(ScriptCaptureStatement node) => Forbid("'capture'", node);

    public override void Visit(ScriptWithStatement node) => Forbid("'with'", node);

    public override void Visit(ScriptWrapStatement node) => Forbid("'wrap'", node);

    public override void Visit(ScriptTableRowStatement node) => Forbid("'tablerow'", node);

    public override void Visit(ScriptReadOnlyStatement node) => Forbid("'readonly'", node);

    public override void Visit(ScriptReturnStatement node) => Forbid("'ret'", node);

    public override void Visit(ScriptObjectInitializerExpression node) => Forbid("an object", node);

    public override void Visit(ScriptCaseStatement node) => Forbid("'case'", node);

    private void Call(ScriptNode? callee, int piped)
    {
        switch (callee)
        {
            case ScriptFunctionCall { Target: ScriptVariableGlobal name } call:
                Add([name.Name], name.Span.Start.Offset, call.Arguments.Count + piped);
                Accept(call.Arguments);
                break;
            case ScriptFunctionCall call:
                Accept(call.Target);
                Accept(call.Arguments);
                break;
            case ScriptVariableGlobal name:
                Add([name.Name], name.Span.Start.Offset, piped);
                break;
            case ScriptPipeCall pipe:
                Call(pipe.From, piped);
                Call(pipe.To, piped: 1);
                break;
            default:
                Accept(callee);
                break;
        }
    }

    private void Accept(ScriptNode? node) => node?.Accept(this);

    private void Add(ImmutableArray<string> path, int offset, int arguments = 0)
    {
        if (!_loopNames.Contains(path[0]))
        {
            _references.Add(new Reference(path, place(offset, path.Sum(p => p.Length) + path.Length - 1)) { Arguments = arguments });
        }
    }

    private void Forbid(string what, ScriptNode node) => Forbidden ??= (what, place(node.Span.Start.Offset, 1));
}
