namespace Runbooks.Cli.Tests;

/// <summary>A <see cref="DatabaseShop"/> whose application has the migrations of a tool in its container.</summary>
internal static class MigratedShop
{
    internal const string Alembic = "alembic";
    internal const string Django = "django";

    internal static Task<DatabaseShop> OpenAsync(string tool, string reverse = DatabaseShop.Reverse, bool isElsewhere = false) =>
        OpenAsync(tool, files => isElsewhere ? Shop.OpenElsewhereAsync(files) : Shop.OpenAsync(files), reverse);

    /// <param name="open">Opens a shop with these files.</param>
    internal static async Task<DatabaseShop> OpenAsync(string tool, Func<Func<ShopPlace, IEnumerable<(string Path, string Text)>>, Task<Shop>> open, string reverse = DatabaseShop.Reverse)
    {
        Assert.SkipWhen(!File.Exists("/usr/bin/alembic") || !Directory.Exists("/usr/lib/python3/dist-packages/django") || !Directory.Exists("/usr/lib/python3/dist-packages/psycopg2"), "needs the Debian packages alembic, python3-django and python3-psycopg2");
        var sql = ($"\"\"\"{DatabaseShop.Migration}\"\"\"", $"\"\"\"{reverse}\"\"\"");
        return await DatabaseShop.OpenAsync(open, "migrations", tool == Alembic ? AlembicFiles(sql) : DjangoFiles(sql));
    }

    private static (string Path, string Text)[] AlembicFiles((string Up, string Down) sql) =>
    [
        ("alembic.ini", "[alembic]\nscript_location = .\nsqlalchemy.url = postgresql+psycopg2://postgres@db/shop\n"),
        ("env.py", """
            from alembic import context
            from sqlalchemy import engine_from_config, pool
            engine = engine_from_config(context.config.get_section(context.config.config_ini_section), prefix="sqlalchemy.", poolclass=pool.NullPool)
            with engine.connect() as connection:
                context.configure(connection=connection)
                with context.begin_transaction():
                    context.run_migrations()
            """),
        ("versions/a1.py", "revision = 'a1'\ndown_revision = None\ndef upgrade():\n    pass\ndef downgrade():\n    pass\n"),
        ("versions/b2.py", $"from alembic import op\nrevision = 'b2'\ndown_revision = 'a1'\ndef upgrade():\n    op.execute({sql.Up})\ndef downgrade():\n    op.execute({sql.Down})\n"),
    ];

    private static (string Path, string Text)[] DjangoFiles((string Up, string Down) sql) =>
    [
        ("manage.py", "import os, sys\nos.environ['DJANGO_SETTINGS_MODULE'] = 'settings'\nfrom django.core.management import execute_from_command_line\nexecute_from_command_line(sys.argv)\n"),
        ("settings.py", "SECRET_KEY = 'x'\nINSTALLED_APPS = ['orders']\nDATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql', 'NAME': 'shop', 'USER': 'postgres', 'HOST': 'db'}}\n"),
        ("orders/__init__.py", ""),
        ("orders/migrations/__init__.py", ""),
        ("orders/migrations/0001_initial.py", "from django.db import migrations\nclass Migration(migrations.Migration):\n    initial = True\n    operations = []\n"),
        ("orders/migrations/0002_amount.py", $"from django.db import migrations\nclass Migration(migrations.Migration):\n    dependencies = [('orders', '0001_initial')]\n    operations = [migrations.RunSQL({sql.Up}, {sql.Down})]\n"),
    ];

    internal static async Task MigrateAsync(DatabaseShop shop, string tool)
    {
        string[] words = tool == Alembic ? ["alembic", "upgrade", "head"] : ["python3", "manage.py", "migrate", "--no-input"];
        (await shop.Shop.ComposeAsync(["run", "--rm", "--no-deps", "-T", "--entrypoint", words[0], "app", .. words[1..]])).Expect(0);
    }
}
