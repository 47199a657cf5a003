using System.Collections.Immutable;

namespace Runbooks.Builtin.Releases;

/// <summary>The version of what runs in a container, as images that are made by its makers say it in a variable.</summary>
internal static class ServerVersions
{
    /// <summary>In the order in which they are looked for: an image of one product can be built on that of another.</summary>
    private static readonly ImmutableArray<string> Variables =
    [
        "PG_VERSION", "MYSQL_VERSION", "MARIADB_VERSION", "MONGO_VERSION", "REDIS_VERSION", "VALKEY_VERSION", "RABBITMQ_VERSION", "NGINX_VERSION", "HAPROXY_VERSION", "CADDY_VERSION",
    ];

    /// <returns>"PG_VERSION 15.4-1"; empty when nothing says it.</returns>
    public static string Of(ImmutableSortedDictionary<string, string> environment) =>
        Variables.FirstOrDefault(environment.ContainsKey) is { } name && environment[name] is { Length: > 0 and < 64 } version ? $"{name} {version}" : "";
}
