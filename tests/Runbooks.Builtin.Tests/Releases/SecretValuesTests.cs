using System.Text;
using Runbooks.Builtin.Releases;

namespace Runbooks.Builtin.Tests.Releases;

public sealed class SecretValuesTests
{
    [Theory]
    [InlineData("DB_PASSWORD", "hunter2", "x hunter2 y", true)]
    [InlineData("api_key", "k-11-x", "k-11-x", true)]
    [InlineData("GITHUB_TOKEN", "abcd", "abcd", true)]
    [InlineData("DATABASE_URL", "postgres://app:s%40fe@db/app", "password: s%40fe", true)]
    [InlineData("DATABASE_URL", "postgres://app:s%40fe@db/app", "password: s@fe", true)]
    [InlineData("WHATEVER", "f81d4fae7dec11d0a76500a0c91e6bf6", "id f81d4fae7dec11d0a76500a0c91e6bf6", true)]
    [InlineData("PRIVATE_KEY", "-----BEGIN-----\nabc123def\n", "  abc123def", true)]
    [InlineData("COLOUR", "blue", "blue", false)]
    [InlineData("REQUIRE_PASSWORD", "true", "true", false)]
    [InlineData("TOKEN_FILE", "/run/secrets/token", "/run/secrets/token", false)]
    [InlineData("PIN", "123", "123", false)]
    [InlineData("MONKEY", "banana", "banana", false)]
    [InlineData("IMAGE", "registry.example.org/shop/app:2026.03.01", "registry.example.org/shop/app:2026.03.01", false)]
    [InlineData("DB_PASSWORD", "hunter2", "nothing", false)]
    [InlineData("APP_VERSION", "3f2a9c81b7de4a10c0ffee3f2a9c81b7de4a10c0", "app:3f2a9c81b7de4a10c0ffee3f2a9c81b7de4a10c0", false)]
    [InlineData("COMPOSE_PROJECT_NAME", "shop115061dc0f77", "shop115061dc0f77-app-1", false)]
    [InlineData("TOKEN_VERSION", "f81d4fae7dec11d0", "f81d4fae7dec11d0", true)]
    [InlineData("IMAGES", "f81d4fae7dec11d0", "f81d4fae7dec11d0", true)]
    public void A_value_is_found_that_is_secret_by_name_or_looks(string name, string value, string text, bool isFound)
    {
        var secrets = new SecretValues();
        secrets.Add(name, value);

        Assert.Equal(isFound ? name : null, secrets.FoundIn(Encoding.UTF8.GetBytes(text)));
    }
}
