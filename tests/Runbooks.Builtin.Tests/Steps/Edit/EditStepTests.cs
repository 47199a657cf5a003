using System.Security.Cryptography;
using System.Text;
using Runbooks.Builtin.Steps.Edit;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;
using Runbooks.Testing;

namespace Runbooks.Builtin.Tests.Steps.Edit;

public sealed class EditStepTests
{
    private const string Compose = $"{PlannedPlaybook.Project}/docker-compose.yml";
    private const string Env = $"{PlannedPlaybook.Project}/.env";
    private const string Yaml = "services:\r\n  app:   # the shop\r\n    image: 'myapp:v1.2.4'\r\n    ports: [ 8080:80 ]\r\n    environment:\r\n      - DB_PASSWORD=old-secret";
    private const string Pin = "- edit: { file: docker-compose.yml, set: { services.app.image: \"myapp:{{ v }}\" } }";

    [Fact]
    public void The_change_is_shown_by_lines_and_by_the_sums_of_the_file()
    {
        var change = Assert.IsType<FileChange>(Assert.Single(PlannedPlaybook.Of(Pin, Files(Yaml), ("v", "v1.2.3")).Effects()));

        Assert.Equal("docker-compose.yml", change.Path);
        Assert.Equal(Sha256(Yaml), change.BeforeSha256);
        Assert.Equal(Sha256(Yaml.Replace("v1.2.4", "v1.2.3", StringComparison.Ordinal)), change.AfterSha256);
        Assert.Equal("@@ -3 +3 @@\n-    image: 'myapp:v1.2.4'\n+    image: 'myapp:v1.2.3'", change.Diff);
    }

    [Fact]
    public void Planning_writes_nothing()
    {
        var planned = PlannedPlaybook.Of(Pin, Files(Yaml), ("v", "v1.2.3"));

        Assert.NotNull(planned.Plan);
        Assert.Empty(planned.Files.Written);
        Assert.Equal(Yaml, planned.Files.TextOf(Compose));
    }

    [Fact]
    public async Task The_file_is_kept_then_replaced()
    {
        var planned = PlannedPlaybook.Of(Pin, Files(Yaml), ("v", "v1.2.3"));
        var order = new List<string>();

        var outcome = await planned.RunAsync(UnusedPorts.All with { Files = planned.Files }, change: c => c with
        {
            KeepAsync = (path, bytes, _, _) =>
            {
                order.Add($"kept {path}: {Encoding.UTF8.GetString((bytes ?? default).Span) == Yaml}, written before: {planned.Files.Written.Count}");
                return Task.FromResult("files/1");
            },
        });

        Assert.True(outcome.Succeeded && outcome.Changed, outcome.Failure);
        Assert.Equal([$"kept {Compose}: True, written before: 0"], order);
        Assert.Equal([Compose], planned.Files.Written);
        Assert.Equal(Yaml.Replace("v1.2.4", "v1.2.3", StringComparison.Ordinal), planned.Files.TextOf(Compose));
    }

    [Fact]
    public void An_undo_is_planned_on_what_its_step_leaves_and_later_steps_are_not_planned_on_what_the_undo_would_leave()
    {
        const string steps = """
            - edit: { file: docker-compose.yml, set: { services.app.image: myapp:v1.2.3 } }
              undo:
                edit: { file: docker-compose.yml, set: { services.app.image: myapp:v1.2.4 } }
            - edit: { file: docker-compose.yml, set: { services.app.image: myapp:v1.2.2 } }
            """;

        var plan = PlannedPlaybook.Of(steps, Files(Yaml)).Plan;

        var first = Assert.IsType<FileChange>(Assert.Single(plan!.Steps[0].Action!.Preview.Effects));
        var undo = Assert.IsType<FileChange>(Assert.Single(plan.Steps[0].Undo!.Action!.Preview.Effects));
        var second = Assert.IsType<FileChange>(Assert.Single(plan.Steps[1].Action!.Preview.Effects));
        Assert.Equal((first.AfterSha256, first.BeforeSha256), (undo.BeforeSha256, undo.AfterSha256));
        Assert.Equal(first.AfterSha256, second.BeforeSha256);
    }

    [Fact]
    public async Task A_file_that_changed_after_the_plan_is_left_alone()
    {
        var planned = PlannedPlaybook.Of(Pin, Files(Yaml), ("v", "v1.2.3"));
        planned.Files.With(Compose, Yaml + "\n");

        var outcome = await planned.RunAsync(UnusedPorts.All with { Files = planned.Files });

        Assert.Equal("docker-compose.yml was changed since the plan was made; look at it and make a new plan", outcome.Failure);
        Assert.True(outcome.Untouched);
        Assert.Empty(planned.Files.Written);
    }

    [Fact]
    public async Task A_file_that_is_already_as_wanted_is_not_written()
    {
        var planned = PlannedPlaybook.Of(Pin, Files(Yaml), ("v", "v1.2.4"));

        var change = (FileChange)planned.Effects()[0];
        var outcome = await planned.RunAsync(UnusedPorts.All with { Files = planned.Files });

        Assert.Equal(("", change.AfterSha256), (change.Diff, change.BeforeSha256));
        Assert.True(outcome.Succeeded);
        Assert.False(outcome.Changed);
        Assert.Equal("docker-compose.yml is already as wanted", outcome.Observed);
        Assert.Empty(planned.Files.Written);
    }

