using System.Collections.Immutable;

namespace Runbooks.Advisor.Migrations.Ruby;

/// <summary>Follows <c>change</c> (both ways at once), <c>up</c> or <c>down</c>, as far as it goes straight ahead.</summary>
/// <param name="body">All of the class: its other methods.</param>
/// <param name="forward">Null when only the way back is read.</param>
/// <param name="back">Null when only the way forward is read. Both are given: each command is executed forward, and its inverse back.</param>
internal sealed class RailsBody(ImmutableArray<RbStatement> body, StatementList? forward, StatementList? back)
{
    private const int DeepestCall = 5;
    private int _calls;

    public void Read(RbStatement method) => Block(method.Block ?? [], forward, back, isSure: true);

    private void Block(ImmutableArray<RbStatement> statements, StatementList? there, StatementList? again, bool isSure)
    {
        foreach (var statement in statements)
        {
            if (statement.Word == "return" && !statement.IsConditional && isSure)
            {
                return;
            }

            Statement(statement, there, again, isSure);
        }
    }

    private void Statement(RbStatement statement, StatementList? there, StatementList? again, bool isSure)
    {
        if (statement.Word is "if" or "unless" or "while" or "until" or "case" or "begin" or "for" or "return" || statement.IsConditional)
        {
            Unknown(statement, there, again, "what is executed depends on something that is not read");
            isSure = false;
        }

        switch (statement.Word)
        {
            case "raise" when isSure:
                there?.Refuses(statement.Start, statement.End);
                again?.Refuses(statement.Start, statement.End);
                break;
            case "raise" or "def" or "class" or "return" or "else" or "elsif" or "when" or "rescue" or "ensure" or "in" or "then":
                break;
            case "if" or "unless" or "while" or "until" or "case" or "begin" or "for":
                Block(statement.Block ?? [], there, again, isSure: false);
                break;
            default:
                if (RbCall.Of(statement) is { } call)
                {
                    Call(call, there, again, isSure);
                }
                else
                {
                    Unknown(statement, there, again, "it is not understood");
                }

                break;
        }
    }

    private void Call(RbCall call, StatementList? there, StatementList? again, bool isSure)
    {
        var statement = call.Statement;
        switch (call.Name)
        {
            case "reversible" or "safety_assured" or "suppress_messages" or "say_with_time" or "transaction":
                Block(statement.Block ?? [], there, again, isSure);
                break;
            case "up_only":
                Block(statement.Block ?? [], there, null, isSure);
                break;
            // dir.up and dir.down inside of reversible
            case "up" when call.On.Length > 0 && statement.Block is { } block:
                Block(block, there, null, isSure);
                break;
            case "down" when call.On.Length > 0 && statement.Block is { } block:
                Block(block, null, again, isSure);
                break;
            case "say" or "puts" or "reset_column_information" or "disable_ddl_transaction!":
                break;
            case "execute" when call.On is "" or "connection" or "ActiveRecord.Base.connection":
                Execute(call, there, again);
                break;
            case "change_table" or "change_table_bulk":
                Table(statement, there, again);
                break;
            default:
                Command(call, there, again);
                break;
        }
    }

    private void Command(RbCall call, StatementList? there, StatementList? again)
    {
        if (call.On.Length == 0 && RailsCommands.Of(call) is { } command)
        {
            Add(call.Statement, NameOf(call), command, there, again);
        }
        else if (call is { On: "", Words: [], Named: [] } && _calls < DeepestCall && body.LastOrDefault(s => s.Defines == call.Name && s.Tokens.Length == 2) is { Block: { } block })
        {
            _calls++;
            Block(block, there, again, isSure: true);
            _calls--;
        }
        else
        {
            Unknown(call.Statement, there, again, "it runs code that is not read");
        }
    }

    /// <param name="table">That is named first; empty when it is computed.</param>
    private static void Add(RbStatement statement, string table, RailsCommand command, StatementList? there, StatementList? again)
    {
        // In up and in down a command is simply executed; only change has inverses.
        if ((there is null ? again : there) is { } executed && command.There is { } effect)
        {
            executed.Add(statement.Start, statement.End, effect.On(table));
        }

        if (there is not null && command.Refusal is { } why)
        {
            again?.Irreversible(statement.Start, statement.End, why);
        }
        else if (there is not null && command.Again is { } inverse)
        {
            again?.Add(statement.Start, statement.End, inverse);
        }
    }

    private static void Execute(RbCall call, StatementList? there, StatementList? again)
    {
        var statement = call.Statement;
        var executed = there ?? again;
        if (call.Words is [[{ Kind: RbTokenKind.Text, Value: { } sql } text, .. var rest], ..] && (rest.IsEmpty || rest is [{ Value: "." }, { Value: "squish" or "strip" or "strip_heredoc" or "chomp" }]))
        {
            executed?.Sql(sql, text.Start);
        }
        else
        {
            executed?.Unknown(statement.Start, statement.End, "the SQL that it executes is computed");
        }

        if (there is not null)
        {
            again?.Irreversible(statement.Start, statement.End, "Rails does not know the inverse of execute");
        }
    }

    /// <summary>change_table: what is done with <c>t</c> are commands of the table.</summary>
    private static void Table(RbStatement statement, StatementList? there, StatementList? again)
    {
        var table = RbCall.Of(statement) is { } outer ? NameOf(outer) : "";
        foreach (var inner in statement.Block ?? [])
        {
            if (inner.IsConditional || RbCall.Of(inner) is not { On.Length: > 0 } call)
            {
                Unknown(inner, there, again, "it is not understood");
            }
            else
            {
                Add(inner, table, RailsCommands.OfTable(call), there, again);
            }
        }
    }

    private static string NameOf(RbCall call) => call.Words is [[{ Kind: RbTokenKind.Symbol or RbTokenKind.Text, Value: { } name }], ..] ? name : "";

    private static void Unknown(RbStatement statement, StatementList? there, StatementList? again, string why)
    {
        there?.Unknown(statement.Start, statement.End, why);
        again?.Unknown(statement.Start, statement.End, why);
    }
}
