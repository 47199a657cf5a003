using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Scriban;
using Scriban.Runtime;
using Scriban.Syntax;

namespace Runbooks.Language.Templates;

/// <summary>The functions of expressions: all pure, all total or with an error that says why. Used as pipes: <c>{{ version | strip_prefix "v" }}</c>.</summary>
/// <remarks>Own functions instead of the library's: those come by reflection, which a native binary trims silently.</remarks>
public static class TemplateFunctions
{
    private static readonly ImmutableArray<Function> Functions =
    [
        new("upper", "upper-case letters", 1, a => Text(a[0]).ToUpperInvariant()),
        new("lower", "lower-case letters", 1, a => Text(a[0]).ToLowerInvariant()),
        new("trim", "without white space at both ends", 1, a => Text(a[0]).Trim()),
        new("replace", "every occurrence of the second text by the third", 3, a => Replaced(Text(a[0]), NotEmpty(Text(a[1])), Text(a[2]))),
        new("strip_prefix", "without this beginning, if it has it", 2, a => Text(a[0]) is var s && s.StartsWith(Text(a[1]), StringComparison.Ordinal) ? s[Text(a[1]).Length..] : s),
        new("strip_suffix", "without this end, if it has it", 2, a => Text(a[0]) is var s && s.EndsWith(Text(a[1]), StringComparison.Ordinal) ? s[..^Text(a[1]).Length] : s),
        new("starts_with", "true when it begins so", 2, a => Text(a[0]).StartsWith(Text(a[1]), StringComparison.Ordinal)),
        new("ends_with", "true when it ends so", 2, a => Text(a[0]).EndsWith(Text(a[1]), StringComparison.Ordinal)),
        new("contains", "true when the text, or the list, has it", 2, a => a[0] is ScriptArray list ? list.Any(i => Text(i) == Text(a[1])) : Text(a[0]).Contains(Text(a[1]), StringComparison.Ordinal)),
        new("split", "a list, cut at this text", 2, a => new ScriptArray(Text(a[0]).Split(NotEmpty(Text(a[1]))))),
        new("join", "one text out of a list, with this between", 2, a => Joined(Text(a[1]), List(a[0]).Select(Text).ToList())),
        new("first", "the first of a list", 1, a => List(a[0]) is { Count: > 0 } l ? l[0] : throw new TemplateFunctionException("the list is empty")),
        new("last", "the last of a list", 1, a => List(a[0]) is { Count: > 0 } l ? l[^1] : throw new TemplateFunctionException("the list is empty")),
        new("size", "how many letters a text, or items a list, has", 1, a => a[0] is ScriptArray list ? (long)list.Count : Text(a[0]).Length),
        new("default", "the second, when the first is empty", 2, a => a[0] is null or "" ? a[1] : a[0]),
        new("url_encode", "percent-encoded for a URL", 1, a => Uri.EscapeDataString(Text(a[0]))),
        new("base64", "Base64 of its UTF-8 bytes", 1, a => Convert.ToBase64String(Encoding.UTF8.GetBytes(Text(a[0])))),
        new("json", "as a JSON string", 1, a => $"\"{System.Text.Json.JsonEncodedText.Encode(Text(a[0]))}\""),
        new("int", "the whole number that a text is", 1, a => long.TryParse(Text(a[0]), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) ? n : throw new TemplateFunctionException($"'{Text(a[0])}' is not a whole number")),
    ];

    /// <summary>Name and one-line meaning of each function, for hints and the reference.</summary>
    public static ImmutableSortedDictionary<string, string> Known { get; } =
        Functions.ToImmutableSortedDictionary(f => f.Name, f => f.Summary, StringComparer.Ordinal);

    /// <summary>How many values each function takes, the piped one included.</summary>
    internal static ImmutableSortedDictionary<string, int> Arities { get; } =
        Functions.ToImmutableSortedDictionary(f => f.Name, f => f.RequiredParameterCount, StringComparer.Ordinal);

    internal static ScriptObject ToScriptObject()
    {
        var builtins = new ScriptObject();
        foreach (var function in Functions)
        {
            builtins.SetValue(function.Name, function, readOnly: true);
        }

        return builtins;
    }

    /// <summary>The text of a value as every field writes it: invariant numbers, <c>true</c> and <c>false</c>.</summary>
    /// <exception cref="TemplateFunctionException">The value has no text: null, a list or an object.</exception>
    internal static string Text(object? value) => value switch
    {
        null => throw new TemplateFunctionException("there is no value here"),
        string s => s,
        bool b => b ? "true" : "false",
        ScriptArray => throw new TemplateFunctionException("a list is not text: use 'join'"),
        IScriptObject => throw new TemplateFunctionException("an object is not text: name one of its members"),
        double d when !double.IsFinite(d) => throw new TemplateFunctionException("the number has no finite value"),
        char c => c.ToString(),
        int or long or double or float or decimal => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture),
        _ => throw new TemplateFunctionException("this has no text"),
    };

    private static string Replaced(string text, string old, string by)
    {
        Bounded(text.Length + ((long)text.AsSpan().Count(old) * (by.Length - old.Length)));
        return text.Replace(old, by, StringComparison.Ordinal);
    }

    private static string Joined(string between, List<string> items)
    {
        Bounded(items.Sum(i => (long)i.Length + between.Length));
        return string.Join(between, items);
    }

    private static void Bounded(long length)
    {
        if (length > StrictContext.MaxText)
        {
            throw new TemplateFunctionException("the text would be longer than 1 MiB");
        }
    }

    private static ScriptArray List(object? value) => value as ScriptArray ?? throw new TemplateFunctionException("this is not a list");

    private static string NotEmpty(string text) => text.Length > 0 ? text : throw new TemplateFunctionException("the text to look for is empty");

    private sealed class Function(string name, string summary, int arity, Func<ScriptArray, object?> body) : IScriptCustomFunction
    {
        public string Name => name;

        public string Summary => summary;

        public int RequiredParameterCount => arity;

        public int ParameterCount => arity;

        public ScriptVarParamKind VarParamKind => ScriptVarParamKind.None;

        public Type ReturnType => typeof(object);

        public ScriptParameterInfo GetParameterInfo(int index) => new(typeof(object), $"arg{index}");

        public object? Invoke(TemplateContext context, ScriptNode? callerContext, ScriptArray arguments, ScriptBlockStatement? blockStatement)
        {
            if (arguments.Count != arity)
            {
                throw new ScriptRuntimeException(callerContext?.Span ?? default, $"'{name}' takes {arity} values, the piped one included, and was given {arguments.Count}");
            }

            try
            {
                var result = body(arguments);
                Bounded(result is string text ? text.Length : 0);
                return result;
            }
            catch (TemplateFunctionException e)
            {
                throw new ScriptRuntimeException(callerContext?.Span ?? default, $"{name}: {e.Message}", e);
            }
        }

        public ValueTask<object?> InvokeAsync(TemplateContext context, ScriptNode? callerContext, ScriptArray arguments, ScriptBlockStatement? blockStatement) =>
            ValueTask.FromResult(Invoke(context, callerContext, arguments, blockStatement));
    }
}

/// <summary>A function or a conversion cannot give a value; the message is for the author of the expression.</summary>
internal sealed class TemplateFunctionException(string message) : Exception(message);
