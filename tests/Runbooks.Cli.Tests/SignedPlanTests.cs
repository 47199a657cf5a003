namespace Runbooks.Cli.Tests;

/// <summary>Plans with a signature, and runs that ask for one.</summary>
public sealed class SignedPlanTests
{
    [Fact]
    public async Task A_signed_plan_runs_where_a_signature_is_required_and_the_record_names_the_key()
    {
        using var project = SavedPlanTests.Made();
        var fingerprint = await KeyAsync(project, "deploy");
        await SavedPlanTests.SaveAsync(project, "--sign", "deploy.key");

        (await project.RunAsync("exec", "--plan", "plan.json", "--require-signed", "deploy.pub")).Expect(0);

        Assert.Equal(fingerprint, project.Record().State.SavedPlan?.SignedBy);
    }

    [Fact]
    public async Task Several_keys_can_be_believed_as_files_or_as_a_folder()
    {
        using var project = SavedPlanTests.Made();
        await KeyAsync(project, "keys/one");
        await KeyAsync(project, "keys/two");
        await KeyAsync(project, "other");
        await SavedPlanTests.SaveAsync(project, "--sign", "keys/two.key");
        project.Write("both.pub", File.ReadAllText(project.At("other.pub")) + File.ReadAllText(project.At("keys/two.pub")));

        foreach (var keys in (string[][])[["--require-signed", "keys"], ["--require-signed", "other.pub", "--require-signed", "keys/two.pub"], ["--require-signed", "both.pub"]])
        {
            (await project.RunAsync(["exec", "--plan", "plan.json", "--dry-run", .. keys])).Expect(0);
        }

        await SavedPlanTests.RefusedAsync(project, ["exec", "--plan", "plan.json", "--require-signed", "other.pub", "--require-signed", "keys/one.pub"], "is not a signature of plan.json by one of the keys in other.pub, keys/one.pub");
    }

    [Fact]
    public async Task Without_a_signature_or_with_one_of_another_key_it_is_refused()
    {
        using var project = SavedPlanTests.Made();
        await KeyAsync(project, "deploy");
        await KeyAsync(project, "other");
        await SavedPlanTests.SaveAsync(project);
        await SavedPlanTests.RefusedAsync(project, ["exec", "--plan", "plan.json", "--require-signed", "deploy.pub"], "plan.json is not signed: plan.json.sig: there is no such file");

        await SavedPlanTests.SaveAsync(project, "--sign", "other.key");
        await SavedPlanTests.RefusedAsync(project, ["exec", "--plan", "plan.json", "--require-signed", "deploy.pub"], "plan.json.sig is not a signature of plan.json by the key in deploy.pub");
    }

    [Fact]
    public async Task A_signature_is_of_this_file_and_of_no_other()
    {
        using var project = SavedPlanTests.Made();
        await KeyAsync(project, "deploy");
        await SavedPlanTests.SaveAsync(project, "--sign", "deploy.key");
        var text = await File.ReadAllTextAsync(project.At("plan.json"), project.Cancellation);
        string[] exec = ["exec", "--plan", "plan.json", "--require-signed", "deploy.pub"];

        project.Write("plan.json", text + " ");
        await SavedPlanTests.RefusedAsync(project, exec, "is not a signature of plan.json");

        // The same plan, saved again: what was signed is the copy, which runs once.
        var again = (await project.RunAsync("plan", "pb.yml", "--var", "version=v2", "-o", "plan.json")).Expect(0);
        Assert.Contains("warning: plan.json.sig is the signature of an earlier plan", again.Error);
        await SavedPlanTests.RefusedAsync(project, exec, "is not a signature of plan.json");

        project.Write("plan.json", text);
        project.Write("plan.json.sig", "no signature");
        await SavedPlanTests.RefusedAsync(project, exec, "is not a signature of plan.json");
    }

    [Fact]
    public async Task A_key_pair_is_made_for_its_owner_and_overwrites_nothing()
    {
        using var project = new Project();
        await KeyAsync(project, "deploy");
        var before = project.Snapshot();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, new FileInfo(project.At("deploy.key")).UnixFileMode);
        Assert.Contains("exists already", (await project.RunAsync("keys", "new", "-o", "deploy")).Expect(2).Error);
        File.Delete(project.At("deploy.pub"));
        Assert.Contains("deploy.key: it exists already; nothing was written", (await project.RunAsync("keys", "new", "-o", "deploy")).Expect(2).Error);
        Assert.Equal(before.Count - 1, project.Snapshot().Count);
    }

    [Fact]
    public async Task A_signature_can_be_checked_without_this_program()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        Assert.SkipUnless(folders.Any(f => File.Exists(Path.Combine(f, "openssl"))), "needs openssl");
        using var project = SavedPlanTests.Made();
        await KeyAsync(project, "deploy");
        await SavedPlanTests.SaveAsync(project, "--sign", "deploy.key");

        (await project.ProgramAsync(Project.Find("openssl"), "dgst", "-sha256", "-verify", "deploy.pub", "-signature", "plan.json.sig", "plan.json")).Expect(0);
        (await project.ProgramAsync(Project.Find("openssl"), "dgst", "-sha256", "-sign", "deploy.key", "-out", "plan.json.sig", "plan.json")).Expect(0);
        (await project.RunAsync("exec", "--plan", "plan.json", "--require-signed", "deploy.pub")).Expect(0);
    }

    [Fact]
    public async Task Key_files_that_are_none_are_told()
    {
        using var project = SavedPlanTests.Made();
        await KeyAsync(project, "deploy");
        await SavedPlanTests.SaveAsync(project, "--sign", "deploy.key");
        Directory.CreateDirectory(project.At("empty"));

        Assert.Contains("app.yml holds no public key", await ExecAsync("app.yml"));
        Assert.Contains("only public keys belong there", await ExecAsync("deploy.key"));
        Assert.Contains("there is no public key (*.pub) in empty", await ExecAsync("empty"));
        Assert.Contains("missing.pub: there is no such file", await ExecAsync("missing.pub"));
        Assert.Contains("deploy.pub is a public key; a private one signs", (await project.RunAsync("plan", "pb.yml", "--var", "version=v2", "-o", "new.json", "--sign", "deploy.pub")).Expect(2).Error);
        Assert.False(project.Has("new.json"));
        Assert.Empty(project.Records());

        async Task<string> ExecAsync(string keys) => (await project.RunAsync("exec", "--plan", "plan.json", "--require-signed", keys)).Expect(2).Error;
    }

    /// <returns>The fingerprint.</returns>
    private static async Task<string> KeyAsync(Project project, string name) => (await project.RunAsync("keys", "new", "-o", name)).Expect(0).Out.Split('\n')[0]["key ".Length..];
}
