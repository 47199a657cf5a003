using System.Numerics;
using Scriban;
using Scriban.Runtime;
using Scriban.Syntax;

namespace Runbooks.Language.Templates;

/// <summary>The library's evaluator without its leniency: nothing missing becomes empty text, nothing but a boolean is a condition, values of different kinds are not compared.</summary>
internal sealed class StrictContext : TemplateContext
{
    /// <summary>Longest text of a value or a template, in characters.</summary>
    public const int MaxText = 1 << 20;

    private const int MaxTurns = 10_000;

    private int _turns;

    public StrictContext()
        : base(TemplateFunctions.ToScriptObject())
    {
        StrictVariables = true;
        LoopLimit = MaxTurns;
        RecursiveLimit = 64;
        LimitToString = MaxText;
        OutputLimit = MaxText;
        OnOutputLimit = ScriptLimitBehavior.Throw;
        OnStringLimit = ScriptLimitBehavior.Throw;
    }

    public void Begin(ScriptObject names)
    {
        _turns = 0;
        PushGlobal(names);
        PushOutput();
    }

    public void End()
    {
        PopOutput();
        PopGlobal();
    }

    public override object? Evaluate(ScriptNode? scriptNode, bool aliasReturnedFunction) => scriptNode switch
    {
        ScriptBinaryExpression { Operator: not (ScriptBinaryOperator.And or ScriptBinaryOperator.Or or ScriptBinaryOperator.EmptyCoalescing or ScriptBinaryOperator.NotEmptyCoalescing) } binary => Binary(binary),
        ScriptInterpolatedStringExpression interpolated => string.Concat(interpolated.Parts.Select(p => TextOf(p, Evaluate(p, aliasReturnedFunction: false)))),
        ScriptExpressionStatement statement when EnableOutput => TextOf(statement, Evaluate(statement.Expression, aliasReturnedFunction: false)),
        _ => base.Evaluate(scriptNode, aliasReturnedFunction),
    };

    public override bool ToBool(Scriban.Parsing.SourceSpan span, object? value) =>
        value is bool decided ? decided : throw new ScriptRuntimeException(span, $"{Word(value)} stands where true or false is needed: compare it with something");

    /// <summary>The library bounds each loop; nested loops multiply, so all turns of a template count together.</summary>
    protected override bool OnStepLoop(ScriptLoopStatementBase loop)
    {
        if (++_turns > MaxTurns)
        {
            throw new ScriptRuntimeException(loop.Span, "more than 10,000 turns of its loops");
        }

        return base.OnStepLoop(loop);
    }

    private object? Binary(ScriptBinaryExpression node)
    {
        var left = Evaluate(node.Left, aliasReturnedFunction: false);
        var right = Evaluate(node.Right, aliasReturnedFunction: false);
        switch (node.Operator)
        {
            case ScriptBinaryOperator.CompareEqual:
                return AreEqual(node, left, right);
            case ScriptBinaryOperator.CompareNotEqual:
                return !AreEqual(node, left, right);
            case ScriptBinaryOperator.Add when left is string or char && right is string or char:
                var text = $"{left}{right}";
                return text.Length <= MaxText ? text : throw new ScriptRuntimeException(node.Span, "the text is longer than 1 MiB");
            case ScriptBinaryOperator.Add or ScriptBinaryOperator.Subtract or ScriptBinaryOperator.Multiply or ScriptBinaryOperator.Modulus
                or ScriptBinaryOperator.CompareLess or ScriptBinaryOperator.CompareLessOrEqual or ScriptBinaryOperator.CompareGreater or ScriptBinaryOperator.CompareGreaterOrEqual:
                return Numbers(node, left, right);
            case ScriptBinaryOperator.Divide or ScriptBinaryOperator.DivideRound:
                return IsNumber(right) && Convert.ToDouble(right) == 0 ? throw new ScriptRuntimeException(node.Span, "a division by zero") : Numbers(node, left, right);
            case ScriptBinaryOperator.RangeInclude or ScriptBinaryOperator.RangeExclude:
                return Numbers(node, left, right) is System.Collections.IEnumerable range ? new ScriptArray(range.Cast<object>()) : null;
            default:
                throw new ScriptRuntimeException(node.Span, $"'{node.OperatorAsText}' is not part of the language");
        }
    }

    private object? Numbers(ScriptBinaryExpression node, object? left, object? right)
    {
        if (!IsNumber(left) || !IsNumber(right))
        {
            var (first, second) = IsNumber(left) ? (right, left) : (left, right);
            var hint = first is string or char ? ": 'int' makes a number of text" : "";
            var wanted = node.Operator == ScriptBinaryOperator.Add ? "two texts or two numbers" : "two numbers";
            throw new ScriptRuntimeException(node.Span, $"'{node.OperatorAsText}' takes {wanted}, here {Word(first)} stands beside {Word(second)}{hint}");
        }

        var result = ScriptBinaryExpression.Evaluate(this, node.Span, node.Operator, left, right);
        return result is BigInteger ? throw new ScriptRuntimeException(node.Span, "the number is too large") : result;
    }

    private static bool AreEqual(ScriptBinaryExpression node, object? left, object? right) => (left, right) switch
    {
        (null, _) or (_, null) => left is null && right is null,
        (string or char, string or char) => $"{left}" == $"{right}",
        (bool a, bool b) => a == b,
        _ when IsNumber(left) && IsNumber(right) => left is double or float || right is double or float
            ? Convert.ToDouble(left) == Convert.ToDouble(right)
            : Convert.ToDecimal(left) == Convert.ToDecimal(right),
        _ => throw new ScriptRuntimeException(node.Span, $"{Word(left)} and {Word(right)} cannot be compared"),
    };

    private static string TextOf(ScriptNode node, object? value)
    {
        try
        {
            return TemplateFunctions.Text(value);
        }
        catch (TemplateFunctionException e)
        {
            throw new ScriptRuntimeException(node.Span, e.Message, e);
        }
    }

    private static bool IsNumber(object? value) => value is int or long or double or float or decimal;

    private static string Word(object? value) => value switch
    {
        null => "nothing",
        string or char => "text",
        bool => "true or false",
        System.Collections.IList => "a list",
        _ when IsNumber(value) => "a number",
        _ => "an object",
    };
}
