using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Runbooks.Engine.Ports;
using Runbooks.Language.Projects;

namespace Runbooks.Builtin.Projects;

/// <summary>The text of a project file, made from what is found in a folder, and what of it was guessed.</summary>
public sealed record GuessedProject(string Text, ImmutableArray<string> Found);

/// <summary>Makes a project file from what is found in a folder. It reads, and computes nothing: what it cannot know stands in the text as a comment.</summary>
public static partial class ProjectGuess
{
    private static readonly ImmutableArray<string> Databases = ["postgres", "postgis", "timescaledb", "mysql", "mariadb", "mongo", "redis", "valkey", "memcached", "elasticsearch", "opensearch", "clickhouse", "cassandra", "rabbitmq", "minio", "influxdb"];
    private static readonly ImmutableArray<string> Proxies = ["nginx", "traefik", "haproxy", "caddy", "envoy", "httpd"];

    /// <returns>The text; or why there is nothing to make one from.</returns>
    public static (GuessedProject? Guessed, string Problem) In(string folder, IFiles files)
    {
        var names = ComposeServices.FilesIn(folder, files);
        if (names.IsEmpty)
        {
            return (null, $"there is no Compose file in {folder}: compose.yaml, compose.yml, docker-compose.yml or docker-compose.yaml");
        }

        var (services, problem) = ComposeServices.In(names.Select(n => Path.Combine(folder, n)), files);
        if (problem is not null || services.IsEmpty)
        {
            return (null, problem ?? $"{names[0]} holds no services");
        }

        var (text, found) = (new StringBuilder(), ImmutableArray.CreateBuilder<string>());
        text.Append("# What this project is: for releases, for verifying them and for finding the way back.\n# Written from what was found in the folder: read it, and put right what was guessed wrong.\nproject: v1\n\ncompose:\n");
        text.Append($"  files: [{string.Join(", ", names)}]\n");
        found.Add($"Compose files: {string.Join(", ", names)}");
        if (files.Stat(Path.Combine(folder, ".env")).Kind == FileKind.File)
        {
            text.Append("  env_file: [.env]\n");
            found.Add("env file: .env");
        }

        text.Append("\nservices:\n");
        foreach (var service in services)
        {
            Service(text, service, found);
        }

        Migrations(text, folder, services, files, found);
        Config(text, folder, services, files, found);
        text.Append("\n# How long a release has to be well before it is good.\nverify: { within: 60s, for: 10s }\n\n# What the logs of a good release look like.\n# logs:\n#   max_errors: 0\n#   ignore: ['^connection reset by peer']\n\n# Who is told.\n# notify: [ops@example.org]\n");
        return (new GuessedProject(text.ToString(), found.ToImmutable()), "");
    }

    private static void Service(StringBuilder text, ServiceEntry service, ImmutableArray<string>.Builder found)
    {
        if (service.Ports.IsEmpty && OneShot().IsMatch($"{service.Name} {service.Command}") && !Databases.Any(d => ImageName(service.Image).Contains(d, StringComparison.Ordinal)))
        {
            text.Append($"  # {Key(service.Name)} ends by itself, it seems, and is not expected to run.\n");
            found.Add($"service {service.Name}: left out, because by its name or command it ends by itself");
            return;
        }

        var (kind, why) = KindOf(service);
        found.Add($"service {service.Name}: {kind}, {why}");
        text.Append($"  {Key(service.Name)}:\n    kind: {kind}\n");
        if (kind is "application" or "proxy" && !service.Ports.IsEmpty)
        {
            var address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{service.Ports[0]}/{(kind == "proxy" ? "" : "health")}");
            text.Append($"    # A guess from the published port: the address that answers 200 when it is well.\n    # health: {address}\n");
            found.Add($"service {service.Name}: health may be at {address}; it stands there as a comment");
        }
    }

    private static (string Kind, string Why) KindOf(ServiceEntry service)
    {
        var name = ImageName(service.Image);
        return Databases.FirstOrDefault(d => name.Contains(d, StringComparison.Ordinal)) is { } database ? (Word(ServiceKind.Database), $"its image is one of {database}")
            : Proxies.FirstOrDefault(p => name.Contains(p, StringComparison.Ordinal)) is { } proxy ? (Word(ServiceKind.Proxy), $"its image is one of {proxy}")
            : service.Ports.IsEmpty && Background().IsMatch($"{service.Name} {service.Command}") ? (Word(ServiceKind.Worker), "by its name or command, and it publishes no port")
            : (Word(ServiceKind.Application), service.Ports.IsEmpty ? "nothing says otherwise" : "it publishes a port");
    }

    /// <summary>Whether an image is that of a server that keeps data, by its name.</summary>
    internal static bool IsDatabase(string image) => Databases.Any(d => ImageName(image).Contains(d, StringComparison.Ordinal));

