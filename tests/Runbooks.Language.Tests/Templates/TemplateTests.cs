using Runbooks.Language.Diagnostics;
using Runbooks.Language.Templates;
using Runbooks.Language.Text;

namespace Runbooks.Language.Tests.Templates;

public sealed class TemplateTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("", "")]
    [InlineData("a {{ version }} b", "a v1.2.3 b")]
    [InlineData("{{version}}{{count}}", "v1.2.33")]
    [InlineData("{{ \"{{\" }}x{{ '}}' }}", "{{x}}")]
    [InlineData("{{ `raw \\n` }}", "raw \\n")]
    [InlineData("{{ 'a\\tb' }}", "a\tb")]
    [InlineData("{{ ratio }} {{ 1.10 }} {{ 2 * 3.0 }}", "1.5 1.1 6")]
    [InlineData("{{ count + 1 }}{{ -count }}{{ 7 // 2 }}{{ 7 % 2 }}", "4-331")]
    [InlineData("{{ flag ? 'y' : 'n' }}", "y")]
    [InlineData("{{ !flag }}", "false")]
    [InlineData("{{ version == 'v1.2.3' && count > 2 }}", "true")]
    [InlineData("{{ $\"{version}-{count}\" }}", "v1.2.3-3")]
    [InlineData("{{ 'a' + version }}", "av1.2.3")]
    [InlineData("{{ parts[1] }}", "worker")]
    [InlineData("{{ run.id }}", "r1")]
    [InlineData("{{ steps.done.json.tag }}{{ steps.done.json.items[1] }}", "v12.5")]
    [InlineData("{{ steps.done.json.inner.x }}", "y")]
    [InlineData("{{ steps.plain.exit_code }}", "3")]
    [InlineData("{{ steps.plain.stdout | trim }}", "v9")]
    [InlineData("{{ unset | default 'd' }}{{ unset ?? 'e' }}{{ unset == null }}", "detrue")]
    [InlineData("{{ if count > 2 }}many{{ else }}few{{ end }}", "many")]
    [InlineData("{{ if flag }}a{{ else if flag }}b{{ end }}c", "ac")]
    [InlineData("{{ for p in parts }}[{{ for.index }}{{ p }}]{{ end }}", "[0web][1worker]")]
    [InlineData("{{ for i in 1..3 }}{{ i }}{{ end }}", "123")]
    [InlineData("a  {{- version -}}  b", "av1.2.3b")]
    [InlineData("{{\n  version |\n  upper\n}}", "V1.2.3")]
    [InlineData("{{ version # a comment\n}}", "v1.2.3")]
    [InlineData("🎉{{ 'é名' }}", "🎉é名")]
    public void A_template_is_computed(string text, string expected)
    {
        var (value, mistakes) = Expressions.Render(text);

        Assert.Empty(mistakes);
        Assert.Equal(expected, value?.Reveal());
    }

    [Theory]
    [InlineData("{{ version | upper }}", "V1.2.3")]
    [InlineData("{{ 'AB' | lower }}", "ab")]
    [InlineData("{{ ' x ' | trim }}", "x")]
    [InlineData("{{ version | replace '.' '-' }}", "v1-2-3")]
    [InlineData("{{ version | strip_prefix 'v' }}{{ version | strip_prefix 'x' }}", "1.2.3v1.2.3")]
    [InlineData("{{ 'a.yml' | strip_suffix '.yml' }}{{ 'a' | strip_suffix 'x' }}", "aa")]
    [InlineData("{{ version | starts_with 'v' }}{{ version | ends_with 'v' }}", "truefalse")]
    [InlineData("{{ version | contains '2' }}{{ parts | contains 'web' }}{{ parts | contains 'we' }}", "truetruefalse")]
    [InlineData("{{ 'a,b' | split ',' | join '+' }}", "a+b")]
    [InlineData("{{ parts | first }}{{ parts | last }}{{ parts | size }}{{ version | size }}", "webworker26")]
    [InlineData("{{ '' | default 'x' }}{{ 'y' | default 'x' }}", "xy")]
    [InlineData("{{ 'a b&c/é' | url_encode }}", "a%20b%26c%2F%C3%A9")]
    [InlineData("{{ 'é' | base64 }}", "w6k=")]
    [InlineData("{{ 'a\"b' | json }}", "\"a\\u0022b\"")]
    [InlineData("{{ ('42' | int) + 1 }}", "43")]
    [InlineData("{{ upper version }}", "V1.2.3")]
    public void Each_function_does_what_its_page_says(string text, string expected)
    {
        var (value, mistakes) = Expressions.Render(text);

        Assert.Empty(mistakes);
        Assert.Equal(expected, value?.Reveal());
    }

    [Fact]
    public void No_function_is_without_a_test()
    {
        var tested = typeof(TemplateTests).GetMethod(nameof(Each_function_does_what_its_page_says))?.GetCustomAttributesData()
            .Where(a => a.AttributeType == typeof(InlineDataAttribute)).Select(a => a.ToString()).ToList() ?? [];

        Assert.True(TemplateFunctions.Known.Count >= 18);
        Assert.All(TemplateFunctions.Known.Keys, name => Assert.Contains(tested, t => t.Contains(name, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("{{ missing }}")]
    [InlineData("{{ unset }}")]
    [InlineData("a{{ unset }}b")]
    [InlineData("{{ if flag }}[{{ unset }}]{{ end }}")]
    [InlineData("{{ $\"a{unset}\" }}")]
    [InlineData("{{ unset + 'a' }}")]
    [InlineData("{{ steps.done.json.absent }}")]
    [InlineData("{{ 'a' + steps.done.json.none }}")]
    [InlineData("{{ steps.plain.json }}")]
    [InlineData("{{ parts }}")]
    [InlineData("{{ if flag }}{{ parts }}{{ end }}")]
    [InlineData("{{ steps.done.json }}")]
    [InlineData("{{ parts[9] }}")]
    [InlineData("{{ count == '3' }}")]
    [InlineData("{{ version > 'v1.10.0' }}")]
    [InlineData("{{ '10' > 9 }}")]
    [InlineData("{{ '1' + 1 }}")]
    [InlineData("{{ version * 3 }}")]
    [InlineData("{{ 1 / 0 }}")]
    [InlineData("{{ 9223372036854775807 * 2 }}")]
    [InlineData("{{ 1 << 70 }}")]
    [InlineData("{{ version && flag }}")]
    [InlineData("{{ if count }}x{{ end }}")]
    [InlineData("{{ version ? 1 : 2 }}")]
    [InlineData("{{ version | upper 1 }}")]
    [InlineData("{{ version | replace 'v' }}")]
    [InlineData("{{ version | replace '' 'x' }}")]
    [InlineData("{{ 'x' | int }}")]
    [InlineData("{{ version.nothing }}")]
    [InlineData("{{ 'abc'.length }}")]
    [InlineData("{{ version foo }}")]
    [InlineData("{{ include 'x' }}")]
    [InlineData("{{ date.now }}")]
    public void What_has_no_value_is_an_error_and_never_empty_text(string text)
    {
        var (value, mistakes) = Expressions.Render(text);

        Assert.Null(value);
        Assert.Equal("RB3001", Assert.Single(mistakes).Code);
    }

    [Theory]
    [InlineData("{{ x = 1 }}")]
    [InlineData("{{ x++ }}")]
    [InlineData("{{ $x }}")]
    [InlineData("{{ this }}")]
    [InlineData("{{ this.password }}")]
    [InlineData("{{ this['password'] }}")]
    [InlineData("{{ @upper }}")]
    [InlineData("{{ {a: 1} }}")]
    [InlineData("{{ do; end }}")]
    [InlineData("{{ func f; ret 1; end }}")]
    [InlineData("{{ version; count }}")]
    [InlineData("{{ if flag }}{{ x = 1 }}{{ end }}")]
    [InlineData("{{ if flag }}{{ while true }}{{ end }}{{ end }}")]
    [InlineData("{{ if flag }}{{ capture x }}a{{ end }}{{ end }}")]
    [InlineData("{{ if flag }}{{ with version }}{{ end }}{{ end }}")]
    [InlineData("{{ if flag }}{{ import version }}{{ end }}")]
    [InlineData("{{ if flag }}{{ case 1 }}{{ when 1 }}a{{ end }}{{ end }}")]
    [InlineData("{{ if flag }}{%{ {{ }%}{{ end }}")]
    [InlineData("{{ for $i in 1..2 }}{{ end }}")]
    public void A_statement_that_is_not_part_of_the_language_is_refused(string text)
    {
        var (value, mistakes) = Expressions.Render(text);

        Assert.Null(value);
        Assert.Contains(Assert.Single(mistakes).Code, (string[])["RB2003", "RB2001"]);
    }

    [Theory]
    [InlineData("{{ version", 0, 2)]
    [InlineData("ab {{ (version }}", 5, 12)]
    [InlineData("{{ }}", 2, 1)]
    [InlineData("{{ version | }}", 2, 11)]
    [InlineData("{{ if flag }}x", 0, 14)]
    [InlineData("{{ end }}", 0, 9)]
    [InlineData("{{ 'x }}", 0, 2)]
    public void A_syntax_error_is_reported_inside_its_expression(string text, int start, int length)
    {
        var mistake = Assert.Single(Expressions.Render(text).Mistakes);

        Assert.Equal("RB2001", mistake.Code);
        Assert.InRange(mistake.Span.Start, start, start + length);
        Assert.InRange(mistake.Span.End, start, text.Length);
    }

    [Theory]
    [InlineData("{{ .Names }}")]
    [InlineData("{{json .}}")]
    public void Braces_of_go_templates_get_a_hint(string text)
    {
        var mistake = Assert.Single(Expressions.Render(text).Mistakes);

        Assert.Equal("RB2001", mistake.Code);
        Assert.Contains("braces that are meant for another program", mistake.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{{ steps.later.stdout }}", "«steps.later.stdout»")]
    [InlineData("a {{ steps.later.json.x | upper }} b", "a «steps.later.json.x | upper» b")]
    [InlineData("{{ steps['later'].stdout }}", "«steps['later'].stdout»")]
    [InlineData("{{ password }}{{ steps.later.stdout }}", "***«steps.later.stdout»")]
    public void What_only_the_run_will_know_stays_unknown(string text, string shown)
    {
        var (value, mistakes) = Expressions.Render(text);

        Assert.Empty(mistakes);
        Assert.Equal(shown, value?.Display);
        Assert.False(value?.IsKnown);
        Assert.Throws<InvalidOperationException>(() => value?.Reveal());
    }

    [Theory]
    [InlineData("{{ password }}")]
    [InlineData("{{ password | upper }}")]
    [InlineData("{{ upper (password) }}")]
    [InlineData("{{ $\"{password}\" }}")]
    [InlineData("{{ [password] | first }}")]
    [InlineData("{{ password[0] }}")]
    [InlineData("{{ flag ? password : 'x' }}")]
    [InlineData("{{ password == 'x' ? 'a' : 'b' }}")]
    [InlineData("{{ 'x' | replace 'x' password }}")]
    [InlineData("{{ unset ?? password }}")]
    [InlineData("{{ password | size }}")]
    [InlineData("{{ password | base64 }}")]
    [InlineData("{{ if flag }}{{ password }}{{ end }}")]
    [InlineData("{{ for c in [password] }}{{ c }}{{ end }}")]
    [InlineData("{{ for password in parts }}{{ end }}{{ password }}")]
    public void Whatever_is_made_of_a_secret_is_a_secret(string text)
    {
        var (value, mistakes) = Expressions.Render(text);

        Assert.Empty(mistakes);
        Assert.Equal("***", value?.Display);
        Assert.True(value?.HasSecret);
    }

    [Theory]
    [InlineData("{{ -password }}")]
    [InlineData("{{ password | int }}")]
    [InlineData("{{ parts[password] }}")]
    [InlineData("{{ password + 1 }}")]
    [InlineData("{{ password foo }}")]
    public void The_message_about_a_secret_does_not_quote_it(string text)
    {
        var mistakes = Expressions.Render(text).Mistakes;

        Assert.DoesNotContain("hunter2", Assert.Single(mistakes).Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", DiagnosticRenderer.Json(mistakes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("flag", true)]
    [InlineData("{{ flag }}", true)]
    [InlineData("true", true)]
    [InlineData("count > 5 || version == 'v1.2.3'", true)]
    [InlineData("parts | contains 'x'", false)]
    public void A_condition_is_true_or_false(string text, bool expected)
    {
        var (value, mistakes) = Expressions.Decide(text);

        Assert.Empty(mistakes);
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("version", "RB3002")]
    [InlineData("1", "RB3002")]
    [InlineData("password", "RB3002")]
    [InlineData("{{ flag }} && {{ flag }}", "RB2001")]
    [InlineData("{{ if flag }}true{{ end }}", "RB2001")]
    [InlineData("if flag", "RB2003")]
    [InlineData("", "RB2001")]
    [InlineData("unset", "RB3001")]
    public void A_condition_that_is_not_boolean_is_an_error(string text, string code)
    {
        var (value, mistakes) = Expressions.Decide(text);

        Assert.Null(value);
        Assert.Equal(code, Assert.Single(mistakes).Code);
        Assert.DoesNotContain("hunter2", mistakes[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_condition_on_something_unknown_is_undecided_without_a_mistake()
    {
        var (value, mistakes) = Expressions.Decide("steps.later.exit_code == 0");

        Assert.Null(value);
        Assert.Empty(mistakes);
    }

    [Theory]
    [InlineData("{{ for a in 1..200 }}{{ for b in 1..200 }}.{{ end }}{{ end }}")]
    [InlineData("{{ for a in 1..2000000000 }}.{{ end }}")]
    [InlineData("{{ (1..2000000000) | size }}")]
    [InlineData("{{ for a in 1..9999 }}{{ for b in 1..1 }}{{ version }}{{ version }}{{ end }}{{ end }}")]
    public void Loops_end(string text)
    {
        var (value, mistakes) = Expressions.Render(text);

        Assert.Null(value);
        Assert.Single(mistakes);
    }

    [Fact]
    public void Text_does_not_grow_without_end()
    {
        var doubled = "'0123456789'";
        for (var i = 0; i < 20; i++)
        {
            doubled = $"({doubled} | replace '0' '00000000')";
        }

        var (value, mistakes) = Expressions.Render($"{{{{ {doubled} }}}}");

        Assert.Null(value);
        Assert.Single(mistakes);
    }

    [Theory]
    [InlineData("(", "1", ")")]
    [InlineData("[", "1", "]")]
    [InlineData("!", "flag", "")]
    [InlineData("", "1", "+1")]
    [InlineData("", "'a'", "|upper")]
    [InlineData("flag?1:", "1", "")]
    [InlineData("", "parts", "[0]")]
    [InlineData("", "parts", ".a")]
    [InlineData("$\"{", "1", "}\"")]
    [InlineData("-", "1", "")]
    public void A_hostile_depth_is_a_mistake_and_no_crash(string before, string middle, string after)
    {
        static string Many(string text) => string.Concat(Enumerable.Repeat(text, 50_000));

        var (value, mistakes) = Expressions.Render($"{{{{ {Many(before)}{middle}{Many(after)} }}}}");

        Assert.Null(value);
        Assert.NotEmpty(mistakes);
    }

    [Fact]
    public void A_list_comes_from_one_expression()
    {
        Assert.Equal(["web", "worker"], List("{{ parts }}").Value ?? []);
        Assert.Equal("RB3002", List("{{ version }}").Code);
        Assert.Equal("RB3002", List("a{{ version }}").Code);
        Assert.Equal("RB3003", List("{{ steps.later.json }}").Code);
        Assert.Equal("RB3002", List("{{ [password] }}").Code);
        Assert.Equal("RB3001", List("{{ [unset] }}").Code);

        static (IReadOnlyList<string>? Value, string? Code) List(string text)
        {
            var bag = new DiagnosticBag(new SourceText("a.yml", text));
            var template = TemplateParser.Parse(text, (start, length) => new TextSpan(start, length), bag);
            return (new TemplateRenderer().List(template, Expressions.Scope, bag), bag.ToSorted().FirstOrDefault()?.Code);
        }
    }
}
