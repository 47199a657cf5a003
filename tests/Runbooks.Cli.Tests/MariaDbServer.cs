using CliWrap;
using CliWrap.Buffered;

namespace Runbooks.Cli.Tests;

/// <summary>A MariaDB server of its own: fresh tables in a folder, reached by a socket in that folder and by nothing else. Ended and removed after the tests.</summary>
public sealed class MariaDbServer : IAsyncLifetime
{
    private const string Programs = "/usr/sbin/mariadbd";

    private string _folder = "";
    private Task _server = Task.CompletedTask;

    internal string Socket => Path.Combine(_folder, "s");

    /// <summary>The password of the user <c>locked</c>, who cannot connect without it.</summary>
    internal static string Secret => "t0p-s3cret-of-the-user";

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Programs) || !OperatingSystem.IsLinux())
        {
            return;
        }

        // A socket's path has at most 107 bytes.
        _folder = Directory.CreateTempSubdirectory("rbmy-").FullName;
        var data = Path.Combine(_folder, "data");
        string[] user = Environment.UserName == "root" ? ["--user=mysql"] : [];
        if (user.Length > 0)
        {
            (await RunAsync("chown", "mysql", _folder)).Expect();
        }

        (await RunAsync("mariadb-install-db", ["--no-defaults", $"--datadir={data}", "--auth-root-authentication-method=normal", "--skip-test-db", .. user])).Expect();
        var ready = new TaskCompletionSource();
        _server = CliWrap.Cli.Wrap(Programs)
            .WithArguments(["--no-defaults", $"--datadir={data}", $"--socket={Socket}", "--skip-networking", $"--pid-file={_folder}/pid", "--innodb-flush-log-at-trx-commit=0", .. user])
            .WithWorkingDirectory("/")
            .WithStandardErrorPipe(PipeTarget.ToDelegate(line => _ = line.Contains("ready for connections", StringComparison.Ordinal) && ready.TrySetResult()))
            .WithValidation(CommandResultValidation.None)
            .ExecuteAsync();
        Assert.True(await Task.WhenAny(ready.Task, _server) == ready.Task, "the server ended before it was ready");
        await SqlAsync("mysql", $"CREATE USER locked@localhost IDENTIFIED BY '{Secret}'; GRANT ALL ON *.* TO locked@localhost");
    }

    public async ValueTask DisposeAsync()
    {
        if (_folder.Length > 0)
        {
            (await RunAsync("mariadb-admin", "--no-defaults", $"--socket={Socket}", "--user=root", "shutdown")).Expect();
            await _server;
            Directory.Delete(_folder, recursive: true);
        }
    }

    /// <summary>A project, and a database of its own that has a table, a view, a trigger and a procedure.</summary>
    internal async Task<(Project Project, string Database)> OpenAsync(bool withTable = true)
    {
        Assert.SkipWhen(_folder.Length == 0, "needs the programs of a MariaDB server");
        var database = $"db{Guid.NewGuid():N}"[..12];
        await SqlAsync("mysql", $"CREATE DATABASE {database}");
        // What a procedure says can look like anything that a dump holds.
        await SqlAsync(database, "CREATE PROCEDURE says() SELECT '\n-- Dump completed on\nCREATE TABLE `it` (\n'");
        if (withTable)
        {
            await SqlAsync(database, "CREATE TABLE orders (id int primary key, note text, raw blob) ENGINE=InnoDB; INSERT INTO orders SELECT seq, concat('order ', seq, '\\n-- Dump completed ', md5(seq)), unhex(md5(seq)) FROM seq_1_to_5000; "
                + "CREATE VIEW few AS SELECT id FROM orders WHERE id < 10; CREATE PROCEDURE one() SELECT 1; CREATE TRIGGER t BEFORE INSERT ON orders FOR EACH ROW SET NEW.note = concat(NEW.note, '!')");
        }

        return (new Project(), database);
    }

    /// <summary>What a query answers, fields by tabs, rows by lines.</summary>
    internal async Task<string> SqlAsync(string database, string sql)
    {
        var result = await RunAsync("mariadb", "--no-defaults", $"--socket={Socket}", "--user=root", "--batch", "--skip-column-names", $"--database={database}", $"--execute={sql}");
        return result.Expect().StandardOutput.Trim();
    }

    internal async Task<bool> HasAsync(string database) => await SqlAsync("mysql", $"SELECT count(*) FROM information_schema.schemata WHERE schema_name = '{database}'") == "1";

    private static async Task<BufferedCommandResult> RunAsync(string program, params string[] words) =>
        await CliWrap.Cli.Wrap(program).WithArguments(words).WithWorkingDirectory("/").WithValidation(CommandResultValidation.None).ExecuteBufferedAsync();
}

/// <summary>The end of a program that must not fail.</summary>
internal static class BufferedResults
{
    internal static BufferedCommandResult Expect(this BufferedCommandResult result)
    {
        Assert.True(result.ExitCode == 0, result.StandardError + result.StandardOutput);
        return result;
    }
}
