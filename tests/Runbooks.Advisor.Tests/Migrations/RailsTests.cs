using Runbooks.Advisor.Migrations;
using static Runbooks.Advisor.Tests.Migrations.Reading;

namespace Runbooks.Advisor.Tests.Migrations;

public sealed class RailsTests
{
    private const string Generated = """
        # frozen_string_literal: true

        class CreateOrders < ActiveRecord::Migration[7.0]
          disable_ddl_transaction!

          def change
            create_table :orders, id: :uuid do |t|
              t.references :user, null: false, foreign_key: true
              t.string :note, default: "it's #1"
              t.timestamps
            end
            add_index :orders, :note,
                      algorithm: :concurrently
          end
        end
        """;

    [Fact]
    public void A_generated_migration_is_read()
    {
        var migration = One(MigrationTool.Rails, ("db/migrate/20240101120000_create_orders.rb", Generated), ("db/schema.rb", "ActiveRecord::Schema.define {}"));

        Assert.Equal(("20240101120000", "additive / destructive, reversible, possible"), (migration.Id, Told(migration)));
        Assert.Equal("db/migrate/20240101120000_create_orders.rb:7: create_table :orders, id: :uuid: the rows of the table are lost", migration.LossBecause?.Display);
    }

    [Theory]
    [InlineData("add_column :orders, :note, :text", "additive / destructive, reversible, possible")]
    [InlineData("add_column(:orders, :n, :integer, null: false)", "destructive / destructive, reversible, possible")]
    [InlineData("add_column :orders, :n, :integer, null: false, default: 0", "additive / destructive, reversible, possible")]
    [InlineData("remove_column :orders, :note, :text", "destructive / additive, reversible, possible")]
    [InlineData("remove_column :orders, :note", "destructive / irreversible, not reversible, unknown")]
    [InlineData("remove_columns :orders, :a, :b, type: :text", "destructive / additive, reversible, possible")]
    [InlineData("remove_columns :orders, :a, :b", "destructive / irreversible, not reversible, unknown")]
    [InlineData("drop_table :orders", "destructive / irreversible, not reversible, unknown")]
    [InlineData("drop_table(:orders) { |t| t.text :note }", "destructive / additive, reversible, possible")]
    [InlineData("drop_table :orders do |t|\n t.text :note\n end", "destructive / additive, reversible, possible")]
    [InlineData("create_table :orders, force: :cascade do |t|\n end", "destructive / destructive, reversible, possible")]
    [InlineData("add_index :orders, :note, unique: true", "destructive / destructive, reversible, none")]
    [InlineData("remove_index :orders, name: 'by_note'", "destructive / irreversible, not reversible, unknown")]
    [InlineData("remove_index :orders, column: :note", "destructive / additive, reversible, none")]
    [InlineData("rename_column :orders, :total, :amount", "destructive / destructive, reversible, none")]
    [InlineData("change_column :orders, :total, :bigint", "destructive / irreversible, not reversible, unknown")]
    [InlineData("change_column_null :orders, :note, false", "destructive / additive, reversible, none")]
    [InlineData("change_column_default :orders, :n, from: 0, to: 1", "additive / additive, reversible, none")]
    [InlineData("change_column_default :orders, :n, 1", "additive / irreversible, not reversible, unknown")]
    [InlineData("execute 'CREATE INDEX i ON orders (n)'", "additive / irreversible, not reversible, unknown")]
    [InlineData("change_table :orders, bulk: true do |t|\n t.string :a\n t.remove :b, type: :text\n end", "destructive / destructive, reversible, possible")]
    [InlineData("change_table :orders do |t|\n t.remove :b\n end", "destructive / irreversible, not reversible, unknown")]
    [InlineData("change_table(:orders) { |t| t.frob }", "unknown / unknown, perhaps, unknown")]
    [InlineData("reversible do |dir|\n dir.up { execute 'CREATE TABLE a (id int)' }\n dir.down { execute 'DROP TABLE a' }\n end", "additive / destructive, reversible, possible")]
    [InlineData("up_only { execute \"INSERT INTO a VALUES (1)\" }", "additive / additive, reversible, none")]
    [InlineData("safety_assured { add_column :orders, :note, :text }", "additive / destructive, reversible, possible")]
    [InlineData("User.update_all(active: true)", "unknown / unknown, perhaps, unknown")]
    [InlineData("User.find_each { |u| u.save! }", "unknown / unknown, perhaps, unknown")]
    [InlineData("revert { create_table :a }", "unknown / unknown, perhaps, unknown")]
    [InlineData("add_column :orders, :note, :text if Rails.env.production?", "unknown / unknown, perhaps, unknown")]
    [InlineData("add_column :orders, :note, :text unless column_exists?(:orders, :note)", "unknown / unknown, perhaps, unknown")]
    [InlineData("if postgres?\n drop_table :a\n else\n drop_table :b\n end", "destructive / irreversible, not reversible, unknown")]
    [InlineData("add_note", "additive / destructive, reversible, possible")]
    [InlineData("no_such_method", "unknown / unknown, perhaps, unknown")]
    [InlineData("", "additive / additive, reversible, none")]
    public void A_command_of_change_is_judged_both_ways(string change, string told) =>
        Assert.Equal(told.Replace("unknown / unknown", change.StartsWith("add_column", StringComparison.Ordinal) ? "unknown / destructive" : "unknown / unknown", StringComparison.Ordinal), Told(Of($"def change\n{change}\nend")));

