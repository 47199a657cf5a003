using System.Collections.Immutable;
using Runbooks.Advisor.Migrations.Sql;

namespace Runbooks.Advisor.Migrations.Python;

/// <summary>Follows <c>upgrade()</c> or <c>downgrade()</c>, as far as it goes straight ahead.</summary>
internal sealed class AlembicBody
{
    /// <summary>Functions that call functions; what lies deeper is not followed.</summary>
    private const int DeepestCall = 5;

    private readonly StatementList _statements;
    private readonly ImmutableArray<PyStatement> _module;
    /// <summary>Names that stand for the operations, with the table of their batch; empty outside of one.</summary>
    private readonly Dictionary<string, string> _operations = new(StringComparer.Ordinal) { ["op"] = "" };
    private readonly HashSet<string> _connections = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PyText?> _texts = new(StringComparer.Ordinal);
    private readonly HashSet<string> _types = new(StringComparer.Ordinal);
    private int _calls;

    /// <param name="module">All of the file: its constants and its other functions.</param>
    public AlembicBody(StatementList statements, ImmutableArray<PyStatement> module)
    {
        (_statements, _module) = (statements, module);
        foreach (var statement in module)
        {
            // from alembic import op as x
            if (statement.Word == "from" && statement.Tokens is [_, { Value: "alembic" }, _, { Value: "op" }, { Value: "as" }, { Value: { } alias }])
            {
                _operations[alias] = "";
            }

            Remember(statement);
        }
    }

    /// <param name="function">Its definition.</param>
    public void Read(PyStatement function) => Block(function.Block, isSure: true);

    /// <param name="isSure">It is executed in any case.</param>
    /// <returns>False when what comes after it is not executed.</returns>
    private bool Block(ImmutableArray<PyStatement> block, bool isSure)
    {
        foreach (var statement in block)
        {
            if (!Statement(statement, isSure))
            {
                return false;
            }
        }

        return true;
    }

    private bool Statement(PyStatement statement, bool isSure)
    {
        switch (statement.Word)
        {
            case "pass" or "import" or "from" or "global" or "nonlocal" or "def" or "class":
                return true;
            case "raise" when isSure:
                _statements.Refuses(statement.Start, statement.End);
                return false;
            case "raise":
                _statements.Unknown(statement.Start, statement.End, "it may refuse");
                return false;
            case "return":
                Effect(statement, 1);
                return false;
            case "with":
                return With(statement, isSure);
            case "if" or "for" or "while" or "try" or "match" or "async":
                _statements.Unknown(statement.Start, statement.End, "what is executed depends on something that is not read");
                Block(statement.Block, isSure: false);
                return true;
            case "elif" or "else" or "except" or "finally" or "case":
                Block(statement.Block, isSure: false);
                return true;
            default:
                Remember(statement);
                Effect(statement, statement.Assigns?.Value ?? 0);
                return true;
        }
    }

    /// <summary>What a name stands for from here on.</summary>
    private void Remember(PyStatement statement)
    {
        if (statement.Assigns is not { } assigns)
        {
            return;
        }

        var value = PyParser.Read(statement.Tokens[assigns.Value..]);
        // Two values: which of them counts where is not followed.
        _texts[assigns.Name] = _texts.ContainsKey(assigns.Name) ? null : value as PyText ?? (value is PyCall { Last: "text", Words: [PyText inner] } ? inner : null);
        if (value is PyCall call)
        {
            (IsConnection(call) ? _connections : IsType(call) ? _types : []).Add(assigns.Name);
        }
    }

    private bool With(PyStatement statement, bool isSure)
    {
        var (alias, end) = statement.Tokens is [.., { Value: "as" }, { Kind: PyTokenKind.Name, Value: { } name }] ? (name, statement.Tokens.Length - 2) : ("", statement.Tokens.Length);
        var context = PyParser.Read(statement.Tokens[1..end]);
        if (context is PyCall { On: null, Last: "batch_alter_table" } batch && _operations.ContainsKey(batch.Owner))
        {
            _operations[alias] = batch.Get(0, "table_name") is PyText { Value: { } table } ? table : "";
        }
        else if (context is not PyCall { Last: "autocommit_block", On: PyCall { Last: "get_context" } })
        {
            _statements.Unknown(statement.Start, statement.End, "what is done around it is not known");
        }

        return Block(statement.Block, isSure);
    }

