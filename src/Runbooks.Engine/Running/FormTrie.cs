using System.Text;

namespace Runbooks.Engine.Running;

/// <summary>Byte strings, of which the longest that begins at a place is found by one walk. Immutable.</summary>
/// <remarks>Nodes lie in arrays, a node's children in a chain: a key of some kilobytes in all of its forms makes a hundred thousand of them.</remarks>
internal sealed class FormTrie
{
    private readonly bool _wraps;
    private readonly int[] _roots = new int[256];
    private readonly List<byte> _labels = [0];
    private readonly List<int> _children = [0];
    private readonly List<int> _siblings = [0];
    private readonly List<bool> _ends = [false];

    /// <param name="wraps">One line break may stand between two bytes of a form, after its first <see cref="SecretForms.BreakFrom"/>.</param>
    public FormTrie(IEnumerable<string> forms, bool wraps)
    {
        _wraps = wraps;
        foreach (var form in forms)
        {
            Add(Encoding.UTF8.GetBytes(form));
        }
    }

    /// <summary>The most bytes that a form can take, breaks included.</summary>
    public int Longest { get; private set; }

    /// <summary>Whether any form begins with this byte.</summary>
    public bool CanBegin(byte first) => _roots[first] != 0;

    /// <summary>The length of the longest form at the beginning of the bytes, else 0.</summary>
    /// <param name="isOpen">The bytes ended where a longer form was still possible.</param>
    public int Match(ReadOnlySpan<byte> bytes, out bool isOpen)
    {
        var (node, depth, length, at) = (_roots[bytes[0]], 1, 0, 1);
        isOpen = false;
        while (node != 0)
        {
            length = _ends[node] ? at : length;
            var children = _children[node];
            if (children == 0)
            {
                return length;
            }

            if (_wraps && depth >= SecretForms.BreakFrom)
            {
                at += at < bytes.Length && bytes[at] == '\r' ? 1 : 0;
                at += at < bytes.Length && bytes[at] == '\n' ? 1 : 0;
            }

            if (at == bytes.Length)
            {
                isOpen = true;
                return length;
            }

            node = Find(children, bytes[at]);
            at++;
            depth++;
        }

        return length;
    }

    private int Find(int node, byte label)
    {
        while (node != 0 && _labels[node] != label)
        {
            node = _siblings[node];
        }

        return node;
    }

    private void Add(byte[] form)
    {
        Longest = Math.Max(Longest, _wraps ? form.Length * 3 : form.Length);
        var node = _roots[form[0]];
        if (node == 0)
        {
            node = _roots[form[0]] = Node(form[0], sibling: 0);
        }

        foreach (var b in form.AsSpan(1))
        {
            var next = Find(_children[node], b);
            if (next == 0)
            {
                next = Node(b, _children[node]);
                _children[node] = next;
            }

            node = next;
        }

        _ends[node] = true;
    }

    private int Node(byte label, int sibling)
    {
        _labels.Add(label);
        _children.Add(0);
        _siblings.Add(sibling);
        _ends.Add(false);
        return _labels.Count - 1;
    }
}
