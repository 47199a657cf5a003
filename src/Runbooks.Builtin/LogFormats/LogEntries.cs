namespace Runbooks.Builtin.LogFormats;

/// <summary>Puts the lines of one log together to entries, in passing and in bounded memory.</summary>
/// <remarks>
/// What belongs to the entry before it: indented lines, stacks, causes, the explanations of PostgreSQL, and after an error up to <see cref="MostLoose"/> lines without any form. An exception or a stack that follows
/// an entry below warning is an error of its own: nobody logged it, it was printed by a program that came to its end.
/// </remarks>
/// <param name="tell">Told each entry when it is complete.</param>
internal sealed class LogEntries(Action<LogEntry> tell)
{
    private const int MostLoose = 10;

    private LogEntry? _open;

    /// <summary>The open entry has the stack of its exception, so that another one is another error.</summary>
    private bool _hasTrace;

    /// <summary>The exception of a traceback comes after its stack.</summary>
    private bool _awaitsException;
    private bool _isPreface;
    private int _loose;

    /// <param name="line">As <see cref="LogLine.Bare"/> gives it.</param>
    public void Take(string line)
    {
        var text = line.AsSpan().TrimEnd();
        if (text.IsEmpty || TakeTrace(line, text))
        {
            return;
        }

        var head = LogLine.Read(text);
        if (_open is not null && char.IsWhiteSpace(text[0]) && !BeginsIndented(text.TrimStart(), head))
        {
            return;
        }

        _awaitsException = false;
        switch (head)
        {
            case { Belongs: true }:
                break;
            case { Level: { } level, IsDated: false } when _isPreface && _open is not null:
                (_open, _isPreface) = (_open with { Level = level, Head = line }, false);
                break;
            case { } known:
                Open(new LogEntry(known.Level, known.IsDated, line, null));
                _isPreface = JavaLines.IsPreface(text);
                break;
            case null when _open?.Level == LogLevel.Error || (_hasTrace && _open is not null):
                if (++_loose > MostLoose)
                {
                    Open(new LogEntry(null, IsDated: false, line, null));
                }

                break;
            default:
                Open(new LogEntry(null, IsDated: false, line, null));
                break;
        }
    }

    /// <summary>There are no more lines.</summary>
    public void End()
    {
        if (_open is not null)
        {
            tell(_open);
            _open = null;
        }
    }

    /// <summary>
    /// An indented line is a part of the entry before it, unless it has a time and a level, or begins with a level in capitals: many programs put blanks before the shorter names, so that the messages stand below each other.
    /// Indented JSON is a part of something that is printed over several lines.
    /// </summary>
    private bool BeginsIndented(ReadOnlySpan<char> text, LineHead? head)
    {
        if (head is not { Level: not null, Belongs: false } || text[0] == '{')
        {
            return false;
        }

        var word = text[..(text.IndexOfAny(' ', '\t') is >= 0 and var end ? end : text.Length)];
        return head.Value.IsDated || (!_hasTrace && LevelWords.InCapitals(word.Trim("[]:")) is not null);
    }

    /// <summary>Takes a line that belongs to a stack or begins one.</summary>
    private bool TakeTrace(string line, ReadOnlySpan<char> text)
    {
        if (PythonLines.IsTraceback(text) || PythonLines.IsGroup(text))
        {
            TakeStack(line);
            _awaitsException = PythonLines.IsTraceback(text);
            return true;
        }

        if (char.IsWhiteSpace(text[0]))
        {
            return false;
        }

        if (PythonLines.IsBetweenTracebacks(text) && _open is not null)
        {
            _hasTrace = false;
            return true;
        }

        if (_awaitsException && _open is not null && LogLine.Read(text) is not { IsDated: true })
        {
            (_open, _awaitsException) = (_open with { Cause = line }, false);
            return true;
        }

        if (GoLines.IsCrash(text) || JavaLines.IsCrash(text))
        {
            OpenError(line);
            return true;
        }

        if (GoLines.IsStack(text) && !_hasTrace)
        {
            // The server of the standard library logs a panic without a level.
            _open = _open is { Level: null, IsDated: true } ? _open with { Level = LogLevel.Error } : _open;
            TakeStack(line);
            return true;
        }

        if (JavaLines.IsException(text))
        {
            TakeStack(line);
            return true;
        }

        return _open is not null && (JavaLines.IsFrame(text) || ((_hasTrace || _open.Level == LogLevel.Error) && GoLines.IsFrame(text)));
    }

    /// <summary>The beginning of a stack: of the entry before it when that tells of something wrong and has none yet, else of an error of its own.</summary>
    private void TakeStack(string line)
    {
        if (_open?.Level is null or LogLevel.Info || _hasTrace)
        {
            OpenError(line);
        }
        else
        {
            (_hasTrace, _open) = (true, _open.Cause is null && JavaLines.IsException(line) ? _open with { Cause = line } : _open);
        }
    }

    private void OpenError(string line)
    {
        Open(new LogEntry(LogLevel.Error, IsDated: true, line, null));
        _hasTrace = true;
    }

    private void Open(LogEntry entry)
    {
        End();
        (_open, _hasTrace, _awaitsException, _isPreface, _loose) = (entry, false, false, false, 0);
    }
}
