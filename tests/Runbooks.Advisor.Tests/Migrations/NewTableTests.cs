using Runbooks.Advisor.Migrations;
using static Runbooks.Advisor.Tests.Migrations.Reading;

namespace Runbooks.Advisor.Tests.Migrations;

/// <summary>What a migration does to a table that it has made itself takes nothing away from anybody.</summary>
public sealed class NewTableTests
{
    [Theory]
    [InlineData("CREATE TABLE orders (id int); ALTER TABLE Orders ADD CONSTRAINT c CHECK (id > 0); CREATE UNIQUE INDEX i ON \"orders\" (id); UPDATE orders SET id = 1; DELETE FROM orders", "additive")]
    [InlineData("CREATE TABLE shop.orders (id int); ALTER TABLE ONLY shop.orders ADD PRIMARY KEY (id)", "additive")]
    [InlineData("CREATE TABLE shop.orders (id int); ALTER TABLE orders ADD PRIMARY KEY (id)", "destructive")]
    [InlineData("CREATE TABLE IF NOT EXISTS orders (id int); ALTER TABLE orders ADD PRIMARY KEY (id)", "destructive")]
    [InlineData("CREATE TABLE orders (id int); ALTER TABLE users ADD PRIMARY KEY (id)", "destructive")]
    [InlineData("ALTER TABLE orders RENAME TO old; CREATE TABLE orders (id int)", "destructive")]
    [InlineData("CREATE TABLE orders (id int); CREATE UNIQUE INDEX i ON users (id)", "destructive")]
    [InlineData("CREATE TABLE orders (id int); DO $$ BEGIN END $$", "unknown")]
    public void In_sql(string sql, string kind) => Assert.Equal(kind, Forward(MigrationTool.Sql, "a.sql", sql));

    [Theory]
    [InlineData("op.create_table('orders')\n    op.create_unique_constraint('u', 'orders', ['id'])\n    op.create_index('i', 'orders', ['id'], unique=True)\n    op.add_column('orders', sa.Column('n', sa.Integer(), nullable=False))", "additive")]
    [InlineData("op.create_table('orders')\n    with op.batch_alter_table('orders') as b:\n        b.create_unique_constraint('u', ['id'])", "additive")]
    [InlineData("op.create_table('orders')\n    with op.batch_alter_table('users') as b:\n        b.create_unique_constraint('orders', ['id'])", "destructive")]
    [InlineData("op.create_table('orders', schema='shop')\n    op.create_unique_constraint('u', 'orders', ['id'])", "destructive")]
    public void In_alembic(string upgrade, string kind) => Assert.Equal(kind, Forward(MigrationTool.Alembic, "a.py", $"revision = 'a'\ndef upgrade():\n    {upgrade}\n"));

    [Theory]
    [InlineData("migrations.CreateModel(name='Order', fields=[]), migrations.AddField(model_name='order', name='n', field=models.IntegerField()), migrations.AddConstraint(model_name='order', constraint=c)", "additive")]
    [InlineData("migrations.CreateModel(name='Order', fields=[]), migrations.AddField(model_name='user', name='n', field=models.IntegerField())", "destructive")]
    public void In_django(string operations, string kind) => Assert.Equal(kind, Forward(MigrationTool.Django, "a/migrations/1.py", $"class Migration(x):\n    operations = [{operations}]\n"));

    [Theory]
    [InlineData("create_table :orders\nadd_index :orders, :id, unique: true\nadd_foreign_key \"orders\", :users", "additive")]
    [InlineData("create_table :orders\nadd_foreign_key :users, :orders", "destructive")]
    [InlineData("create_table :orders, if_not_exists: true\nadd_index :orders, :id, unique: true", "destructive")]
    public void In_rails(string change, string kind) => Assert.Equal(kind, Forward(MigrationTool.Rails, "1_a.rb", $"class A < M\ndef change\n{change}\nend\nend\n"));

    [Theory]
    [InlineData("orders", "additive")]
    [InlineData("users", "destructive")]
    public void In_liquibase(string table, string kind) => Assert.Equal(
        kind,
        Forward(MigrationTool.Liquibase, "a.xml", $"<databaseChangeLog><changeSet id=\"1\"><createTable tableName=\"orders\"/><addUniqueConstraint tableName=\"{table}\"/></changeSet></databaseChangeLog>"));

    [Fact]
    public void Taking_it_back_loses_its_rows_all_the_same() =>
        Assert.Equal("additive / destructive, reversible, possible", Told(One(MigrationTool.GolangMigrate, ("1_a.up.sql", "CREATE TABLE a (id int); CREATE UNIQUE INDEX i ON a (id)"), ("1_a.down.sql", "DROP TABLE a"))));

    private static string Forward(MigrationTool tool, string path, string text) => MigrationWords.Of(One(tool, (path, text)).Forward.Kind);
}
