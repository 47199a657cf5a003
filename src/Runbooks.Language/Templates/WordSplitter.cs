using System.Collections.Immutable;
using System.Text;

namespace Runbooks.Language.Templates;

/// <summary>One word of a command line, with the offset of each of its characters in the line.</summary>
public sealed record SplitWord(string Text, ImmutableArray<int> Offsets);

/// <summary>Splits a command line into words as a POSIX shell would, without expanding anything.</summary>
/// <remarks>
/// Single quotes keep everything; in double quotes a backslash keeps <c>" \ $ `</c>; outside quotes a backslash keeps the next character.
/// An expression <c>{{ … }}</c> is opaque: white space and quotes inside it belong to it, so a value stays inside its word.
/// </remarks>
public static class WordSplitter
{
    /// <summary>The words, or the offset of the quote that is not closed.</summary>
    public static (ImmutableArray<SplitWord> Words, int? UnclosedQuote) Split(string line)
    {
        var words = ImmutableArray.CreateBuilder<SplitWord>();
        var text = new StringBuilder();
        var offsets = ImmutableArray.CreateBuilder<int>();
        var started = false;
        var quote = '\0';
        var quoteAt = 0;

        void Take(int at)
        {
            text.Append(line[at]);
            offsets.Add(at);
            started = true;
        }

        void End()
        {
            if (started)
            {
                words.Add(new SplitWord(text.ToString(), offsets.ToImmutable()));
            }

            text.Clear();
            offsets.Clear();
            started = false;
        }

        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (c == '{' && i + 1 < line.Length && line[i + 1] == '{' && TemplateParser.EndOfExpression(line, i + 2) is >= 0 and var close)
            {
                for (var j = i; j < close + 2; j++)
                {
                    Take(j);
                }

                i = close + 1;
            }
            else if (quote != '\0')
            {
                if (c == quote)
                {
                    quote = '\0';
                }
                else if (quote == '"' && c == '\\' && i + 1 < line.Length && line[i + 1] is '"' or '\\' or '$' or '`' && quote == '"' && c == '\\')
                {
                    Take(++i);
                }
                else
                {
                    Take(i);
                }
            }
            else if (c is '\'' or '"')
            {
                (quote, quoteAt, started) = (c, i, true);
            }
            else if (c == '\\' && i + 1 < line.Length)
            {
                i++;
                if (line[i] != '\n')
                {
                    Take(i);
                }
            }
            else if (char.IsWhiteSpace(c))
            {
                End();
            }
            else
            {
                Take(i);
            }
        }

        if (quote != '\0')
        {
            return ([], quoteAt);
        }

        End();
        return (words.ToImmutable(), null);
    }
}
