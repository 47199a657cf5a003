namespace Runbooks.Language.Yaml;

/// <summary>Finds the bracket that made the YAML parser give up, which it reports without a place.</summary>
internal static class Brackets
{
    /// <summary>Offset of the first flow bracket without a partner, outside quotes and comments; null when all have one.</summary>
    /// <remarks>An approximation (it does not know block scalars or plain scalars with brackets in them): only asked after the parser failed.</remarks>
    public static int? FirstUnbalanced(string text)
    {
        var open = new Stack<int>();
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '#' when i == 0 || char.IsWhiteSpace(text[i - 1]):
                    i = EndOfLine(text, i);
                    break;
                case '\'' or '"' when StartsQuote(text, i):
                    i = EndOfQuote(text, i);
                    break;
                case '[' or '{' when open.Count > 0 || StartsFlow(text, i):
                    open.Push(i);
                    break;
                case ']' or '}' when open.Count > 0:
                    var start = open.Pop();
                    if ((text[start] == '[') != (text[i] == ']'))
                    {
                        return start;
                    }

                    break;
                default:
                    break;
            }
        }

        return open.Count > 0 ? open.Last() : null;
    }

    private static bool StartsFlow(string text, int at) => PreviousVisible(text, at) is '\n' or ':' or '-' or ',' or '[' or '{' or '\0';

    private static bool StartsQuote(string text, int at) => PreviousVisible(text, at) is '\n' or ':' or '-' or ',' or '[' or '{' or '\0';

    private static char PreviousVisible(string text, int at)
    {
        for (var i = at - 1; i >= 0; i--)
        {
            if (text[i] is not (' ' or '\t'))
            {
                return text[i];
            }
        }

        return '\0';
    }

    private static int EndOfLine(string text, int at)
    {
        var end = text.IndexOf('\n', at);
        return end < 0 ? text.Length : end;
    }

    private static int EndOfQuote(string text, int at)
    {
        for (var i = at + 1; i < text.Length; i++)
        {
            if (text[i] == '\\' && text[at] == '"')
            {
                i++;
            }
            else if (text[i] == text[at])
            {
                return i;
            }
        }

        return text.Length;
    }
}
