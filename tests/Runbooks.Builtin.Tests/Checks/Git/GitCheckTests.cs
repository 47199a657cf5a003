using Runbooks.Engine.Kinds;
using Runbooks.Testing;

namespace Runbooks.Builtin.Tests.Checks.Git;

public sealed class GitCheckTests
{
    private static InMemoryFiles Files => new InMemoryFiles().With($"{PlannedPlaybook.Project}/docker-compose.yml", "services: {}\n");

    private static ScriptedProcesses Git(int exitCode, string output = "") => new(_ => new ScriptedEnd(exitCode, output));

    [Fact]
    public async Task A_clean_path_holds_and_the_plan_shows_the_words()
    {
        var asked = AskedCheck.Of("git: { path: docker-compose.yml, clean: true }", Files);
        var git = Git(0);

        Assert.Equal("docker-compose.yml has no changes that are not committed", asked.Statement);
        Assert.Equal(VerdictKind.Holds, (await asked.AskAsync(git)).Kind);
        var planned = Assert.IsType<ProgramStart>(Assert.Single(asked.Question.Effects));
        var started = Assert.Single(git.Started);
        Assert.Equal(planned.Argv.Select(w => w.Reveal()), started.Argv);
        Assert.Equal(planned.WorkingDirectory, started.WorkingDirectory);
        Assert.Equal(["git", "-c", "core.fsmonitor=false", "status", "--porcelain", "--untracked-files=normal", "--", "docker-compose.yml", ":(exclude,glob)**/.runbook/**"], started.Argv);
        Assert.Equal(("0", "0", "C"), (started.Environment["GIT_OPTIONAL_LOCKS"], started.Environment["GIT_TERMINAL_PROMPT"], started.Environment["LC_ALL"]));
        Assert.True(started.EndDescendants);
    }

    [Fact]
    public async Task Changes_do_not_hold_and_are_the_evidence()
    {
        var verdict = await AskedCheck.Of("git: { path: docker-compose.yml, clean: true }", Files).AskAsync(Git(0, " M docker-compose.yml\n?? new\n"));

        Assert.Equal((VerdictKind.DoesNotHold, "2 changes: M docker-compose.yml and ?? new"), (verdict.Kind, verdict.Observed));
        Assert.Equal(2, verdict.Evidence.Length);
    }

    [Fact]
    public async Task Changes_can_be_what_is_asked_for()
    {
        var asked = AskedCheck.Of("git: { path: docker-compose.yml, clean: false }", Files);

        Assert.Equal(VerdictKind.Holds, (await asked.AskAsync(Git(0, " M docker-compose.yml\n"))).Kind);
        Assert.Equal(VerdictKind.DoesNotHold, (await asked.AskAsync(Git(0))).Kind);
    }

    [Theory]
    [InlineData(0, "97b18957e8015ecba31c\n", VerdictKind.Holds)]
    [InlineData(1, "", VerdictKind.DoesNotHold)]
    public async Task A_revision_is_there_or_not(int exitCode, string output, VerdictKind expected) =>
        Assert.Equal(expected, (await AskedCheck.Of("git: { has: v1.2.3 }").AskAsync(Git(exitCode, output))).Kind);

    [Theory]
    [InlineData(0, "main\n", VerdictKind.Holds)]
    [InlineData(0, "fix\n", VerdictKind.DoesNotHold)]
    [InlineData(1, "", VerdictKind.DoesNotHold)]
    public async Task The_branch_must_be_checked_out(int exitCode, string output, VerdictKind expected) =>
        Assert.Equal(expected, (await AskedCheck.Of("git: { branch: main }").AskAsync(Git(exitCode, output))).Kind);

    [Fact]
    public async Task Outside_a_repository_it_does_not_hold()
    {
        var verdict = await AskedCheck.Of("git: { clean: true }").AskAsync(Git(128, "fatal: not a git repository (or any of the parent directories): .git\n"));

        Assert.Equal((VerdictKind.DoesNotHold, "it is not in a git repository"), (verdict.Kind, verdict.Observed));
    }

    [Fact]
    public async Task A_repository_that_git_refuses_to_read_is_unknown()
    {
        var verdict = await AskedCheck.Of("git: { clean: true }").AskAsync(Git(128, "fatal: detected dubious ownership in repository at '/srv/shop'\n"));

        Assert.Equal(VerdictKind.Unknown, verdict.Kind);
        Assert.Contains("dubious ownership", verdict.Observed);
    }

    [Fact]
    public async Task Without_git_it_is_unknown()
    {
        var verdict = await AskedCheck.Of("git: { clean: true }").AskAsync(new ScriptedProcesses { Missing = ["git"] });

        Assert.Equal((VerdictKind.Unknown, "git could not be started: not found on PATH"), (verdict.Kind, verdict.Observed));
    }

    [Fact]
    public async Task All_that_is_asked_must_hold()
    {
        var git = new ScriptedProcesses(spec => spec.Argv.Contains("symbolic-ref") ? new ScriptedEnd(0, "fix\n") : new ScriptedEnd(0));

        var verdict = await AskedCheck.Of("git: { clean: true, has: v1, branch: main }").AskAsync(git);
        Assert.Equal((VerdictKind.DoesNotHold, "branch fix is checked out"), (verdict.Kind, verdict.Observed));
        Assert.Equal(3, git.Started.Count);
    }

    [Theory]
    [InlineData("git: {}", "RB3270")]
    [InlineData("git: .", "RB3270")]
    [InlineData("git: { has: --all }", "RB3271")]
    [InlineData("git: { has: a..b }", "RB3271")]
    [InlineData("git: { has: 'a b' }", "RB3271")]
    public void Mistakes_are_found_before_anything_runs(string check, string code) => Assert.Equal([code], AskedCheck.Of(check).Errors);

    [Fact]
    public void A_secret_revision_is_refused() => Assert.Equal(["RB3004"], AskedCheck.Of("git: { has: '{{ token }}' }", null, ("token!", "s3cr3t-value")).Errors);
}
