using System.Collections.Immutable;
using Runbooks.Advisor.Migrations.Sql;

namespace Runbooks.Advisor.Migrations;

/// <summary>Collects the statements of a way, with their places in the file.</summary>
/// <param name="isBack">They are the way back.</param>
internal sealed class StatementList(MigrationText file, bool isBack)
{
    private readonly ImmutableArray<MigrationStatement>.Builder _statements = ImmutableArray.CreateBuilder<MigrationStatement>();

    public MigrationText File => file;

    public MigrationWay Way => new(_statements.ToImmutable());

    public void Add(int start, int end, SqlEffect effect, bool isDeclaredWay = false) =>
        _statements.Add(new MigrationStatement(file.Path, LineOf(start), MigrationStatement.OneLine(file.Text.AsSpan(start, end - start)), effect.Kind, effect.Loss, effect.Why) { IsDeclaredWay = isDeclaredWay, Table = effect.Table, MakesTable = effect.MakesTable, Gone = effect.Gone });

    public void Unknown(int start, int end, string why) => Add(start, end, SqlEffect.Unknown(why));

    public void Irreversible(int start, int end, string why) => Add(start, end, new SqlEffect(MigrationImpact.Irreversible, DataLoss.Unknown, why));

    /// <summary>A statement by which the way is not gone. One that refuses to go forward was never made, and says nothing of taking it back.</summary>
    public void Refuses(int start, int end)
    {
        if (isBack)
        {
            Irreversible(start, end, "it refuses");
        }
        else
        {
            Unknown(start, end, "it refuses");
        }
    }

    /// <summary>SQL that is written in the file.</summary>
    /// <param name="start">Where its text begins there.</param>
    public void Sql(string text, int start) => _statements.AddRange(SqlReading.Read(text, file.Path, LineOf(start)));

    public void AddRange(MigrationWay way) => _statements.AddRange(way.Statements);

    private int LineOf(int at) => file.Text.AsSpan(0, Math.Clamp(at, 0, file.Text.Length)).Count('\n') + 1;
}
