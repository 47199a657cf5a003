using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Runbooks.Builtin.LogFormats;

/// <summary>One JSON object a line: pino, bunyan, zap, logrus, zerolog, Serilog, ECS, Google Cloud, MongoDB and whoever has a field for the level.</summary>
internal static class JsonLines
{
    /// <summary>How good a field is as the level: "severity" may be something else where there is a "level", and a number is only asked where there is no word.</summary>
    private const int Word = 0, SecondWord = 1, Number = 2, PythonNumber = 3, Letter = 4, None = 5;

    public static LineHead? Read(ReadOnlySpan<char> line)
    {
        if (line.IsEmpty || line[0] != '{')
        {
            return null;
        }

        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(line.Length));
        try
        {
            return new LineHead(LevelOf(bytes.AsSpan(0, Encoding.UTF8.GetBytes(line, bytes))), IsDated: true);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>What an object says; null when it is none or has no field for that.</summary>
    public static string? Message(ReadOnlySpan<char> line)
    {
        if (line.IsEmpty || line[0] != '{')
        {
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(line.ToString());
            foreach (var name in (ReadOnlySpan<string>)["@mt", "msg", "message", "Message", "event", "@m", "error", "err"])
            {
                if (json.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String)
                {
                    return value.GetString();
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // A line that was cut, several objects on one line, or a text with half of a character: it is taken as it is.
            return null;
        }

        return null;
    }

    /// <summary>The worst level where several objects were written on one line; null when one of them has none.</summary>
    private static LogLevel? LevelOf(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { AllowMultipleValues = true, MaxDepth = 1000 });
        LogLevel? worst = null;
        var fields = new Fields();
        try
        {
            while (reader.Read())
            {
                switch (reader.TokenType)
                {
                    case JsonTokenType.StartObject when reader.CurrentDepth == 0:
                        fields = new Fields();
                        break;
                    case JsonTokenType.EndObject when reader.CurrentDepth == 0:
                        if (fields.Level is not { } level)
                        {
                            return null;
                        }

                        worst = worst > level ? worst : level;
                        break;
                    case JsonTokenType.PropertyName when reader.CurrentDepth <= 2 && !reader.ValueIsEscaped:
                        fields.Take(ref reader);
                        break;
                    default:
                        break;
                }
            }

            return worst;
        }
        catch (JsonException)
        {
            // A line that was cut, or is no JSON after all: an error that was read is one; that nothing worse follows is not known.
            return worst == LogLevel.Error || fields.Level == LogLevel.Error ? LogLevel.Error : null;
        }
    }

    /// <summary>What is known of the level of one object.</summary>
    private struct Fields()
    {
        private LogLevel? _level;
        private int _rank = None;
        private bool _isInLog;
        private bool _hasTime;
        private bool _hasTemplate;

        /// <summary>The compact form of Serilog leaves the level out where it is information.</summary>
        public readonly LogLevel? Level => _rank == None && _hasTime && _hasTemplate ? LogLevel.Info : _level;

        /// <summary>Takes a field: the reader stands on its name, and on its value afterwards.</summary>
        public void Take(ref Utf8JsonReader reader)
        {
            var depth = reader.CurrentDepth;
            if (depth == 2 && !_isInLog)
            {
                return;
            }

            var name = reader.ValueSpan.Length <= 16 ? Encoding.UTF8.GetString(reader.ValueSpan) : "";
            if (depth == 2)
            {
                Take(name == "level" ? Word : None, ref reader);
                return;
            }

            _isInLog = name == "log";
            _hasTime |= name == "@t";
            _hasTemplate |= name is "@m" or "@mt";
            Take(RankOf(name), ref reader);
        }

        private static int RankOf(string name) => name.ToLowerInvariant() switch
        {
            "level" or "lvl" or "levelname" or "level_name" or "log.level" or "loglevel" or "log_level" or "@l" or "severitytext" or "severity_text" => Word,
            "severity" or "error_severity" => SecondWord,
            "levelno" or "level_number" => PythonNumber,
            "s" => Letter,
            _ => None,
        };

        private void Take(int rank, ref Utf8JsonReader reader)
        {
            if (rank == None || !reader.Read())
            {
                return;
            }

            var level = reader.TokenType switch
            {
                JsonTokenType.String when !reader.ValueIsEscaped && reader.ValueSpan.Length <= 16 && rank is Word or SecondWord => OfWord(Encoding.UTF8.GetString(reader.ValueSpan).Trim()),
                JsonTokenType.String when rank == Letter && reader.ValueSpan.Length is 1 or 2 => OfLetter((char)reader.ValueSpan[0]),
                JsonTokenType.Number when rank is Word && reader.TryGetInt32(out var number) => OfNumber(number, warning: 40),
                JsonTokenType.Number when rank == PythonNumber && reader.TryGetInt32(out var number) => OfNumber(number, warning: 30),
                _ => null,
            };
            var actual = rank == Word && reader.TokenType == JsonTokenType.Number ? Number : rank;
            if (level is not null && actual < _rank)
            {
                (_level, _rank) = (level, actual);
            }
            else if (level is null && rank < Letter)
            {
                // A level that says nothing is not the missing one that means information.
                _rank = Math.Min(_rank, PythonNumber + 1);
            }
        }

        /// <summary>As values of a field there are more words than in a text, where they could be anything: of PostgreSQL and Nest, and of npm.</summary>
        private static LogLevel? OfWord(string word) => word.ToLowerInvariant() is "log" or "http" or "silly" ? LogLevel.Info : LevelWords.Of(word);

        /// <summary>MongoDB: F, E, W, I, D1 to D5.</summary>
        private static LogLevel? OfLetter(char letter) => letter switch
        {
            'F' or 'E' => LogLevel.Error,
            'W' => LogLevel.Warning,
            'I' or 'D' => LogLevel.Info,
            _ => null,
        };

        /// <summary>Tens: pino and bunyan have info 30, warn 40, error 50, fatal 60; Python has info 20, warning 30, error 40, critical 50. Other numbers mean something else in each product.</summary>
        private static LogLevel? OfNumber(int number, int warning) =>
            number is < 10 or > 60 || number % 10 != 0 ? null
            : number > warning ? LogLevel.Error
            : number == warning ? LogLevel.Warning
            : LogLevel.Info;
    }
}
