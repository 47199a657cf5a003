using Runbooks.Language.Diagnostics;
using Runbooks.Language.Playbooks;
using Scriban.Runtime;
using Scriban.Syntax;

namespace Runbooks.Language.Templates;

/// <summary>Computes templates in a scope. The one evaluator of every field.</summary>
/// <remarks>Pure and bounded: no loader, no clock, own functions only; at most 10,000 loop turns and 1 MiB of text for one template.
/// Strict: see <see cref="StrictContext"/>. Not for several threads at once.</remarks>
public sealed class TemplateRenderer
{
    private readonly StrictContext _context = new();
    private readonly HashSet<string> _secrets = new(StringComparer.Ordinal);

    /// <summary>What was computed from secrets so far, line by line: the value of <c>{{ password | upper }}</c> is no less secret than the password.</summary>
    /// <remarks>Without what is in plain sight all the same: true and false, texts of the expression itself and values of other variables, between which a secret only chose.</remarks>
    public IReadOnlyCollection<string> Secrets => _secrets;

    /// <summary>The text of a template; parts that depend on secrets or on later outputs keep that identity.</summary>
    /// <returns>Null when an expression has no value: the bag says why.</returns>
    public Rendered? Render(Templates.Template template, TemplateScope scope, DiagnosticBag bag)
    {
        if (template.IsLiteral)
        {
            return Rendered.Literal(template.Source);
        }

        var parts = new List<RenderedPart>(template.Parts.Length);
        foreach (var part in template.Parts)
        {
            if (part is ExpressionPart expression)
            {
                if (RenderExpression(expression, scope, bag) is not { } rendered)
                {
                    return null;
                }

                parts.Add(rendered);
            }
            else
            {
                parts.Add(new RenderedPart(RenderedKind.Literal, ((LiteralPart)part).Text));
            }
        }

        return Rendered.Of(parts);
    }

    /// <summary>The value of a condition.</summary>
    /// <returns>Null when it depends on something not known yet, or is not boolean (then the bag says so).</returns>
    public bool? Decide(Templates.Template condition, TemplateScope scope, DiagnosticBag bag)
    {
        if (condition.Parts is not [ExpressionPart expression] || KnowledgeOf(expression, scope) == Knowledge.Unknown)
        {
            return null;
        }

        var value = Evaluate(expression, scope, bag);
        if (value is bool decided)
        {
            return decided;
        }

        if (value is not null)
        {
            var what = KnowledgeOf(expression, scope) == Knowledge.Secret ? "a secret" : Describe(value);
            bag.Add(TemplateDiagnostics.WrongType, condition.Span, $"the condition is {what}, not true or false", "compare it with something: ==, !=, <, >");
        }

        return null;
    }

    /// <summary>The list of a template that is one expression; null when it is not a list (the bag says so).</summary>
    public IReadOnlyList<string>? List(Templates.Template template, TemplateScope scope, DiagnosticBag bag)
    {
        if (template.Parts is not [ExpressionPart { IsBlock: false } expression])
        {
            bag.Add(TemplateDiagnostics.WrongType, template.Span, "this is text, not a list", "write a list, or one expression that is a list");
            return null;
        }

        var knowledge = KnowledgeOf(expression, scope);
        if (knowledge == Knowledge.Secret)
        {
            bag.Add(TemplateDiagnostics.WrongType, template.Span, $"'{expression.Text}' is a secret", "the items of a list are shown, so it cannot be one");
            return null;
        }

        if (knowledge == Knowledge.Unknown)
        {
            bag.Add(TemplateDiagnostics.NotKnown, template.Span, $"«{expression.Text}» is not known when the plan is made", "a list must be known before the run");
            return null;
        }

        var value = Evaluate(expression, scope, bag);
        if (value is ScriptArray list)
        {
            try
            {
                return [.. list.Select(TemplateFunctions.Text)];
            }
            catch (TemplateFunctionException e)
            {
                bag.Add(TemplateDiagnostics.Evaluation, template.Span, e.Message);
                return null;
            }
        }

        if (value is not null)
        {
            bag.Add(TemplateDiagnostics.WrongType, template.Span, $"'{expression.Text}' is {Describe(value)}, not a list");
        }

        return null;
    }

