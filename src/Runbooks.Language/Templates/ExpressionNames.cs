using System.Collections.Immutable;
using Scriban.Syntax;

namespace Runbooks.Language.Templates;

/// <summary>Walks a parsed expression: which names it uses, and whether it holds anything that is not part of the language.</summary>
internal sealed class ExpressionNames : ScriptVisitor
{
    private readonly HashSet<string> _loopVariables = new(StringComparer.Ordinal);
    private readonly List<Reference> _references = [];

    public ImmutableArray<Reference> References => [.. _references.Where(r => !_loopVariables.Contains(r.Root))];

    /// <summary>The first statement that is not allowed, in the author's words; null when all are.</summary>
    public (string What, int Offset)? Forbidden { get; private set; }

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

    public override void Visit(ScriptIfStatement node) => Statement(() => base.Visit(node));

    public override void Visit(ScriptElseStatement node) => Statement(() => base.Visit(node));

    public override void Visit(ScriptForStatement node)
    {
        if (node.Variable is ScriptVariable variable)
        {
            _loopVariables.Add(variable.Name);
        }

        Statement(() => base.Visit(node));
    }

    public override void Visit(ScriptMemberExpression node)
    {
        var path = new List<string>();
        ScriptExpression? current = node;
        while (current is ScriptMemberExpression member)
        {
            path.Insert(0, member.Member?.Name ?? "");
            current = member.Target;
        }

        if (current is ScriptVariableGlobal root)
        {
            path.Insert(0, root.Name);
            _references.Add(new Reference([.. path], root.Span.Start.Offset));
        }
        else
        {
            current?.Accept(this);
        }
    }

    public override void Visit(ScriptVariableGlobal node) => _references.Add(new Reference([node.Name], node.Span.Start.Offset));

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

    private void Statement(Action visit)
    {
        IsSingleExpression = false;
        visit();
    }

    private void Forbid(string what, ScriptNode node) => Forbidden ??= (what, node.Span.Start.Offset);
}
