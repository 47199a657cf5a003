using System.Text;
using Runbooks.Host.Files;

namespace Runbooks.Cli.Tests;

/// <summary>Who the operator is, as git has it: the same answer, or none, and then git is asked.</summary>
public sealed class GitConfigTests
{
    private const string Plain = "[user]\n\tname = Ada Lovelace\n\temail = ada@example.org\n";

    [Fact]
    public async Task Plain_words_are_read_without_git()
    {
        using var project = NewProject(Plain);

        Assert.Equal("Ada Lovelace <ada@example.org>", Read(project));
        Assert.Equal("Ada Lovelace <ada@example.org>", await GitAsync(project));
    }

    [Theory]
    [InlineData("[user]\nname=A\nname = B \nemail=b@x\n", "B <b@x>")]
    [InlineData("[USER]\n  Name\t=\tÄdä Łovelace  \n  eMail = a@b # not now\n", null)]
    [InlineData("# c\n; c\n[core]\n\teditor = \"vi\"\n[User]\nname = A B\nemail = a=b@x\n[alias]\n\tx = !echo [user]\n", "A B <a=b@x>")]
    [InlineData("[user \"other\"]\nname = X\nemail = x@x\n[user]\nname = A\nemail = a@x\n", "A <a@x>")]
    [InlineData("[user.other]\nname = X\n[user]\nname = A\nemail = a@x\n", "A <a@x>")]
    [InlineData("[user]\nname = \"A B\"\nemail = a@x\n", null)]
    [InlineData("[user]\nname = A\\tB\nemail = a@x\n", null)]
    [InlineData("[user]\nname = A \\\nB\nemail = a@x\n", null)]
    [InlineData("[core]\nx = a \\\n[user]\nname = B\n[user]\nname = A\nemail = a@x\n", null)]
    [InlineData("[user] name = A\nemail = a@x\n", null)]
    [InlineData("[user]\nname\nemail = a@x\n", null)]
    [InlineData("[user]\nname = A\nemail = a@x\r\n", null)]
    [InlineData("[user]\nname = A\n", null)]
    [InlineData("[include]\npath = other\n[user]\nname = A\nemail = a@x\n", null)]
    [InlineData("[includeIf \"gitdir:~/\"]\npath = other\n[user]\nname = A\nemail = a@x\n", null)]
    [InlineData("[user]\nname =\nemail = a@x\n", " <a@x>")]
    public async Task It_answers_as_git_does_or_not_at_all(string text, string? expected)
    {
        using var project = NewProject(text);

        var answer = Read(project);

        Assert.Equal(expected, answer);
        if (answer is not null)
        {
            Assert.Equal(answer, await GitAsync(project));
        }
    }

    [Fact]
    public async Task No_file_that_it_answers_for_is_read_otherwise_by_git()
    {
        string[] pieces = ["[user]", "[User]", "[core]", "[user \"x\"]", "[include]", "[user ]", "name = A", "name=B C", "\tname = D\t", "email = a@x", "EMAIL=e@x", "name", "name = \"q\"", "name = a\\", "x = y \\", "# name = Z", "; z", "email = b;c", "name = Ž", "name = a  b", "=", "[", "]", "[user]name = Y", ""];
        var random = new Random(20261126);
        using var project = NewProject(Plain);
        var answered = 0;
        for (var i = 0; i < 400; i++)
        {
            var text = string.Join('\n', Enumerable.Range(0, random.Next(1, 8)).Select(_ => pieces[random.Next(pieces.Length)]));
            project.Write("home/.gitconfig", $"[user]\nname = N\nemail = m@x\n{text}");
            if (Read(project) is { } answer && await GitAsync(project) is { Length: > 0 } said)
            {
                Assert.Equal((text, said), (text, answer));
                answered++;
            }
        }

        Assert.True(answered > 40, $"only {answered} were compared");
    }

    [Fact]
    public async Task The_file_in_the_home_folder_counts_more_than_the_shared_one()
    {
        using var project = NewProject("[user]\nname = Home\n");
        project.Write("home/.config/git/config", Plain);

        Assert.Equal("Home <ada@example.org>", Read(project));
        Assert.Equal("Home <ada@example.org>", await GitAsync(project));
    }

    [Theory]
    [InlineData("user.name", "Local", null)]
    [InlineData("core.editor", "vi", "Ada Lovelace <ada@example.org>")]
    [InlineData("extensions.worktreeConfig", "true", null)]
    public async Task What_a_repository_says_of_the_user_is_left_to_git(string key, string value, string? expected)
    {
        using var project = NewProject(Plain);
        (await project.ProgramAsync("git", "init", "-q")).Expect(0);
        (await project.ProgramAsync("git", "config", key, value)).Expect(0);
        Directory.CreateDirectory(project.At("below/it"));

        Assert.Equal(expected, new GitConfig(new HostFiles(), Variable(project)).Identity(project.At("below/it")));
    }

    [Fact]
    public async Task A_repository_that_only_git_finds_its_way_in_is_left_to_it()
    {
        using var project = NewProject(Plain);
        (await project.ProgramAsync("git", "init", "-q", "--bare", "bare")).Expect(0);
        project.Write("linked/.git", "gitdir: ../bare\n");

        Assert.Null(new GitConfig(new HostFiles(), Variable(project)).Identity(project.At("bare")));
        Assert.Null(new GitConfig(new HostFiles(), Variable(project)).Identity(project.At("linked")));
    }

    [Theory]
    [InlineData("GIT_CONFIG_GLOBAL", "/dev/null")]
    [InlineData("GIT_DIR", "elsewhere")]
    [InlineData("HOME", null)]
    public void A_variable_that_moves_the_files_leaves_it_to_git(string name, string? value)
    {
        using var project = NewProject(Plain).Set(name, value);

        Assert.Null(Read(project));
    }

    [Fact]
    public void Bytes_that_are_no_text_are_left_to_git()
    {
        using var project = NewProject(Plain);
        File.WriteAllBytes(project.At("home/.gitconfig"), [.. Encoding.UTF8.GetBytes(Plain), 0xff]);

        Assert.Null(Read(project));
    }

    private static Project NewProject(string config)
    {
        var project = new Project().Set("GIT_AUTHOR_NAME", null).Set("GIT_AUTHOR_EMAIL", null);
        project.Set("HOME", project.At("home")).Set("XDG_CONFIG_HOME", null).Set("GIT_CONFIG_NOSYSTEM", null);
        project.Write("home/.gitconfig", config);
        return project;
    }

    private static string? Read(Project project) => new GitConfig(new HostFiles(), Variable(project)).Identity(project.Folder);

    private static Func<string, string?> Variable(Project project) => name => project.Environment.GetValueOrDefault(name);

    private static async Task<string> GitAsync(Project project)
    {
        var values = new List<string>();
        foreach (var key in (string[])["user.name", "user.email"])
        {
            var said = await project.ProgramAsync("git", "config", key);
            if (said.Exit != 0)
            {
                return "";
            }

            values.Add(said.Out.TrimEnd('\n'));
        }

        return $"{values[0]} <{values[1]}>";
    }
}
