using System.Collections.Immutable;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Templates;
using Runbooks.Language.Text;

namespace Runbooks.Language.Tests.Templates;

/// <summary>Parses and renders in a scope that has a value of every type.</summary>
internal static class Expressions
{
    public static TemplateScope Scope { get; } = TemplateScope.Empty
        .With("version", "v1.2.3").With("count", 3L).With("ratio", 1.5).With("flag", true)
        .With("parts", ImmutableArray.Create("web", "worker")).With("unset", value: null)
        .With("password", "hunter2", secret: true)
        .WithStep("done", new StepOutputs("""{"tag":"v1","items":[1,2.5,true,null],"inner":{"x":"y"},"none":null}""", 0))
        .WithStep("plain", new StepOutputs("v9\n", 3))
        .WithStep("later", outputs: null)
        .WithRun("r1");

    public static (Rendered? Value, ImmutableArray<Diagnostic> Mistakes) Render(string text)
    {
        var bag = new DiagnosticBag(new SourceText("a.yml", text));
        var template = TemplateParser.Parse(text, (start, length) => new TextSpan(start, length), bag);
        var value = bag.HasErrors ? null : new TemplateRenderer().Render(template, Scope, bag);
        return (value, bag.ToSorted());
    }

    public static (bool? Value, ImmutableArray<Diagnostic> Mistakes) Decide(string text)
    {
        var bag = new DiagnosticBag(new SourceText("a.yml", text));
        var template = TemplateParser.ParseCondition(text, (start, length) => new TextSpan(start, length), bag);
        var value = bag.HasErrors ? null : new TemplateRenderer().Decide(template, Scope, bag);
        return (value, bag.ToSorted());
    }
}
