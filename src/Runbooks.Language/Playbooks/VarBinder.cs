using System.Collections.Immutable;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Templates;
using Runbooks.Language.Text;
namespace Runbooks.Language.Playbooks;
public sealed record VarBinding(VarDeclaration Declaration, object Value, string Display, string Origin);
public sealed record VarBindings(ImmutableArray<VarBinding> Items)
{
    public ImmutableArray<string> Secrets => [.. Items.Where(i => i.Declaration.Secret).Select(i => i.Value.ToString() ?? "")];
    public TemplateScope ToScope() => Items.Aggregate(TemplateScope.Empty, (s, i) => s.With(i.Declaration.Name, VarValues.ForExpressions(i.Value), i.Declaration.Secret));
}
public static class VarDiagnostics { public static readonly ImmutableArray<Descriptor> All = []; }
public static class VarBinder
{
    public static Checked<VarBindings> Bind(Playbook playbook, IReadOnlyList<string> pairs, SourceText? varsFile, Func<string, string?> environment)
    {
        var bag = new DiagnosticBag(playbook.Source);
        var given = pairs.Select(p => p.Split('=', 2)).ToDictionary(p => p[0], p => p[1], StringComparer.Ordinal);
        var items = ImmutableArray.CreateBuilder<VarBinding>();
        foreach (var d in playbook.Vars)
        {
            var (text, origin) = given.TryGetValue(d.Name, out var g) ? (ImmutableArray.Create(g), "--var") : d.FromEnv is { } e && environment(e) is { } v ? ([v], $"from {e}") : (d.Default ?? [], "default");
            if (text.IsEmpty) { bag.Add(FieldsMissing, d.Span, $"'{d.Name}' needs a value"); continue; }
            var r = VarValues.Read(d, text);
            if (r.Error is { } error) { bag.Add(FieldsMissing, d.Span, error); continue; }
            items.Add(new VarBinding(d, r.Value ?? "", d.Secret ? "***" : string.Join(", ", text), origin));
        }
        return new Checked<VarBindings>(new VarBindings(items.ToImmutable()), bag.ToSorted());
    }
    private static readonly Descriptor FieldsMissing = new("RB2020", "x", "x", Severity.Error, "x");
}
