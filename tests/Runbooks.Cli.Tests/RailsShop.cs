namespace Runbooks.Cli.Tests;

/// <summary>A <see cref="DatabaseShop"/> whose application is one of Rails, with its migrations in its container.</summary>
internal static class RailsShop
{
    internal const string Before = "20240101120000";
    internal const string Bad = "20240201120000";

    /// <param name="reverse">What takes the last migration back.</param>
    internal static async Task<DatabaseShop> OpenAsync(string reverse = DatabaseShop.Reverse)
    {
        Assert.SkipWhen(!Directory.Exists("/usr/share/rubygems-integration/all/specifications") || Directory.GetFiles("/usr/share/rubygems-integration/all/specifications", "railties-*").Length == 0, "needs the Debian packages ruby-railties, ruby-activerecord and ruby-pg");
        var shop = await DatabaseShop.OpenAsync("migrations", Files(reverse));
        (await RunAsync(shop, "db:migrate")).Expect(0);
        return shop;
    }

    private static Task<Finished> RunAsync(DatabaseShop shop, string task) => shop.Shop.ComposeAsync("run", "--rm", "--no-deps", "-T", "--entrypoint", "bin/rails", "app", task);

    private static (string Path, string Text)[] Files(string reverse) =>
    [
        ("Rakefile", "require_relative \"config/application\"\nRails.application.load_tasks\n"),
        ("bin/rails", "#!/usr/bin/ruby\nAPP_PATH = File.expand_path(\"../config/application\", __dir__)\nrequire \"rails/commands\"\n"),
        ("config/application.rb", """
            require "rails"
            require "active_record/railtie"
            module Store
              class Application < Rails::Application
                config.load_defaults 6.1
                config.eager_load = false
                config.logger = Logger.new($stdout)
                config.active_record.dump_schema_after_migration = false
              end
            end
            """),
        ("config/environment.rb", "require_relative \"application\"\nRails.application.initialize!\n"),
        ("config/database.yml", "development: { adapter: postgresql, host: db, username: postgres, database: shop }\n"),
        ($"db/migrate/{Before}_begin.rb", "class Begin < ActiveRecord::Migration[6.1]\n  def change; end\nend\n"),
        ($"db/migrate/{Bad}_amount.rb", $"class Amount < ActiveRecord::Migration[6.1]\n  def up\n    execute <<~SQL\n{DatabaseShop.Migration}\n    SQL\n  end\n\n  def down\n    execute <<~SQL\n{reverse}\n    SQL\n  end\nend\n"),
    ];
}
