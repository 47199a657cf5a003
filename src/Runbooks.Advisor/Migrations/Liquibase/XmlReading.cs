using System.Collections.Immutable;
using System.Net;
using System.Text;

namespace Runbooks.Advisor.Migrations.Liquibase;

/// <summary>Reads as much of XML as a change log has. The framework's reader would be most of the program's start.</summary>
internal sealed class XmlReading
{
    private readonly string _text;
    private readonly Stack<Open> _open = new();
    private ChangeNode? _root;
    private int _at;

    private XmlReading(string text) => _text = text;

    /// <summary>Null when it is not well-formed.</summary>
    public static ChangeNode? Read(string text) => new XmlReading(text).All();

    private ChangeNode? All()
    {
        while (_at < _text.Length)
        {
            var isRead = _text[_at] != '<' ? Characters()
                : Ahead("<!--") ? SkipTo("-->", 4)
                : Ahead("<![CDATA[") ? Section()
                : Ahead("<?") ? SkipTo("?>", 2)
                : Ahead("<!") ? SkipTo(">", 2)
                : Ahead("</") ? Close()
                : Element();
            if (!isRead)
            {
                return null;
            }
        }

        return _open.Count == 0 ? _root : null;
    }

    private bool SkipTo(string end, int from)
    {
        var found = _at + from <= _text.Length ? _text.IndexOf(end, _at + from, StringComparison.Ordinal) : -1;
        _at = found < 0 ? _text.Length : found + end.Length;
        return found >= 0;
    }

    private bool Characters()
    {
        var end = _text.IndexOf('<', _at) is >= 0 and var next ? next : _text.Length;
        if (_open.TryPeek(out var open))
        {
            open.Add(WebUtility.HtmlDecode(_text[_at..end]), _at);
        }

        _at = end;
        return true;
    }

    private bool Section()
    {
        var began = _at + 9;
        if (!SkipTo("]]>", 9) || !_open.TryPeek(out var open))
        {
            return false;
        }

        open.Add(_text[began..(_at - 3)], began);
        return true;
    }

    private bool Element()
    {
        var start = _at++;
        var name = Name();
        var attributes = ImmutableArray.CreateBuilder<(string, string)>();
        while (name.Length > 0 && _at < _text.Length)
        {
            if (char.IsWhiteSpace(_text[_at]))
            {
                _at++;
            }
            else if (_text[_at] == '>' || Ahead("/>"))
            {
                var isEmpty = _text[_at] == '/';
                _at += isEmpty ? 2 : 1;
                _open.Push(new Open(Local(name), attributes.ToImmutable(), start, _at));
                return !isEmpty || Done();
            }
            else if (Attribute() is { } attribute)
            {
                attributes.Add(attribute);
            }
            else
            {
                return false;
            }
        }

        return false;
    }

    private (string Name, string Value)? Attribute()
    {
        var name = Name();
        SkipSpaces();
        if (name.Length == 0 || _at >= _text.Length || _text[_at++] != '=')
        {
            return null;
        }

        SkipSpaces();
        if (_at >= _text.Length || _text[_at] is not ('"' or '\'') || _text.IndexOf(_text[_at], _at + 1) is not (>= 0 and var end))
        {
            return null;
        }

        var value = WebUtility.HtmlDecode(_text[(_at + 1)..end]);
        _at = end + 1;
        return (Local(name), value);
    }

    private bool Close()
    {
        _at += 2;
        var name = Local(Name());
        SkipSpaces();
        return _at < _text.Length && _text[_at++] == '>' && _open.TryPeek(out var open) && open.Name == name && Done();
    }

    private bool Done()
    {
        var node = _open.Pop().Node();
        if (_open.TryPeek(out var parent))
        {
            parent.Children.Add(node);
            return true;
        }

        var isFirst = _root is null;
        _root ??= node;
        return isFirst;
    }

    private void SkipSpaces()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
        {
            _at++;
        }
    }

    private string Name()
    {
        var start = _at;
        while (_at < _text.Length && (char.IsLetterOrDigit(_text[_at]) || _text[_at] is '_' or '-' or '.' or ':'))
        {
            _at++;
        }

        return _text[start.._at];
    }

    private static string Local(string name) => name[(name.IndexOf(':') + 1)..];

    private bool Ahead(string text) => string.CompareOrdinal(_text, _at, text, 0, text.Length) == 0;

    /// <summary>An element that is not closed yet.</summary>
    private sealed class Open(string name, ImmutableArray<(string, string)> attributes, int start, int end)
    {
        private readonly StringBuilder _characters = new();
        private int _began = -1;

        public string Name => name;

        public ImmutableArray<ChangeNode>.Builder Children { get; } = ImmutableArray.CreateBuilder<ChangeNode>();

        public void Add(string characters, int at)
        {
            _began = _began < 0 ? at : _began;
            _characters.Append(characters);
        }

        public ChangeNode Node() => new(name, attributes, Children.ToImmutable(), _characters.ToString(), start, end, Math.Max(_began, start));
    }
}
