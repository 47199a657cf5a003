using System.Collections.Immutable;
using System.Text;

namespace Runbooks.Language.Editing;

/// <summary>Where a scalar stands in a file.</summary>
/// <remarks>
/// <para><c>services.app.image</c>: keys, joined by dots. A key with a dot, a bracket, a quote or <c>${</c> in it is quoted: <c>labels."com.example.version"</c>
/// (inside the quotes <c>\"</c> and <c>\\</c>).</para>
/// <para><c>ports[0]</c>: an item of a list, from 0.</para>
/// <para><c>environment.TAG</c>: also works where <c>environment:</c> is a list of <c>KEY=value</c> items; it means what follows the <c>=</c>.</para>
/// <para><c>services.app.image${TAG}</c>: only the default of the variable inside the value, the <c>v1.2.4</c> of <c>myapp:${TAG:-v1.2.4}</c>.</para>
/// <para>In a <c>.env</c> file the path is the name of the variable: <c>TAG</c>.</para>
/// </remarks>
/// <param name="Variable">The variable whose default is meant; null for the whole value.</param>
public sealed record ScalarPath(ImmutableArray<PathStep> Steps, string? Variable)
{
    /// <summary>A key as one step of a path, quoted when it has to be.</summary>
    public static string Quote(string key)
    {
        var bare = key.Length > 0 && key.AsSpan().IndexOfAny(".[]\"") < 0 && !key.Contains("${", StringComparison.Ordinal);
        return bare ? key : $"\"{key.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"";
    }

    /// <summary>Reads a path; <paramref name="problem"/> says what is wrong with it when there is none.</summary>
    public static ScalarPath? TryParse(string text, out string? problem)
    {
        var reader = new Reader(text);
        var path = reader.Path();
        problem = reader.Problem;
        return path;
    }

    public override string ToString() => Describe(Steps.Length) + (Variable is null ? "" : $"${{{Variable}}}");

    /// <summary>The path as far as its first <paramref name="count"/> steps.</summary>
    internal string Describe(int count)
    {
        var text = new StringBuilder();
        foreach (var step in Steps.AsSpan(0, count))
        {
            if (step.Key is null)
            {
                text.Append('[').Append(step.Index).Append(']');
            }
            else
            {
                text.Append(text.Length > 0 ? "." : "").Append(Quote(step.Key));
            }
        }

        return text.ToString();
    }

    private sealed class Reader(string text)
    {
        private int _at;

        public string? Problem { get; private set; }

        public ScalarPath? Path()
        {
            var steps = ImmutableArray.CreateBuilder<PathStep>();
            string? variable = null;
            while (Problem is null && _at < text.Length && variable is null)
            {
                if (AtVariable())
                {
                    variable = Variable();
                }
                else if (text[_at] == '[')
                {
                    steps.Add(Index());
                }
                else if (steps.Count == 0 || Take('.'))
                {
                    steps.Add(Key());
                }
                else
                {
                    Problem = $"unexpected '{text[_at]}' at character {_at + 1}: join keys by dots";
                }
            }

            if (Problem is null && steps.Count == 0)
            {
                Problem = "it names no key";
            }

            return Problem is null ? new ScalarPath(steps.ToImmutable(), variable) : null;
        }

        private PathStep Key()
        {
            if (Take('"'))
            {
                return Quoted();
            }

            var start = _at;
            while (_at < text.Length && text[_at] is not ('.' or '[' or ']' or '"') && !AtVariable())
            {
                _at++;
            }

            if (_at == start)
            {
                Problem = $"a key is missing at character {start + 1}; a key with a dot, bracket or quote in it is written in double quotes";
            }

            return new PathStep(text[start.._at], 0);
        }

        private PathStep Quoted()
        {
            var key = new StringBuilder();
            while (_at < text.Length)
            {
                var c = text[_at++];
                if (c == '"')
                {
                    return new PathStep(key.ToString(), 0);
                }

                if (c == '\\' && _at < text.Length && text[_at] is '"' or '\\')
                {
                    c = text[_at++];
                }

                key.Append(c);
            }

            Problem = "a double quote has no partner";
            return default;
        }

        private PathStep Index()
        {
            var end = text.IndexOf(']', _at);
            if (end < 0 || !int.TryParse(text.AsSpan(_at + 1, end - _at - 1), System.Globalization.NumberStyles.None, null, out var index))
            {
                Problem = $"'[' at character {_at + 1} must hold the number of a list item, from 0, and ']'";
                return default;
            }

            _at = end + 1;
            return new PathStep(null, index);
        }

        private string Variable()
        {
            var name = text[(_at + 2)..].TrimEnd('}');
            if (text[^1] != '}' || !Interpolation.IsName(name) || name.Length + 3 != text.Length - _at)
            {
                Problem = "'${' starts the name of a variable and must end the path: image${TAG}";
            }

            _at = text.Length;
            return name;
        }

        private bool AtVariable() => text.AsSpan(_at).StartsWith("${");

        private bool Take(char c)
        {
            if (_at < text.Length && text[_at] == c)
            {
                _at++;
                return true;
            }

            return false;
        }
    }
}

/// <summary>One step of a <see cref="ScalarPath"/>: a key, or with a null key the item of a list.</summary>
public readonly record struct PathStep(string? Key, int Index);
