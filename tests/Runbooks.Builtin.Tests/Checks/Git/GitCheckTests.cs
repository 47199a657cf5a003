using Runbooks.Engine.Kinds;
using Runbooks.Engine.Planning;
using Runbooks.Engine.Ports;
using Runbooks.Testing;

namespace Runbooks.Builtin.Tests.Checks.Git;

public sealed class GitCheckTests
{
    private const string Commit = "00e30b27b18b5412fecee08fef0c272700e8dd48";
    private const string Everything = "git: { path: docker-compose.yml, clean: true, has: v1.2.3, branch: main }";

    private static InMemoryFiles Files => new InMemoryFiles().With($"{PlannedPlaybook.Project}/docker-compose.yml", "services: {}\n").With($"{PlannedPlaybook.Project}/conf/x", "x");

    public static TheoryData<string> Questions => ["git: { clean: true }", "git: { clean: false }", "git: { has: v1 }", "git: { branch: main }"];

    [Theory]
    [InlineData("git: { path: docker-compose.yml, clean: true }", "docker-compose.yml has no changes that are not committed")]
    [InlineData("git: { clean: false }", "the project directory has changes that are not committed")]
    [InlineData("git: { has: 'v{{ steps.find.stdout }}' }", "the project directory lies in a repository that has revision v«steps.find.stdout»")]
    [InlineData(Everything, "docker-compose.yml has no changes that are not committed, lies in a repository that has revision v1.2.3 and is on branch main")]
    public void The_statement_says_all_that_is_asked(string check, string statement) => Assert.Equal(statement, AskedCheck.Of(check, Files).Statement);

    [Fact]
    public void Every_program_is_in_the_plan_word_by_word() => Assert.Equal(
        [
            "git -c core.fsmonitor=false ls-files --error-unmatch -- docker-compose.yml",
            "git -c core.fsmonitor=false status --porcelain --untracked-files=normal --ignore-submodules=none -- docker-compose.yml",
            "git rev-parse --verify --quiet 'v1.2.3^{commit}'",
            "git symbolic-ref --quiet --short HEAD",
        ],
        AskedCheck.Of(Everything, Files).Question.Effects.OfType<ProgramStart>().Select(s => CommandLine.Show(s.Argv)));

    [Theory]
    [InlineData("git: { clean: true }", "/srv/shop", ".")]
    [InlineData("git: { path: conf, clean: true }", "/srv/shop/conf", ".")]
    [InlineData("git: { path: conf/x, clean: true }", "/srv/shop/conf", "x")]
    [InlineData("git: { path: conf/missing, clean: true }", "/srv/shop/conf", "missing")]
    [InlineData("git: { path: '/srv/other/a[1].yml', clean: true }", "/srv/other", "a[1].yml")]
    [InlineData("git: { path: /srv/other/-n, clean: true }", "/srv/other", "-n")]
    public async Task What_is_started_is_what_the_plan_shows_where_the_path_lies(string check, string folder, string name)
    {
        var (asked, git) = (AskedCheck.Of(check, Files), new ScriptedProcesses());

        Assert.Equal(Verdict.Holds("no changes"), await asked.AskAsync(git));

        Assert.Equal(2, git.Started.Count);
        Assert.All(git.Started, s => Assert.Equal((folder, "--", name), (s.WorkingDirectory, s.Argv[^2], s.Argv[^1])));
        Assert.All(git.Started, s => Assert.Equal("GIT_LITERAL_PATHSPECS=1 GIT_OPTIONAL_LOCKS=0 GIT_TERMINAL_PROMPT=0 LC_ALL=C RUNBOOK_RUN=r1", string.Join(' ', s.Environment.Select(e => $"{e.Key}={e.Value}"))));
        Assert.All(git.Started, s => Assert.True(s.EndDescendants));
        Assert.Equal(asked.Question.Effects.Cast<ProgramStart>().Select(e => string.Join('\n', e.Argv.Select(w => w.Reveal()))), git.Started.Select(s => string.Join('\n', s.Argv)));
    }

    [Fact]
    public async Task All_that_is_asked_must_hold()
    {
        Assert.Equal(Verdict.Holds("no changes, v1.2.3 is 00e30b27b18b and branch main"), await AskAsync(Everything, Ends()));
        Assert.Equal(Verdict.DoesNotHold("branch fix is checked out"), await AskAsync(Everything, Ends(head: new ScriptedEnd(0, "fix\n"))));
        Assert.Equal(Verdict.DoesNotHold("there is no revision v1.2.3"), await AskAsync(Everything, Ends(revision: new ScriptedEnd(1))));
        Assert.Equal(VerdictKind.DoesNotHold, (await AskAsync(Everything, Ends(status: new ScriptedEnd(0, "?? new\n")))).Kind);
    }

    [Fact]
    public async Task Changes_do_not_hold_and_are_the_evidence()
    {
        var dirty = Ends(status: new ScriptedEnd(0, " M docker-compose.yml\n?? new\n"));

        var verdict = await AskAsync("git: { clean: true }", dirty);

        Assert.Equal((VerdictKind.DoesNotHold, "2 changes: M docker-compose.yml and ?? new"), (verdict.Kind, verdict.Observed));
        Assert.Equal(2, verdict.Evidence.Length);
        Assert.Equal(VerdictKind.Holds, (await AskAsync("git: { clean: false }", dirty)).Kind);
        Assert.Equal(Verdict.DoesNotHold("no changes"), await AskAsync("git: { clean: false }", Ends()));
    }

