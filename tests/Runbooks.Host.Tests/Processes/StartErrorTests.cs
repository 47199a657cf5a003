using Runbooks.Engine.Ports;

namespace Runbooks.Host.Tests.Processes;

[Collection(ProcessTests.Name)]
public sealed class StartErrorTests : IDisposable
{
    private readonly Rig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task A_name_that_is_not_on_PATH()
    {
        await Refuses(_rig.Spec("no-such-program"), "'no-such-program' was not found on PATH");
    }

    [Fact]
    public async Task The_PATH_of_the_childs_environment_counts()
    {
        Write("tool", "#!/bin/sh\necho mine\n", executable: true);
        ProcessSpec spec = _rig.Spec("tool");

        await Refuses(spec, "'tool' was not found on PATH");
        spec = spec with { Environment = spec.Environment.Add("PATH", "/nowhere:" + _rig.Folder) };
        Assert.Equal("mine\n", await _rig.OutputOfAsync(spec));
        Assert.Equal(_rig.Folder + "/tool", _rig.Processes.Find("tool", "/", spec.Environment));
    }

    [Fact]
    public async Task A_file_on_PATH_that_may_not_be_executed_is_passed_over_and_named_when_there_is_no_other()
    {
        string closed = Write("tool", "#!/bin/sh\n", executable: false);
        ProcessSpec spec = _rig.Spec("tool");
        spec = spec with { Environment = spec.Environment.Add("PATH", _rig.Folder) };
        await Refuses(spec, $"permission denied: '{closed}' is not executable (chmod +x makes it so)");

        Write("second/tool", "#!/bin/sh\necho second\n", executable: true);
        Assert.Equal("second\n", await _rig.OutputOfAsync(spec with { Environment = spec.Environment.SetItem("PATH", _rig.Folder + ":second") }));
    }

    [Fact]
    public async Task A_path_that_does_not_exist()
    {
        await Refuses(_rig.Spec("./missing.sh"), $"'./missing.sh' does not exist ({_rig.Folder}/missing.sh)");
        Assert.Null(_rig.Processes.Find("./missing.sh", _rig.Folder, _rig.Spec().Environment));
    }

    [Fact]
    public async Task A_relative_path_belongs_to_the_working_directory()
    {
        Write("bin/tool", "#!/bin/sh\necho here\n", executable: true);

        Assert.Equal("here\n", await _rig.OutputOfAsync(_rig.Spec("bin/tool")));
        Assert.Equal(_rig.Folder + "/bin/tool", _rig.Processes.Find("./bin/tool", _rig.Folder, _rig.Spec().Environment));
    }

    [Fact]
    public async Task A_directory()
    {
        await Refuses(_rig.Spec("/tmp"), "'/tmp' is a directory, not a program");
    }

    [Fact]
    public async Task A_text_without_a_first_line_that_names_a_program_is_not_given_to_a_shell()
    {
        string text = Write("text", "touch x\n", executable: true);

        await Refuses(_rig.Spec("./text"), $"exec format error: '{text}' has no '#!' line and is not a program for this machine");
        Assert.False(File.Exists(Path.Combine(_rig.Folder, "x")));
    }

    [Fact]
    public async Task A_script_whose_interpreter_does_not_exist()
    {
        string script = Write("script", "#!/no/such/interpreter\n", executable: true);

        await Refuses(_rig.Spec("./script"), $"'{script}' exists, but the interpreter that its '#!' line or its format names does not");
    }

    [Fact]
    public async Task A_word_that_is_longer_than_the_kernel_takes()
    {
        ProcessExit exit = await _rig.RunAsync(_rig.Spec("true", new string('x', 200_000)));

        Assert.StartsWith("argument list too long: 200,006 bytes of words", exit.StartError, StringComparison.Ordinal);
        Assert.Contains("the longest entry 200,000 bytes", exit.StartError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_working_directory_that_is_not_there_or_is_a_file()
    {
        await Refuses(_rig.Spec("true") with { WorkingDirectory = "/no/such" }, "the working directory '/no/such' does not exist");
        await Refuses(_rig.Spec("true") with { WorkingDirectory = "/etc/passwd" }, "the working directory '/etc/passwd' is a file");
    }

    [Fact]
    public async Task What_no_program_can_receive_is_refused_and_not_changed()
    {
        await Refuses(_rig.Spec("echo", "a\0b"), "word 2 of the command holds a NUL character, which no program can receive");
        await Refuses(_rig.Spec("echo", "ok", "\ud800"), "word 3 of the command is not valid Unicode (half of a surrogate pair)");
        await Refuses(_rig.Spec(""), "the first word is empty: there is no program to start");
        ProcessSpec spec = _rig.Spec("true");
        await Refuses(spec with { Environment = spec.Environment.Add("A", "x\0y") }, "the environment variable 'A' holds a NUL character, which no program can receive");
        await Refuses(spec with { Environment = spec.Environment.Add("A=B", "x") }, "'A=B' cannot be the name of an environment variable");
    }

    [Fact]
    public async Task An_output_file_that_exists_is_not_overwritten_and_nothing_starts()
    {
        await File.WriteAllTextAsync(_rig.OutputPath, "old", Rig.Cancellation);

        ProcessExit exit = await _rig.RunAsync(_rig.Shell("touch started"), new ProcessOutput { Path = _rig.OutputPath });

        Assert.Equal(0, exit.Pid);
        Assert.Contains("already exists", exit.OutputError, StringComparison.Ordinal);
        Assert.StartsWith("its output file could not be created: ", exit.StartError, StringComparison.Ordinal);
        Assert.Equal("old", await File.ReadAllTextAsync(_rig.OutputPath, Rig.Cancellation));
        Assert.False(File.Exists(Path.Combine(_rig.Folder, "started")));
    }

    [Fact]
    public async Task A_stop_before_the_start_starts_nothing()
    {
        ProcessExit exit = await _rig.RunAsync(_rig.Shell("touch started"), stop: new StopTokens(new CancellationToken(canceled: true), default));

        Assert.True(exit.Stopped);
        Assert.Equal(0, exit.Pid);
        Assert.False(File.Exists(Path.Combine(_rig.Folder, "started")));
    }

    private async Task Refuses(ProcessSpec spec, string sentence)
    {
        ProcessExit exit = await _rig.RunAsync(spec);

        Assert.Equal(sentence, exit.StartError);
        Assert.Equal(0, exit.Pid);
        Assert.Null(exit.ExitCode);
        Assert.Null(exit.Signal);
    }

    private string Write(string name, string text, bool executable)
    {
        string path = Path.Combine(_rig.Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path) ?? _rig.Folder);
        File.WriteAllText(path, text);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, executable ? (UnixFileMode)0b111_101_101 : (UnixFileMode)0b110_100_100);
        }

        return path;
    }
}