    /// <summary>Without registry, tag and digest; a default stands for a variable.</summary>
    private static string ImageName(string image)
    {
        var text = image.Contains(":-", StringComparison.Ordinal) ? image[(image.IndexOf(":-", StringComparison.Ordinal) + 2)..].TrimEnd('}') : image;
        return text.Split('@')[0].Split('/')[^1].Split(':')[0].ToLowerInvariant();
    }

    private static void Migrations(StringBuilder text, string folder, ImmutableArray<ServiceEntry> services, IFiles files, ImmutableArray<string>.Builder found)
    {
        if (Tool(folder, files) is not ({ Length: > 0 } tool, var place, var why))
        {
            return;
        }

        found.Add($"migrations: {tool}, because of {why}");
        text.Append($"\nmigrations:\n  tool: {tool}\n{(place.Length > 0 ? $"  folder: {place}\n" : "")}");
        var database = services.FirstOrDefault(s => ImageName(s.Image).Contains("postgres", StringComparison.Ordinal));
        text.Append($"  # Name the database, and a release knows at which migration it was.\n  # database: app\n  # service: {(database is null ? "db" : Key(database.Name))}\n  # user: app\n{(tool == "django" ? "  # app: shop\n" : "")}");
    }

    /// <summary>The tool that migrates, the folder of its migrations and what says so; empty when nothing does.</summary>
    internal static (string Tool, string Folder, string Why) Tool(string folder, IFiles files)
    {
        bool Has(string name, FileKind kind) => files.Stat(Path.Combine(folder, name)).Kind == kind;
        bool Holds(string name, string ending) => files.List(Path.Combine(folder, name)).Any(f => f.EndsWith(ending, StringComparison.Ordinal));

        return Has("alembic.ini", FileKind.File) ? ("alembic", ScriptLocation(Path.Combine(folder, "alembic.ini"), files), "alembic.ini")
            : Has("manage.py", FileKind.File) ? ("django", "", "manage.py")
            : Has("db/migrate", FileKind.Folder) ? ("rails", "db/migrate", "db/migrate")
            : ((string[])["flyway.conf", "flyway.toml", "conf/flyway.conf"]).FirstOrDefault(f => Has(f, FileKind.File)) is { } flyway ? ("flyway", Has("sql", FileKind.Folder) ? "sql" : "", flyway)
            : Has("liquibase.properties", FileKind.File) ? ("liquibase", "", "liquibase.properties")
            : ((string[])["migrations", "db/migrations"]).FirstOrDefault(f => Holds(f, ".up.sql")) is { } plain ? ("golang-migrate", plain, $"{plain}/*.up.sql")
            : ("", "", "");
    }

    private static string ScriptLocation(string path, IFiles files)
    {
        var line = Encoding.UTF8.GetString(files.Read(path).Bytes ?? []).Split('\n').Select(l => l.Split('=', 2)).FirstOrDefault(l => l.Length == 2 && l[0].Trim() == "script_location");
        var place = line is null ? "" : line[1].Trim().Replace("%(here)s/", "", StringComparison.Ordinal);
        return place.Length > 0 && PlainPath().IsMatch(place) ? place : "";
    }

    private static void Config(StringBuilder text, string folder, ImmutableArray<ServiceEntry> services, IFiles files, ImmutableArray<string>.Builder found)
    {
        var paths = services.SelectMany(s => s.Mounts)
            .Where(m => m.StartsWith("./", StringComparison.Ordinal) && PlainPath().IsMatch(m) && files.Stat(Path.GetFullPath(m, folder)).Kind == FileKind.File)
            .Select(m => m[2..])
            .Distinct(StringComparer.Ordinal)
            .ToList();
        if (paths.Count > 0)
        {
            text.Append($"\n# Files that are mounted into services: they belong to a release and are kept with it.\nconfig: [{string.Join(", ", paths)}]\n");
            found.Add($"configuration files: {string.Join(", ", paths)}");
        }
    }

    private static string Word(ServiceKind kind) => kind.ToString().ToLowerInvariant();

    private static string Key(string name) => PlainKey().IsMatch(name) ? name : $"\"{name.Replace("\"", "", StringComparison.Ordinal)}\"";

    [GeneratedRegex("(^|[\\W_])(worker|celery|sidekiq|queue|cron|scheduler|beat|consumer|resque|dramatiq|rq)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Background();

    [GeneratedRegex("(^|[\\W_])(migrate|migrations?|init|seed|setup)([\\W_]|$)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex OneShot();

    [GeneratedRegex(@"\A[\w./-]+\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex PlainPath();

    [GeneratedRegex(@"\A[a-zA-Z][a-zA-Z0-9_-]*\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex PlainKey();
}