    private void Effect(PyStatement statement, int from)
    {
        if (from >= statement.Tokens.Length)
        {
            return;
        }

        var expression = PyParser.Read(statement.Tokens[from..]);
        if (expression is PyCall call)
        {
            foreach (var effect in Call(call))
            {
                _statements.Add(statement.Start, statement.End, effect);
            }
        }
        else if ((expression is PyOther && statement.Assigns is null && !statement.Tokens[from].IsSign("...")) || !IsHarmless(statement, from))
        {
            _statements.Unknown(statement.Start, statement.End, "it is not understood");
        }
    }

    /// <summary>A value that is made of parts of SQLAlchemy, and executed later if at all.</summary>
    private static bool IsHarmless(PyStatement statement, int from)
    {
        for (var i = from; i + 1 < statement.Tokens.Length; i++)
        {
            // What is called by no name is called by an expression.
            if (statement.Tokens[i + 1].IsSign("(") && (statement.Tokens[i].Kind == PyTokenKind.Name || statement.Tokens[i].Depth < 0)
                && !(i >= 2 && statement.Tokens[i - 1].IsSign(".") && statement.Tokens[i - 2].Value is "sa" or "sqlalchemy" or "postgresql" or "mysql"))
            {
                return false;
            }
        }

        return true;
    }

    private IEnumerable<SqlEffect> Call(PyCall call)
    {
        if (IsConnection(call) || IsType(call) || call is { On: null, Owner: "sa" or "sqlalchemy" or "postgresql" or "mysql" } or { On: null, Name: "print" or "table" or "column" or "text" }
            || call is { On: null, Owner: "log" or "logger" or "logging" } || (call is { On: null, Last: "get_context" or "f" } && _operations.ContainsKey(call.Owner)))
        {
            return [];
        }

        if (call is { On: null, Last: "execute" } && (_operations.ContainsKey(call.Owner) || _connections.Contains(call.Owner)))
        {
            return Execute(call);
        }

        if (call is { Name: "execute", On: PyCall on } && IsConnection(on))
        {
            return Execute(call);
        }

        if (call.On is null && _operations.TryGetValue(call.Owner, out var batch))
        {
            return AlembicOperations.Effects(call, batch);
        }

        if (call is { Last: "create" or "drop" } && (call.On is PyCall type ? IsType(type) : _types.Contains(call.Owner)))
        {
            return [call.Last == "create" ? SqlEffect.Additive("it adds a type") : SqlEffect.Takes("the type is gone")];
        }

        return call.On is null && call.Owner.Length == 0 && _module.LastOrDefault(s => s.Defines("def") == call.Name) is { } function && Follow(function)
            ? []
            : [SqlEffect.Unknown("what it does is not known")];
    }

    private bool Follow(PyStatement function)
    {
        // What its parameters are is not followed.
        if (_calls >= DeepestCall || function.Tokens is not [.., { Value: "(" }, { Value: ")" }])
        {
            return false;
        }

        _calls++;
        Block(function.Block, isSure: true);
        _calls--;
        return true;
    }

    private bool IsConnection(PyCall call) => call is { On: null, Last: "get_bind" } && _operations.ContainsKey(call.Owner);

    private static bool IsType(PyCall call) => call is { On: null, Last: "Enum" or "ENUM" or "Sequence" };

    private IEnumerable<SqlEffect> Execute(PyCall call)
    {
        var what = call.Get(0, "sqltext");
        what = what is PyCall { Last: "text", Words: [var inner, ..] } ? inner : what is PyCall { Name: "format" } ? null : what;
        if ((what is PyName { Path: var name } ? _texts.GetValueOrDefault(name) : what as PyText) is { Value: { } sql, Start: var start })
        {
            _statements.Sql(sql, start);
            return [];
        }

        // An expression of SQLAlchemy: users.update().where(…).values(…)
        var methods = new List<string>();
        for (var on = what as PyCall; on is not null; on = on.On as PyCall)
        {
            methods.Add(on.Last);
        }

        return [methods.Any(m => m is "update" or "delete") ? SqlEffect.Loses("the values that it writes over or deletes are in no other place")
            : methods.Contains("insert") ? SqlEffect.Additive("it adds rows")
            : SqlEffect.Unknown("the SQL that it executes is computed")];
    }
}
