using System.Net;

namespace Runbooks.Cli.Tests;

/// <summary>The playbooks that go back to Compose files of a revision, on a machine that has Compose 1.29 and no other.</summary>
public sealed class ComposeOneInfrastructureTests
{
    [Fact]
    public async Task Compose_files_go_back_and_ones_that_do_not_start_either_are_taken_back_with_what_was_removed()
    {
        await using var shop = await ComposeRollbackTests.OpenAsync(ComposeOne.OpenVersionlessAsync);
        var before = (shop.ComposeFile, await ComposeRollbackTests.ContainersAsync(shop), await ComposeRollbackTests.VolumesAsync(shop));

        var refused = (await ComposeRollbackTests.ExecAsync(shop, "gone=web", "revision=other-volume", "image=runbooks-test/app:bad")).Expect(3);
        Assert.Contains("service cache has containers and is not in the files of other-volume: name it in 'gone'", refused.Said, StringComparison.Ordinal);
        Assert.Contains($"volume {shop.Name}_sales is not there and would be made anew", refused.Said, StringComparison.Ordinal);
        Assert.Contains("at other-volume, app has another image than runbooks-test/app:bad", refused.Said, StringComparison.Ordinal);

        (await ComposeRollbackTests.ExecAsync(shop, "gone=web,cache", "revision=unstartable", "remove_gone=before")).Expect(4);
        Assert.Equal(before, (shop.ComposeFile, await ComposeRollbackTests.ContainersAsync(shop), await ComposeRollbackTests.VolumesAsync(shop)));
        await shop.AnswersAsync(HttpStatusCode.InternalServerError);

        (await ComposeRollbackTests.ExecAsync(shop, "gone=web,cache", "remove_gone=after")).Expect(0);
        Assert.Equal(ComposeRollbackTests.Good(shop, 200), shop.ComposeFile);
        Assert.Equal("app good running 67108864 front\nworker good running 0 back,front", await ComposeRollbackTests.ContainersAsync(shop));
        Assert.Equal("what was sold\n", (await shop.ComposeAsync("exec", "-T", "app", "cat", "/data/sales")).Expect(0).Out);
    }
}
