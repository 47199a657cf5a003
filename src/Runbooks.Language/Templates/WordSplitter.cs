using System.Collections.Immutable;
using System.Text;

namespace Runbooks.Language.Templates;

/// <summary>One word of a command line, with the offset of each of its characters in the line.</summary>
public sealed record SplitWord(string Text, ImmutableArray<int> Offsets);

/// <summary>The words of a line, or what is not closed in it: then there are no words.</summary>
/// <param name="UnclosedQuote">Offset of the quote.</param>
/// <param name="UnclosedExpression">Offset of the <c>{{</c>.</param>
public readonly record struct SplitLine(ImmutableArray<SplitWord> Words, int? UnclosedQuote = null, int? UnclosedExpression = null);

/// <summary>Splits a command line into words as a POSIX shell would, without expanding anything.</summary>
/// <remarks>
/// Single quotes keep everything; in double quotes a backslash keeps <c>" \ $ `</c>; outside quotes a backslash keeps the next character.
/// A backslash at the end of a line joins it with the next. Blanks, tabs and line ends separate words; <c>#</c> begins no comment.
/// An expression <c>{{ … }}</c> is opaque: white space and quotes inside it belong to it, so a value stays inside its word.
/// </remarks>
public static class WordSplitter
{
    public static SplitLine Split(string line)
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
            if (c == '{' && i + 1 < line.Length && line[i + 1] == '{')
            {
                var close = TemplateParser.EndOfExpression(line, i + 2);
                if (close < 0)
                {
                    return new SplitLine([], UnclosedExpression: i);
                }

                for (var j = i; j < close + 2; j++)
                {
                    Take(j);
                }

                i = close + 1;
            }
            else if (quote != '\0')
            {
                var escaped = quote == '"' && c == '\\' && i + 1 < line.Length ? line[i + 1] : '\0';
                if (c == quote)
                {
                    quote = '\0';
                }
                else if (escaped is '"' or '\\' or '$' or '`')
                {
                    Take(++i);
                }
                else if (escaped == '\n')
                {
                    i++;
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
            else if (c is ' ' or '\t' or '\n')
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
            return new SplitLine([], UnclosedQuote: quoteAt);
        }

        End();
        return new SplitLine(words.ToImmutable());
    }
}
