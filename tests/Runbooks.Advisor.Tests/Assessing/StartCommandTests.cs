using Runbooks.Advisor.Assessing;

namespace Runbooks.Advisor.Tests.Assessing;

/// <summary>Whether a container that migrates first comes up when that fails.</summary>
public sealed class StartCommandTests
{
    [Theory]
    [InlineData("sh", "-c", "alembic upgrade head && exec uvicorn app:app --port $PORT")]
    [InlineData("/bin/sh", "-c", "wait-for-it db:5432 && python3 -m alembic -c /app/alembic.ini upgrade heads && exec gunicorn app")]
    [InlineData("sh", "-c", "echo begins; alembic upgrade head && exec uvicorn app:app")]
    [InlineData("sh", "-ec", "alembic upgrade head; exec uvicorn app:app")]
    [InlineData("bash", "-euo", "pipefail", "-c", "alembic upgrade head\nexec uvicorn app:app")]
    [InlineData("sh", "-c", "set -eu\npoetry run alembic upgrade head\nuvicorn app:app")]
    [InlineData("bash", "-e", "-c", "true && .venv/bin/alembic upgrade head; uvicorn app:app")]
    public void It_does_not_come_up(params string[] words)
    {
        Assert.True(StartCommand.NamesUpgrade([.. words]));
        Assert.True(StartCommand.NeedsUpgrade([.. words]));
    }

    [Theory]
    [InlineData("sh", "-c", "alembic upgrade head; exec uvicorn app:app")]
    [InlineData("sh", "-c", "alembic upgrade head || true && exec uvicorn app:app")]
    [InlineData("sh", "-c", "alembic upgrade head & exec uvicorn app:app")]
    [InlineData("sh", "-c", "alembic upgrade head | tee log && exec uvicorn app:app")]
    [InlineData("sh", "-ec", "alembic upgrade head && echo done; exec uvicorn app:app")]
    [InlineData("sh", "-ec", "if alembic upgrade head; then true; fi; exec uvicorn app:app")]
    [InlineData("sh", "-ec", "set +e; alembic upgrade head; exec uvicorn app:app")]
    [InlineData("sh", "-c", "exec uvicorn app:app && alembic upgrade head")]
    [InlineData("sh", "-c", "alembic upgrade a1 && exec uvicorn app:app")]
    [InlineData("sh", "-c", "alembic upgrade head --sql && exec uvicorn app:app")]
    [InlineData("alembic", "upgrade", "head")]
    [InlineData("/entrypoint.sh", "sh", "-c", "alembic upgrade head && exec uvicorn app:app")]
    public void Where_there_is_another_way_it_is_not_certain(params string[] words)
    {
        Assert.True(StartCommand.NamesUpgrade([.. words]));
        Assert.False(StartCommand.NeedsUpgrade([.. words]));
    }

    [Theory]
    [InlineData("uvicorn", "app:app")]
    [InlineData("sh", "-c", "alembic current && exec app; upgrade")]
    [InlineData]
    [InlineData("sh", "-c")]
    public void Who_does_not_migrate_is_left_alone(params string[] words)
    {
        Assert.False(StartCommand.NamesUpgrade([.. words]));
        Assert.False(StartCommand.NeedsUpgrade([.. words]));
    }
}