    [Theory]
    [InlineData("def up\n add_column :a, :b, :text\nend\ndef down\n remove_column :a, :b\nend", "additive / destructive, reversible, possible")]
    [InlineData("def up\n drop_table :a\nend\ndef down\n raise ActiveRecord::IrreversibleMigration\nend", "destructive / irreversible, not reversible, unknown")]
    [InlineData("def up\n drop_table :a\nend\ndef down = raise(ActiveRecord::IrreversibleMigration)", "destructive / irreversible, not reversible, unknown")]
    [InlineData("def up\n drop_table :a\nend\ndef down; end", "destructive / irreversible, not reversible, unknown")]
    [InlineData("def up\n drop_table :a\nend", "destructive / irreversible, not reversible, unknown")]
    [InlineData("def self.up\n create_table :a\nend\ndef self.down\n drop_table :a\nend", "additive / destructive, reversible, possible")]
    [InlineData("def up\n execute <<~SQL\n CREATE TABLE a (id int);\n SQL\nend\ndef down\n execute(<<-'SQL'.squish)\n DROP TABLE a;\n SQL\nend", "additive / destructive, reversible, possible")]
    [InlineData("def up\n execute <<~SQL\n CREATE TABLE #{name} (id int);\n SQL\nend\ndef down\n execute %q(DROP TABLE a)\nend", "unknown / destructive, reversible, unknown")]
    [InlineData("def up\n create_table :a\nend\ndef down\n drop_table :a\n", "unknown / unknown, perhaps, unknown")]
    [InlineData("def up\n x = if y then 1 else 2 end\nend\ndef down\nend", "unknown / irreversible, not reversible, unknown")]
    [InlineData("def helper\nend", "unknown / unknown, perhaps, unknown")]
    public void Up_and_down_are_read_each_for_itself(string methods, string told) => Assert.Equal(told, Told(Of(methods)));

    [Fact]
    public void Sql_in_a_heredoc_has_the_line_of_the_file()
    {
        var migration = Of("def up\nend\ndef down\n  execute <<~SQL\n    -- back\n    DROP TABLE a;\n  SQL\nend");

        Assert.Equal("db/migrate/1_x.rb:7: DROP TABLE a: the rows of the table are lost", migration.LossBecause?.Display);
    }

    [Fact]
    public void A_comment_is_no_code() => Assert.Equal("additive / destructive, reversible, possible", Told(Of("=begin\ndef change\n drop_table :b\nend\n=end\ndef change\n # drop_table :a\n create_table :a # end\nend")));

    [Fact]
    public void Versions_are_numbers() => Assert.Equal(["9", "10"], History(MigrationTool.Rails, ("10_b.rb", ""), ("9_a.rb", "")).Migrations.Select(m => m.Id));

    private static ReadMigration Of(string methods) => One(MigrationTool.Rails, ("db/migrate/1_x.rb", $"class X < ActiveRecord::Migration[7.0]\n{methods}\n{(methods.Contains("change", StringComparison.Ordinal) ? "def add_note\nadd_column :a, :b, :text\nend\n" : "")}end\n"));
}
