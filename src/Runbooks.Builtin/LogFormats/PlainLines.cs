using System.Buffers;

namespace Runbooks.Builtin.LogFormats;

/// <summary>
/// Text with the level in its head: before it there may be a time, groups in brackets, numbers, names of loggers and separators. Behind the first word of the message no level is looked for,
/// so that "0 errors found" is none.
/// </summary>
internal static class PlainLines
{
    /// <summary>Time, process, thread, logger, host and the separators between them.</summary>
    private const int MostFields = 12;
    private const int LongestGroup = 200;

    private static readonly SearchValues<char> Separators = SearchValues.Create("-|:*>•—–");

    public static LineHead? Read(ReadOnlySpan<char> line)
    {
        var head = new Head(line);
        for (var i = 0; i < MostFields && head.HasMore; i++)
        {
            if (head.Next() is { } level)
            {
                return new LineHead(level, head.IsDated);
            }
        }

        return head.IsDated ? new LineHead(null, IsDated: true) : null;
    }

    private static ReadOnlySpan<char> FirstWord(ReadOnlySpan<char> text) => text[..EndOf(text)];

    private static int EndOf(ReadOnlySpan<char> text) => text.IndexOfAny(' ', '\t') is >= 0 and var end ? end : text.Length;

    private static bool IsSeparator(ReadOnlySpan<char> word) => !word.IsEmpty && word.IndexOfAnyExcept(Separators) < 0;

    /// <summary><c>app[123]:</c></summary>
    private static bool IsProcess(ReadOnlySpan<char> word) =>
        word.EndsWith("]:", StringComparison.Ordinal) && word.IndexOf('[') is > 0 and var open && open < word.Length - 3 && word[(open + 1)..^2].IndexOfAnyExceptInRange('0', '9') < 0;

    /// <summary><c>com.example.Shop</c></summary>
    private static bool IsLogger(ReadOnlySpan<char> word)
    {
        var dots = 0;
        for (var i = 0; i < word.Length; i++)
        {
            if (word[i] == '.' && i > 0 && i < word.Length - 1 && word[i - 1] != '.')
            {
                dots++;
            }
            else if (!char.IsLetterOrDigit(word[i]) && word[i] is not ('_' or '$' or '-'))
            {
                return false;
            }
        }

        return dots > 0;
    }

    /// <summary>Goes through the fields before the message.</summary>
    private ref struct Head(ReadOnlySpan<char> line)
    {
        private ReadOnlySpan<char> _rest = line.TrimStart();
        private bool _isAfterTab;
        private bool _isFirstWord = true;

        /// <summary>A word was passed that may be a name or the beginning of a sentence: a level must be set off by separators then.</summary>
        private bool _isAfterWord;

        public bool IsDated { get; private set; }

        public readonly bool HasMore => !_rest.IsEmpty;

        /// <summary>Takes the next field. When it belongs to the message, there is no more.</summary>
        public LogLevel? Next()
        {
            if (Timestamps.Length(_rest) is > 0 and var time)
            {
                IsDated = true;
                Pass(time);
                return null;
            }

            return _rest[0] is '[' or '(' or '<' ? Group() : Word(FirstWord(_rest));
        }

        private LogLevel? Group()
        {
            var close = _rest[..Math.Min(_rest.Length, LongestGroup)].IndexOf(_rest[0] switch { '[' => ']', '(' => ')', _ => '>' });
            if (close < 0)
            {
                _rest = [];
                return null;
            }

            var inner = _rest[1..close];
            var isLevel = _rest[0] == '[';
            Pass(close + 1);
            return isLevel ? InGroup(inner.Trim()) : null;
        }

        /// <summary><c>[error]</c>, <c>[core:error]</c>, <c>[2026-01-02 03:04:05 ERROR module]</c>, <c>[03:04:05: INFO/MainProcess]</c></summary>
        private LogLevel? InGroup(ReadOnlySpan<char> inner)
        {
            if (Timestamps.Length(inner) is > 0 and var time)
            {
                IsDated = true;
                inner = inner[time..].TrimStart(" :,|\t");
                var end = inner.IndexOfAny(" /:,|");
                return LevelWords.Of(end < 0 ? inner : inner[..end]);
            }

            if (inner is "Note" or "System" && _rest.StartsWith("[MY-", StringComparison.Ordinal))
            {
                return LogLevel.Info;
            }

            return inner is "Note" && IsDated ? LogLevel.Info : LevelWords.Of(inner) ?? (inner.LastIndexOf(':') is > 0 and var colon ? LevelWords.Of(inner[(colon + 1)..]) : null);
        }

        private LogLevel? Word(ReadOnlySpan<char> word)
        {
            var isAfterTab = _isAfterTab;
            Pass(word.Length);
            var bare = word.TrimEnd(":,|");
            var next = FirstWord(_rest);
            if (IsProcess(word))
            {
                (_isFirstWord, _isAfterWord) = (true, false);
                return null;
            }

            if (IsSeparator(word) || IsNumber(bare, next) || IsLetter(word, next))
            {
                return null;
            }

            var isSetOff = word[^1] is ':' or '|' || IsSeparator(next);
            var level = (isSetOff || !_isAfterWord ? LevelWords.InCapitals(bare) : null)
                ?? ((_isFirstWord && isSetOff) || (isAfterTab && _isAfterTab) ? LevelWords.Of(bare) : null)
                ?? (_isFirstWord && bare is "LOG" && next is ['[', ..] ? LogLevel.Info : InName(word));
            _isFirstWord = false;
            if (level is null && !IsLogger(bare) && !IsProcess(next))
            {
                _isAfterWord = IsSeparator(next);
                _rest = _isAfterWord ? _rest : [];
            }

            return level;
        }

        /// <summary>Ruby: <c>E, [2026-01-02T03:04:05 #1] ERROR -- : message</c></summary>
        private static bool IsLetter(ReadOnlySpan<char> word, ReadOnlySpan<char> next) => word.Length == 2 && word[1] == ',' && next is ['[', ..];

        /// <summary>The number of a process or thread, or milliseconds; "3 ERROR lines" begins with no such number.</summary>
        private readonly bool IsNumber(ReadOnlySpan<char> bare, ReadOnlySpan<char> next) =>
            bare.IndexOfAnyExceptInRange('0', '9') < 0 && !bare.IsEmpty && (IsDated || next is ['[', ..] || IsSeparator(next));

        /// <summary>Monolog: <c>app.ERROR:</c></summary>
        private static LogLevel? InName(ReadOnlySpan<char> word) =>
            word.EndsWith(":", StringComparison.Ordinal) && word.LastIndexOf('.') is > 0 and var dot ? LevelWords.InCapitals(word[(dot + 1)..^1]) : null;

        private void Pass(int length)
        {
            var rest = _rest[length..];
            _rest = rest.TrimStart();
            _isAfterTab = rest is ['\t', ..];
        }
    }
}
