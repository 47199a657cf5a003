using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Runbooks.Builtin.Databases;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Fields;

namespace Runbooks.Builtin.MySql;

/// <summary>Where the programs of MySQL or MariaDB run, and to which server they connect.</summary>
public sealed partial record MySqlPlace : DatabasePlace
{
    private const string Programs = "programs";

    private MySqlPlace((string Database, ImmutableArray<string> Entry, ImmutableArray<string> Options, ImmutableArray<EnvironmentAddition> Environment) read, string client)
        : base(read.Database, read.Entry, read.Options, read.Environment) => Client = client;

    /// <summary>The client program.</summary>
    public string Client { get; }

    /// <summary>The program that writes dumps.</summary>
    public string Dumper => Client == "mariadb" ? "mariadb-dump" : "mysqldump";

    /// <inheritdoc cref="DatabasePlace.Fields(string, string, string)"/>
    public static ImmutableArray<Field> Fields(string database) =>
    [
        .. Fields(database, "MySQL or MariaDB", "its socket (an absolute path)"),
        new Field(Programs, FieldShape.Choice, "how the programs are called there: mysql and mysqldump, or mariadb and mariadb-dump, which is all that newer images of MariaDB have") { Choices = ["mysql", "mariadb"], Default = "mysql", AllowsTemplates = false },
    ];

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

    [GeneratedRegex(@"\A[a-zA-Z0-9_$][a-zA-Z0-9_$-]*\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Name();
}
