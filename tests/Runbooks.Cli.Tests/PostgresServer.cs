using CliWrap;
using CliWrap.Buffered;

namespace Runbooks.Cli.Tests;

/// <summary>A PostgreSQL server of its own: a fresh cluster in a folder, reached by a socket in that folder and by nothing else. Ended and removed after the tests.</summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private const string Password = "t0p-s3cret-of-the-role";
    private const int Port = 5432;

    private string? _programs;
    private string _folder = "";

    /// <summary>The folder of its programs.</summary>
    internal string Programs => _programs ?? "";

    /// <summary>The folder of its socket.</summary>
    internal string Socket => Path.Combine(_folder, "socket");

    /// <summary>The password of the role <c>locked</c>, which cannot connect without it.</summary>
    internal static string Secret => Password;

    public async ValueTask InitializeAsync()
    {
        _programs = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").Select(d => Path.Combine(d, "bin")).Where(d => File.Exists(Path.Combine(d, "initdb"))).Order(StringComparer.Ordinal).LastOrDefault()
            : null;
        if (_programs is null || !OperatingSystem.IsLinux())
        {
            return;
        }

        // A socket's path has at most 107 bytes.
        _folder = Directory.CreateTempSubdirectory("rbpg-").FullName;
        Directory.CreateDirectory(Socket);
        if (Environment.UserName == "root")
        {
            await RunAsync("chown", "-R", "postgres", _folder);
            await RunAsync("chmod", "755", _folder);
        }

        var data = Path.Combine(_folder, "data");
        await AsPostgresAsync(Path.Combine(_programs, "initdb"), "--pgdata", data, "--auth-local=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "--username=postgres");
        await AsPostgresAsync("sh", "-c", $"printf 'local all locked scram-sha-256\\nlocal all all trust\\n' >{data}/pg_hba.conf");
        await AsPostgresAsync(
            Path.Combine(_programs, "pg_ctl"), "--pgdata", data, "--wait", "--log", Path.Combine(_folder, "log"),
            "--options", $"-c listen_addresses='' -c unix_socket_directories='{Socket}' -c port={Port} -c fsync=off", "start");
        await SqlAsync("postgres", $"CREATE ROLE locked LOGIN SUPERUSER PASSWORD '{Password}'");
    }

    public async ValueTask DisposeAsync()
    {
        if (_folder.Length > 0)
        {
            await AsPostgresAsync(Path.Combine(_programs ?? "", "pg_ctl"), "--pgdata", Path.Combine(_folder, "data"), "--mode=immediate", "--wait", "stop");
            Directory.Delete(_folder, recursive: true);
        }
    }

    /// <summary>A project whose environment leads to this server, with a database of its own that has a table.</summary>
    internal async Task<(Project Project, string Database)> OpenAsync(bool withTable = true)
    {
        Assert.SkipWhen(_folder.Length == 0, "needs the programs of a PostgreSQL server below /usr/lib/postgresql");
        var project = new Project().Set("PGHOST", Socket).Set("PGPORT", $"{Port}").Set("PGUSER", "postgres").Set("PGPASSWORD", null);
        var database = $"db{Guid.NewGuid():N}"[..12];
        await SqlAsync("postgres", $"CREATE DATABASE {database}");
        if (withTable)
        {
            await SqlAsync(database, "CREATE TABLE orders (id int primary key, note text); INSERT INTO orders SELECT i, 'order ' || i || md5(i::text) FROM generate_series(1, 20000) i");
        }

        return (project, database);
    }

    /// <summary>What a query answers, fields by '|', rows by lines.</summary>
    internal async Task<string> SqlAsync(string database, string sql)
    {
        var result = await CliWrap.Cli.Wrap("psql")
            .WithArguments(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1", $"--host={Socket}", $"--port={Port}", "--username=postgres", $"--dbname={database}", $"--command={sql}"])
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(TestContext.Current.CancellationToken);
        Assert.True(result.ExitCode == 0, result.StandardError);
        return result.StandardOutput.Trim();
    }

    internal async Task<bool> HasAsync(string database) => await SqlAsync("postgres", $"SELECT count(*) FROM pg_database WHERE datname = '{database}'") == "1";

    private static Task AsPostgresAsync(params string[] words) =>
        // The server refuses to run as root.
        Environment.UserName == "root" ? RunAsync("setpriv", ["--reuid=postgres", "--regid=postgres", "--init-groups", .. words]) : RunAsync(words[0], words[1..]);

    private static async Task RunAsync(string program, params string[] words)
    {
        // A server keeps the pipes of the one who started it: what is said goes nowhere.
        var result = await CliWrap.Cli.Wrap(program).WithArguments(words).WithWorkingDirectory("/").WithValidation(CommandResultValidation.None).ExecuteAsync();
        Assert.True(result.ExitCode == 0, $"{program} {string.Join(' ', words)}: exit {result.ExitCode}");
    }
}
