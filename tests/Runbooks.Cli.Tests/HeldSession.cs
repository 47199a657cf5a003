namespace Runbooks.Cli.Tests;

/// <summary>A session of a shop's database that stays as it is until it is let go.</summary>
internal sealed class HeldSession
{
    private readonly DatabaseShop _shop;
    private readonly string _name;
    private readonly string _end = $"/data/{Guid.NewGuid():N}";
    private readonly Task<Finished> _psql;

    private HeldSession(DatabaseShop shop, string name, string[] statements)
    {
        (_shop, _name) = (shop, name);
        _psql = shop.Shop.ComposeAsync(["exec", "-T", "-e", $"PGAPPNAME={name}", "db", "psql", "--no-psqlrc", "--quiet", "--dbname=shop", .. statements.Append($@"\! while test ! -e {_end}; do sleep 0.1; done").Select(s => $"--command={s}")]);
    }

    /// <summary>Returns when the session has come to where it stays.</summary>
    /// <param name="name">It calls itself so, and no other session does.</param>
    /// <param name="there">A condition over <c>pg_stat_activity</c>.</param>
    internal static async Task<HeldSession> OpenAsync(DatabaseShop shop, string name, string there, params string[] statements)
    {
        var session = new HeldSession(shop, name, statements);
        while (await shop.SqlAsync($"SELECT count(*) FROM pg_stat_activity WHERE application_name = '{name}' AND {there}") == "0")
        {
            await Task.Delay(20, shop.Project.Cancellation);
        }

        return session;
    }

    /// <summary>Somebody who has read the orders and thinks about them.</summary>
    internal static Task<HeldSession> IdleAsync(DatabaseShop shop) => OpenAsync(shop, "thinker", "state = 'idle in transaction' AND query LIKE 'SELECT%'", "BEGIN", "SELECT count(*) FROM orders");

    /// <summary>Its number.</summary>
    internal Task<string> NumberAsync() => _shop.SqlAsync($"SELECT pid FROM pg_stat_activity WHERE application_name = '{_name}'");

    /// <summary>Lets it end, or waits until it has.</summary>
    internal async Task<Finished> EndAsync()
    {
        (await _shop.Shop.ComposeAsync("exec", "-T", "db", "touch", _end)).Expect(0);
        return await _psql;
    }
}