    [Theory]
    [InlineData("true")]
    [InlineData("false")]
    public async Task What_git_does_not_track_is_neither_clean_nor_changed(string clean) => Assert.Equal(
        Verdict.DoesNotHold("git tracks nothing at docker-compose.yml"),
        await AskAsync($"git: {{ path: docker-compose.yml, clean: {clean} }}", Ends(tracked: new ScriptedEnd(1, "error: pathspec 'docker-compose.yml' did not match any file(s) known to git\n"))));

    [Theory]
    [InlineData("^00e30b27b18b5412fecee08fef0c272700e8dd48\n")]
    [InlineData("v1.2.3\n")]
    [InlineData("00e30b27b18b\n")]
    [InlineData("")]
    public async Task An_answer_that_is_no_commit_is_unknown(string output) => Assert.Equal(VerdictKind.Unknown, (await AskAsync("git: { has: v1 }", Ends(revision: new ScriptedEnd(0, output)))).Kind);

    [Theory]
    [InlineData(0, "feature/x\n", "branch feature/x is checked out")]
    [InlineData(1, "", "no branch is checked out (detached HEAD)")]
    public async Task Another_branch_does_not_hold(int exit, string output, string observed) =>
        Assert.Equal(Verdict.DoesNotHold(observed), await AskAsync("git: { branch: main }", Ends(head: new ScriptedEnd(exit, output))));

    [Theory]
    [MemberData(nameof(Questions))]
    public async Task Outside_a_repository_nothing_holds(string check) => Assert.Equal(
        Verdict.DoesNotHold("it is not in a git repository"),
        await AskAsync(check, _ => new ScriptedEnd(128, "fatal: not a git repository (or any of the parent directories): .git\n")));

    [Theory]
    [MemberData(nameof(Questions))]
    public async Task What_git_refuses_to_say_is_unknown(string check)
    {
        foreach (var said in (string[])["fatal: detected dubious ownership in repository at '/srv/shop'", "fatal: not a git repository: /nowhere/.git/worktrees/x"])
        {
            var verdict = await AskAsync(check, _ => new ScriptedEnd(128, $"{said}\n"));

            Assert.Equal((VerdictKind.Unknown, $"git cannot tell: {said}"), (verdict.Kind, verdict.Observed));
        }
    }

    [Theory]
    [MemberData(nameof(Questions))]
    public async Task A_code_that_is_neither_yes_nor_no_is_unknown(string check)
    {
        var verdict = await AskAsync(check, _ => new ScriptedEnd(2));

        Assert.Equal((VerdictKind.Unknown, "git cannot tell: it ended with code 2"), (verdict.Kind, verdict.Observed));
    }

    [Fact]
    public async Task A_status_that_fails_after_the_path_was_found_is_unknown()
    {
        Assert.Equal(VerdictKind.Unknown, (await AskAsync("git: { clean: true }", Ends(status: new ScriptedEnd(128, "fatal: index file corrupt\n")))).Kind);
        Assert.Equal(VerdictKind.Unknown, (await AskAsync("git: { clean: true }", Ends(status: new ScriptedEnd(1)))).Kind);
    }

    [Fact]
    public async Task Without_git_it_is_unknown() =>
        Assert.Equal(Verdict.Unknown("git could not be started: not found on PATH"), await AskedCheck.Of(Everything, Files).AskAsync(new ScriptedProcesses { Missing = ["git"] }));

    [Theory]
    [InlineData("git: {}", "RB3270")]
    [InlineData("git: .", "RB3270")]
    [InlineData("git: { has: --all }", "RB3271")]
    [InlineData("git: { has: ^main }", "RB3271")]
    [InlineData("git: { has: a..b }", "RB3271")]
    [InlineData("git: { has: 'a b' }", "RB3271")]
    [InlineData("git: { has: '{{ token }}' }", "RB3004")]
    [InlineData("git: { has: '' }", "RB1004")]
    public void Mistakes_are_found_before_anything_runs(string check, string code) => Assert.Equal([code], AskedCheck.Of(check, Files, ("token!", "s3cr3t-value")).Errors);

    private static Task<Verdict> AskAsync(string check, Func<ProcessSpec, ScriptedEnd> ends) => AskedCheck.Of(check, Files).AskAsync(new ScriptedProcesses(ends));

    private static Func<ProcessSpec, ScriptedEnd> Ends(ScriptedEnd? tracked = null, ScriptedEnd? status = null, ScriptedEnd? revision = null, ScriptedEnd? head = null) => spec => spec.Argv switch
    {
        [_, _, _, "ls-files", ..] => tracked ?? new ScriptedEnd(0, "docker-compose.yml\n"),
        [_, _, _, "status", ..] => status ?? new ScriptedEnd(0),
        [_, "rev-parse", ..] => revision ?? new ScriptedEnd(0, $"{Commit}\n"),
        [_, "symbolic-ref", ..] => head ?? new ScriptedEnd(0, "main\n"),
        _ => throw new InvalidOperationException($"the test did not expect {string.Join(' ', spec.Argv)}"),
    };
}
