using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using Runbooks.Builtin.Databases;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Fields;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.MySql;

/// <summary>Where the programs of MySQL or MariaDB run, and to which server they connect.</summary>
public sealed partial record MySqlPlace : DatabasePlace
{
    internal const string Programs = "programs";

    private MySqlPlace((string Database, ImmutableArray<string> Entry, ImmutableArray<string> Options, ImmutableArray<EnvironmentAddition> Environment) read, string client)
        : base(read.Database, read.Entry, read.Options, read.Environment) => Client = client;

    public override string Client { get; }

    public override SqlDialect Dialect => SqlDialect.MySql;

    /// <summary>The program that writes dumps.</summary>
    public string Dumper => Client == "mariadb" ? "mariadb-dump" : "mysqldump";

    /// <inheritdoc cref="DatabasePlace.Fields(string, string, string)"/>
    public static ImmutableArray<Field> Fields(string database) =>
    [
        .. Fields(database, "MySQL or MariaDB", "its socket (an absolute path)"),
        ProgramsField,
    ];

    internal static Field ProgramsField =>
        new(Programs, FieldShape.Choice, "how the programs are called there: mysql and mysqldump, or mariadb and mariadb-dump, which is all that newer images of MariaDB have") { Choices = ["mysql", "mariadb"], Default = "mysql", AllowsTemplates = false };

    /// <inheritdoc cref="DatabasePlace.ReadPlace"/>
    public static MySqlPlace? Read(Inputs inputs, PlanContext context)
    {
        // A path is a socket for them, and has an option of its own.
        if (ReadPlace(inputs, context, "MYSQL_PWD", "--user", host => host.StartsWith('/') ? $"--socket={host}" : $"--host={host}") is not { } read)
        {
            return null;
        }

        if (!Name().IsMatch(read.Database))
        {
            context.Report(DatabaseDiagnostics.BadName, inputs.SpanOf(DatabaseName), $"'{read.Database}' is not a name that can be written into SQL without quotes", "letters, digits, '_', '$' and '-', and no '-' at its begin");
            return null;
        }

        return new MySqlPlace(read, inputs.Choice(Programs));
    }

    /// <summary>A start of the client with one statement, whose answer is a value in a line.</summary>
    /// <param name="database">The one that it works in; null for none.</param>
    public ProgramStart Ask(PlanContext context, string? database, string statement) =>
        Start(context, Client, [.. Options, "--batch", "--skip-column-names", .. database is null ? Array.Empty<string>() : [$"--database={database}"], $"--execute={statement}"]);

    /// <remarks>
    /// No transaction of the session can write, not only the one in which it is asked. MariaDB and MySQL call their limits of time differently: each sees its own, and
    /// takes the other for a comment.
    /// </remarks>
    public override ProgramStart Asking(PlanContext context, DatabaseQuery query) =>
        Start(context, Client, [.. Options, "--batch", "--skip-column-names", "--default-character-set=utf8mb4", $"--database={Database}"]) with
        {
            StandardInput = Asked(query),
        };

    public override Rendered Asked(DatabaseQuery query) => Rendered.Of(
    [
        .. Rendered.Literal(
            $"SET SESSION TRANSACTION READ ONLY;\nSET SESSION lock_wait_timeout = {Seconds(query.LockTimeout)}, innodb_lock_wait_timeout = {Seconds(query.LockTimeout)}, sql_select_limit = {query.Rows};\n"
            + $"/*M! SET SESSION max_statement_time = {Seconds(query.Timeout)} */;\n/*!50708 SET SESSION max_execution_time = {(long)query.Timeout.TotalMilliseconds} */;\n").Parts,
        .. query.Values.SelectMany(v => (RenderedPart[])[.. Rendered.Literal($"SET @{v.Key} = ").Parts, .. Literal(v.Value), .. Rendered.Literal(";\n").Parts]),
        .. Rendered.Literal($"START TRANSACTION READ ONLY;\n{query.Text}\n;\nROLLBACK;\n").Parts,
    ]);

    public override ImmutableArray<DatabaseRow> Rows(string output) =>
        [.. output.Split('\n')[..^1].Select(r => new DatabaseRow([.. r.Split('\t').Select(Unescaped)]))];

    /// <summary>In hexadecimal: whatever the server thinks of quotes and backslashes, it is a text and nothing else.</summary>
    private static ImmutableArray<RenderedPart> Literal(Rendered value) => value.IsKnown
        ? Rendered.Literal($"CONVERT(X'{Convert.ToHexString(Encoding.UTF8.GetBytes(value.Reveal()))}' USING utf8mb4)").Parts
        : value.Parts;

    /// <summary>Whole seconds, and at least one.</summary>
    private static long Seconds(TimeSpan time) => Math.Max(1, (long)Math.Ceiling(time.TotalSeconds));

    /// <summary>What the client writes in place of what would end a value or a row.</summary>
    private static string Unescaped(string field)
    {
        if (!field.Contains('\\', StringComparison.Ordinal))
        {
            return field;
        }

        var text = new StringBuilder(field.Length);
        for (var i = 0; i < field.Length; i++)
        {
            text.Append(field[i] != '\\' || i + 1 == field.Length ? field[i] : field[++i] switch
            {
                'n' => '\n',
                't' => '\t',
                '0' => '\0',
                var other => other,
            });
        }

        return text.ToString();
    }

    [GeneratedRegex(@"\A[a-zA-Z0-9_$][a-zA-Z0-9_$-]*\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Name();
}