    /// <summary>The items of a template that may be a list or a single text.</summary>
    /// <returns>Null when it has no value: the bag says why.</returns>
    public IReadOnlyList<Rendered>? Items(Templates.Template template, TemplateScope scope, DiagnosticBag bag)
    {
        if (template.Parts is not [ExpressionPart { IsBlock: false } expression] || KnowledgeOf(expression, scope) == Knowledge.Unknown || Evaluate(expression, scope, bag) is not { } value)
        {
            return Render(template, scope, bag) is { } single ? [single] : null;
        }

        if (value is not ScriptArray list)
        {
            return RenderExpression(expression, scope, bag) is { } part ? [Rendered.Of([part])] : null;
        }

        var kind = KnowledgeOf(expression, scope) == Knowledge.Secret ? RenderedKind.Secret : RenderedKind.Literal;
        return List(template, scope, bag)?.Select(text => Rendered.Of([new RenderedPart(kind, text)])).ToList();
    }

    /// <summary>What is known of all the names in an expression together: one secret makes it secret, one unknown makes it unknown.</summary>
    public static Knowledge KnowledgeOf(ExpressionPart expression, TemplateScope scope)
    {
        var result = Knowledge.Known;
        foreach (var reference in expression.References)
        {
            var knowledge = scope.KnowledgeOf(reference);
            if (knowledge == Knowledge.Unknown)
            {
                return Knowledge.Unknown;
            }

            result = knowledge == Knowledge.Secret ? Knowledge.Secret : result;
        }

        return result;
    }

    private RenderedPart? RenderExpression(ExpressionPart expression, TemplateScope scope, DiagnosticBag bag)
    {
        var knowledge = KnowledgeOf(expression, scope);
        if (knowledge == Knowledge.Unknown)
        {
            return new RenderedPart(RenderedKind.Unknown, expression.Text);
        }

        var value = Evaluate(expression, scope, bag);
        if (value is null)
        {
            return null;
        }

        try
        {
            var text = TemplateFunctions.Text(value);
            if (knowledge == Knowledge.Secret && value is not bool)
            {
                _secrets.UnionWith(SecretStrength.LinesOf(text).Where(line => !expression.Text.Contains(line, StringComparison.Ordinal) && !scope.Shows(line)));
            }

            return new RenderedPart(knowledge == Knowledge.Secret ? RenderedKind.Secret : RenderedKind.Literal, text);
        }
        catch (TemplateFunctionException e)
        {
            bag.Add(TemplateDiagnostics.Evaluation, expression.Span, e.Message);
            return null;
        }
    }

    private object? Evaluate(ExpressionPart expression, TemplateScope scope, DiagnosticBag bag)
    {
        _context.Begin(scope.ToScriptObject());
        try
        {
            var value = expression.IsBlock ? expression.Parsed.Render(_context) : expression.Parsed.Evaluate(_context);
            if (value is null)
            {
                bag.Add(TemplateDiagnostics.Evaluation, expression.Span, $"'{expression.Text}' has no value", "use 'default' to give it one");
            }

            return value;
        }
        catch (ScriptRuntimeException e)
        {
            AddFailure(expression, scope, Sentence(e.OriginalMessage), bag);
            return null;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or FormatException or OverflowException or InvalidCastException or ArithmeticException or NullReferenceException)
        {
            // The library lets some of these out for operands that do not fit each other.
            AddFailure(expression, scope, $"'{expression.Text}' cannot be computed: {Sentence(e.Message)}", bag);
            return null;
        }
        finally
        {
            _context.End();
        }
    }

    /// <summary>The library's messages quote values: with a secret among them nothing of the message is shown.</summary>
    private static void AddFailure(ExpressionPart expression, TemplateScope scope, string message, DiagnosticBag bag) => bag.Add(
        TemplateDiagnostics.Evaluation,
        expression.Span,
        KnowledgeOf(expression, scope) == Knowledge.Secret ? $"'{expression.Text}' cannot be computed; the reason may hold a secret and is not shown" : message);

    private static string Describe(object value) => value switch
    {
        bool => "true or false",
        string s => s.Length <= 40 ? $"the text '{s}'" : "a text",
        ScriptArray => "a list",
        IScriptObject => "an object",
        _ => $"the number {TemplateFunctions.Text(value)}",
    };

    private static string Sentence(string message)
    {
        var text = message.ReplaceLineEndings(" ").Trim().TrimEnd('.');
        return text.Length == 0 ? "it cannot be computed" : char.ToLowerInvariant(text[0]) + text[1..];
    }
}
