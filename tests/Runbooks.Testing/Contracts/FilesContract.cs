using System.Security.Cryptography;
using System.Text;
using Runbooks.Engine.Ports;
using Xunit;

namespace Runbooks.Testing.Contracts;

/// <summary>What every implementation of <see cref="IFiles"/> does. The real adapter and the fake both inherit it.</summary>
public abstract class FilesContract
{
    private static readonly byte[] Old = "old"u8.ToArray();
    private static readonly byte[] New = "a longer new text"u8.ToArray();

    protected abstract IFiles Files { get; }

    /// <summary>Absolute path of a folder that exists, is empty and belongs to this test alone.</summary>
    protected abstract string Folder { get; }

    [Fact]
    public void A_created_file_is_read_back_byte_for_byte()
    {
        Assert.Null(Files.Create(At("a"), New));

        var read = Files.Read(At("a"));
        Assert.Null(read.Problem);
        Assert.Equal(New, read.Bytes);
    }

    [Fact]
    public void Creating_makes_the_folders_above()
    {
        Assert.Null(Files.Create(At("x/y/a"), Old));

        Assert.Equal(FileKind.Folder, Files.Stat(At("x/y")).Kind);
        Assert.Equal(Old, Files.Read(At("x/y/a")).Bytes);
    }

    [Fact]
    public void Two_paths_are_the_same_when_they_lead_to_the_same_thing()
    {
        Assert.Null(Files.Create(At("x/a"), Old));
        Assert.Null(Files.Create(At("y/a"), Old));

        Assert.True(Files.AreSame(At("x"), At("y/../x")));
        Assert.True(Files.AreSame(At("x/a"), At("x/a")));
        Assert.False(Files.AreSame(At("x"), At("y")));
        Assert.False(Files.AreSame(At("x/a"), At("y/a")));
        Assert.Null(Files.AreSame(At("x"), At("z")));
        Assert.Null(Files.AreSame(At("z"), At("x")));
    }

    [Fact]
    public void Creating_never_touches_a_file_that_is_there()
    {
        Assert.Null(Files.Create(At("a"), Old));

        Assert.Equal("it exists already", Files.Create(At("a"), New));
        Assert.Equal(Old, Files.Read(At("a")).Bytes);
    }

    [Fact]
    public void Replacing_changes_the_bytes()
    {
        Assert.Null(Files.Create(At("a"), Old));

        Assert.Null(Files.Replace(At("a"), New));
        Assert.Equal(New, Files.Read(At("a")).Bytes);
    }

    [Fact]
    public void Replacing_leaves_nothing_else_in_the_folder()
    {
        Assert.Null(Files.Create(At("a"), Old));
        Assert.Null(Files.Replace(At("a"), New));

        Assert.Equal(["a"], Files.List(Folder));
    }

    [Fact]
    public void A_missing_file_is_not_replaced_and_not_created()
    {
        Assert.Equal("there is no such file", Files.Replace(At("a"), New));
        Assert.Equal(FileKind.Missing, Files.Stat(At("a")).Kind);
    }

    [Fact]
    public void A_missing_file_is_a_kind_and_not_a_problem()
    {
        var stat = Files.Stat(At("nothing/here"));

        Assert.Equal(FileKind.Missing, stat.Kind);
        Assert.Null(stat.Problem);
    }

    [Fact]
    public void Reading_says_why_it_could_not()
    {
        Assert.Null(Files.Create(At("folder/a"), Old));

        Assert.Equal("there is no such file", Files.Read(At("b")).Problem);
        Assert.Equal("it is a folder", Files.Read(At("folder")).Problem);
        Assert.Null(Files.Read(At("b")).Bytes);
    }

    [Fact]
    public void A_file_over_the_limit_is_not_read()
    {
        Assert.Null(Files.Create(At("a"), New));

        var read = Files.Read(At("a"), limit: 5);
        Assert.Null(read.Bytes);
        Assert.Equal("it is larger than 5 bytes", read.Problem);
    }

    [Fact]
    public void A_file_of_just_the_limit_is_read()
    {
        Assert.Null(Files.Create(At("a"), New));

        Assert.Equal(New, Files.Read(At("a"), limit: New.Length).Bytes);
    }

    [Fact]
    public void A_stat_tells_kind_and_length()
    {
        Assert.Null(Files.Create(At("folder/a"), New));

        Assert.Equal((FileKind.File, New.Length), (Files.Stat(At("folder/a")).Kind, Files.Stat(At("folder/a")).Length));
        Assert.Equal(FileKind.Folder, Files.Stat(At("folder")).Kind);
    }

    [Fact]
    public void A_digest_is_that_of_the_bytes()
    {
        Assert.Null(Files.Create(At("a"), New));

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(New)), Files.Digest(At("a")).Sha256);
        Assert.Equal("there is no such file", Files.Digest(At("b")).Problem);
        Assert.Equal("it is a folder", Files.Digest(Folder).Problem);
    }

    [Fact]
    public void Names_are_listed_in_ordinal_order()
    {
        foreach (var name in (string[])["b", "a", "B", "ä", "c/inner"])
        {
            Assert.Null(Files.Create(At(name), Old));
        }

        Assert.Equal(["B", "a", "b", "c", "ä"], Files.List(Folder));
    }

    [Fact]
    public void A_folder_that_is_not_there_has_no_names() => Assert.Empty(Files.List(At("nothing")));

    [Fact]
    public void A_folder_that_cannot_be_read_says_why()
    {
        Assert.Null(Files.Create(At("x/a"), Old));

        Assert.Equal(["a"], Files.ReadFolder(At("x")).Names);
        Assert.Null(Files.ReadFolder(At("x")).Problem);
        Assert.Equal(new FolderRead(null, "there is no such folder"), Files.ReadFolder(At("nothing")));
        Assert.Equal(new FolderRead(null, "it is no folder"), Files.ReadFolder(At("x/a")));
    }

    [Fact]
    public void An_own_file_can_be_written_and_so_can_one_that_is_not_there_yet()
    {
        Assert.Null(Files.Create(At("a"), Old));

        Assert.True(Files.CanWrite(At("a")));
        Assert.True(Files.CanWrite(At("b")));
        Assert.True(Files.CanWrite(At("new/folder/b")));
    }

    [Fact]
    public void A_folder_cannot_be_written_as_a_file()
    {
        Assert.False(Files.CanWrite(Folder));
        Assert.Equal("it is a folder", Files.Replace(Folder, New));
        Assert.Equal("it is a folder", Files.Create(Folder, New));
    }

    [Fact]
    public void The_space_of_a_path_is_known_also_before_it_exists()
    {
        var space = Files.Space(At("not/yet"));

        Assert.NotNull(space);
        Assert.InRange(space.Value.Free, 0, space.Value.Total);
    }

    [Fact]
    public void Bytes_that_are_not_text_survive()
    {
        byte[] bytes = [0, 0xFF, 0xFE, (byte)'\r', (byte)'\n', 0xC3, 0x28];
        Assert.Null(Files.Create(At("a"), Encoding.UTF8.GetBytes("x")));
        Assert.Null(Files.Replace(At("a"), bytes));

        Assert.Equal(bytes, Files.Read(At("a")).Bytes);
    }

    protected string At(string relative) => Path.Combine(Folder, relative);
}