    [Fact]
    public async Task A_step_that_is_tried_again_after_it_was_done_changes_nothing()
    {
        var planned = PlannedPlaybook.Of(Pin, Files(Yaml), ("v", "v1.2.3"));
        planned.Files.With(Compose, Yaml.Replace("v1.2.4", "v1.2.3", StringComparison.Ordinal));

        var outcome = await planned.RunAsync(UnusedPorts.All with { Files = planned.Files });

        Assert.True(outcome.Succeeded);
        Assert.False(outcome.Changed);
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_fails_and_stays()
    {
        var planned = PlannedPlaybook.Of(Pin, Files(Yaml), ("v", "v1.2.3"));

        var outcome = await planned.RunAsync(UnusedPorts.All with { Files = new ReadOnly(planned.Files) }, change: c => c with { KeepAsync = (_, _, _, _) => Task.FromResult("files/1") });

        Assert.Equal("docker-compose.yml could not be written: read-only file system", outcome.Failure);
        Assert.True(outcome.Untouched);
    }

    [Fact]
    public async Task A_stop_while_the_file_is_kept_writes_nothing()
    {
        using var stop = new CancellationTokenSource();
        var planned = PlannedPlaybook.Of(Pin, Files(Yaml), ("v", "v1.2.3"));

        var outcome = await planned.RunAsync(UnusedPorts.All with { Files = planned.Files }, change: c => c with
        {
            Stop = new StopTokens(stop.Token, CancellationToken.None),
            KeepAsync = async (_, _, _, _) =>
            {
                await stop.CancelAsync();
                return "files/1";
            },
        });

        Assert.True(outcome.Untouched);
        Assert.NotNull(outcome.Failure);
        Assert.Empty(planned.Files.Written);
    }

    [Fact]
    public void A_second_step_sees_what_the_first_will_leave()
    {
        var planned = PlannedPlaybook.Of("- edit: { file: .env, set: { TAG: b } }\n- edit: { file: .env, set: { TAG: c } }", new InMemoryFiles().With(Env, "TAG=a\n"));

        var (first, second) = ((FileChange)planned.Effects()[0], (FileChange)planned.Effects(1)[0]);
        Assert.Equal(first.AfterSha256, second.BeforeSha256);
        Assert.Equal("@@ -1 +1 @@\n-TAG=b\n+TAG=c", second.Diff);
    }

    [Fact]
    public void A_secret_and_what_it_replaces_are_masked()
    {
        var planned = PlannedPlaybook.Of("- edit: { file: .env, set: { DB_URL: \"postgres://app:{{ pw }}@db/shop\" } }", new InMemoryFiles().With(Env, "A=1\nDB_URL=postgres://app:older@db/shop # the url\n"), ("pw!", "hunter2"));

        Assert.Equal("@@ -2 +2 @@\n-DB_URL=*** # the url\n+DB_URL=*** # the url", ((FileChange)planned.Effects()[0]).Diff);
    }

    [Fact]
    public void Values_of_names_like_password_are_masked_even_when_nobody_calls_them_secret()
    {
        var diff = ((FileChange)PlannedPlaybook.Of("- edit: { file: docker-compose.yml, set: { services.app.environment.DB_PASSWORD: new-secret } }", Files(Yaml)).Effects()[0]).Diff;

        Assert.DoesNotContain("secret", diff, StringComparison.Ordinal);
        Assert.Contains("***", diff, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_long_line_only_the_neighbourhood_of_the_change_is_shown()
    {
        var json = $"{{\"a\":\"{new string('x', 500)}\",\"tag\":\"v1\",\"b\":\"{new string('y', 500)}\"}}";
        var planned = PlannedPlaybook.Of("- edit: { file: a.json, set: { tag: v22 } }", new InMemoryFiles().With($"{PlannedPlaybook.Project}/a.json", json));

        var lines = ((FileChange)planned.Effects()[0]).Diff.Split('\n');

        Assert.Contains("\"tag\":\"v1\"", lines[1], StringComparison.Ordinal);
        Assert.Contains("\"tag\":\"v22\"", lines[2], StringComparison.Ordinal);
        Assert.All(lines, l => Assert.InRange(l.Length, 0, 160));
    }

    [Theory]
    [MemberData(nameof(HostileValues.All), MemberType = typeof(HostileValues))]
    public void A_value_is_written_as_a_value_or_refused(string value)
    {
        var planned = PlannedPlaybook.Of("- edit: { file: docker-compose.yml, set: { services.app.image: \"{{ v }}\" } }", Files(Yaml), ("v", value));

        if (planned.Plan is null)
        {
            Assert.Equal(["RB3106"], planned.Errors);
            return;
        }

        var after = Encoding.UTF8.GetString(((EditStep)planned.Action()).Edit.After.AsSpan());
        var (head, tail) = (Yaml[..Yaml.IndexOf("'myapp", StringComparison.Ordinal)], Yaml[(Yaml.IndexOf("v1.2.4'", StringComparison.Ordinal) + 7)..]);
        Assert.StartsWith(head, after, StringComparison.Ordinal);
        Assert.EndsWith(tail, after, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ file: nothing.yml, set: { a: b } }", "RB3101")]
    [InlineData("{ file: broken.yml, set: { a: b } }", "RB3101")]
    [InlineData("{ file: Dockerfile, set: { a: b } }", "RB3102")]
    [InlineData("{ file: docker-compose.yml, set: { services.web.image: b } }", "RB3103")]
    [InlineData("{ file: docker-compose.yml, set: { services.app: b } }", "RB3103")]
    [InlineData("{ file: docker-compose.yml, set: { services..app: b } }", "RB3103")]
    [InlineData("{ file: shared.yml, set: { b: other } }", "RB3104")]
    [InlineData("{ file: shared.yml, set: { tag: other } }", "RB3105")]
    [InlineData("{ file: shared.yml, set: { port: text } }", "RB3106")]
    [InlineData("{ file: docker-compose.yml, set: {} }", "RB3108")]
    [InlineData("{ file: docker-compose.yml, set: { services.app.image: \"{{ run.id }}\" } }", "RB3003")]
    public void What_cannot_be_done_for_certain_is_refused_in_the_plan(string edit, string code)
    {
        var files = Files(Yaml)
            .With($"{PlannedPlaybook.Project}/broken.yml", "a: [")
            .With($"{PlannedPlaybook.Project}/Dockerfile", "FROM x")
            .With($"{PlannedPlaybook.Project}/shared.yml", "a: &x one\nb: *x\ntag: ${TAG}\nport: 80\n");

        Assert.Equal([code], PlannedPlaybook.Of($"- edit: {edit}", files).Errors);
    }

    [Fact]
    public void The_refused_path_is_pointed_at()
    {
        var diagnostic = Assert.Single(PlannedPlaybook.Of("- edit:\n    file: docker-compose.yml\n    set:\n      services.app.image: a:b\n      services.web.image: c:d\n", Files(Yaml)).Diagnostics);

        Assert.Equal("services.web.image", diagnostic.Source.Slice(diagnostic.Span));
        Assert.StartsWith("docker-compose.yml: ", diagnostic.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_another_name_is_edited_when_its_format_is_given()
    {
        var planned = PlannedPlaybook.Of("- edit: { file: settings, format: dotenv, set: { TAG: b } }", new InMemoryFiles().With($"{PlannedPlaybook.Project}/settings", "TAG=a"));

        Assert.Equal("TAG=b", Encoding.UTF8.GetString(((EditStep)planned.Action()).Edit.After.AsSpan()));
    }

    [Fact]
    public void What_is_shared_or_variable_is_changed_when_the_author_says_so()
    {
        var files = new InMemoryFiles().With($"{PlannedPlaybook.Project}/a.yml", "a: &x one\nb: *x\ntag: v${TAG}\n");
        var planned = PlannedPlaybook.Of("- edit: { file: a.yml, allow_shared: true, replace_variables: true, set: { a: two, tag: v2 } }", files);

        Assert.Equal("a: &x two\nb: *x\ntag: v2\n", Encoding.UTF8.GetString(((EditStep)planned.Action()).Edit.After.AsSpan()));
    }

    [Fact]
    public void A_new_variable_is_warned_of()
    {
        var planned = PlannedPlaybook.Of(Pin, Files(Yaml), ("v", "${HOME}"));

        Assert.NotNull(planned.Plan);
        Assert.Equal("RB3107", Assert.Single(planned.Diagnostics).Code);
    }

    [Fact]
    public void It_can_be_taken_back_and_needs_a_writable_file()
    {
        var action = PlannedPlaybook.Of(Pin, Files(Yaml), ("v", "v1.2.3")).Action();

        Assert.Equal("the saved file is put back", action.Inverse);
        Assert.Equal([new WritableFileRequirement(Compose)], action.Requirements);
    }

    private static InMemoryFiles Files(string yaml) => new InMemoryFiles().With(Compose, yaml);

    private static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private sealed class ReadOnly(InMemoryFiles files) : IFiles
    {
        public FileStat Stat(string path) => files.Stat(path);

        public bool? AreSame(string path, string other) => files.AreSame(path, other);

        public FileRead Read(string path, long limit = 64 << 20) => files.Read(path, limit);

        public FileDigest Digest(string path, CancellationToken cancel = default) => files.Digest(path, cancel);

        public string? Replace(string path, ReadOnlySpan<byte> bytes) => "read-only file system";

        public string? Create(string path, ReadOnlySpan<byte> bytes, bool ownerOnly = false) => "read-only file system";

        public bool CanWrite(string path) => false;

        public IReadOnlyList<string> List(string folder) => files.List(folder);

        public FolderRead ReadFolder(string folder) => files.ReadFolder(folder);

        public (long Free, long Total)? Space(string path) => files.Space(path);
    }
}
