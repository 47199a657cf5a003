using Runbooks.Engine.Journal;

namespace Runbooks.Cli.Tests;

/// <summary>Traffic is stopped and let back in at a real nginx, and what clients are answered is what counts.</summary>
public sealed class MaintenanceTests
{
    [Fact]
    public async Task Clients_get_503_and_a_page_while_those_whom_the_rules_let_pass_reach_the_application_and_then_all_do_again()
    {
        await using var proxy = await Proxy.OpenAsync();

        (await proxy.ExecAsync("maintenance-on.yml")).Expect(0);

        var client = (await proxy.CurlAsync("/orders")).Expect(0).Out;
        Assert.StartsWith("HTTP/1.1 503 ", client, StringComparison.Ordinal);
        Assert.Contains("\nRetry-After: 300\r\n", client, StringComparison.Ordinal);
        Assert.Contains("We are back soon", client, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\nhealth", (await proxy.CurlAsync("/health")).Expect(0).Out, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\nthe shop", (await proxy.CurlAsync("/orders", from: "127.0.0.99")).Expect(0).Out, StringComparison.Ordinal);
        Assert.Single(proxy.Application.Requests, r => r.Target == "/orders");

        (await proxy.ExecAsync("maintenance-off.yml")).Expect(0);

        Assert.EndsWith("\r\n\r\nthe shop", (await proxy.CurlAsync("/orders")).Expect(0).Out, StringComparison.Ordinal);
        Assert.False(File.Exists(proxy.Switch));
        Assert.Equal(Proxy.Rules, await File.ReadAllTextAsync($"{proxy.Switch}.off", proxy.Project.Cancellation));
        Assert.All(proxy.Project.Records(), r => Assert.Equal(Conclusion.Succeeded, r.IsWhole().State.Ended?.Conclusion));
    }

    [Theory]
    [InlineData("maintenance-on.yml", "on: clients get the page already, and nothing is changed")]
    [InlineData("maintenance-off.yml", "off; reached: 200")]
    public async Task What_is_so_already_is_said_and_nothing_is_changed(string playbook, string said)
    {
        await using var proxy = await Proxy.OpenAsync();
        (await proxy.ExecAsync("maintenance-on.yml")).Expect(0);
        if (playbook == "maintenance-off.yml")
        {
            (await proxy.ExecAsync(playbook)).Expect(0);
        }

        var (reloads, files) = (proxy.Reloads, proxy.Project.Snapshot().Where(f => !f.Contains("error.log", StringComparison.Ordinal)).ToList());

        var run = (await proxy.ExecAsync(playbook)).Expect(0);

        Assert.Contains(said, run.Out, StringComparison.Ordinal);
        Assert.Equal(reloads, proxy.Reloads);
        Assert.Equal(files, proxy.Project.Snapshot().Where(f => !f.Contains("error.log", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("maintenance-on.yml")]
    [InlineData("maintenance-off.yml")]
    public async Task A_proxy_whose_configuration_is_not_right_is_left_alone(string playbook)
    {
        await using var proxy = await Proxy.OpenAsync();
        var on = playbook == "maintenance-off.yml";
        if (on)
        {
            (await proxy.ExecAsync("maintenance-on.yml")).Expect(0);
        }

        var reloads = proxy.Reloads;
        proxy.Project.Write("proxy/nginx.conf", (await File.ReadAllTextAsync(proxy.Project.At("proxy/nginx.conf"), proxy.Project.Cancellation)).Replace("proxy_pass", "proxy_passs", StringComparison.Ordinal));

        var run = (await proxy.ExecAsync(playbook)).Expect(3);

        Assert.Contains("unknown directive \"proxy_passs\"", run.Said, StringComparison.Ordinal);
        Assert.Equal((on, reloads), (File.Exists(proxy.Switch), proxy.Reloads));
        Assert.Contains(on ? " 503 " : " 200 ", (await proxy.CurlAsync("/")).Expect(0).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rules_that_nginx_cannot_read_are_found_before_it_reads_them_and_taken_away()
    {
        await using var proxy = await Proxy.OpenAsync();
        proxy.Project.Write("proxy/maintenance.rules", "retrun 503;\n");

        var run = (await proxy.ExecAsync("maintenance-on.yml")).Expect(4);

        Assert.Contains("unknown directive \"retrun\"", run.Said, StringComparison.Ordinal);
        Assert.False(File.Exists(proxy.Switch));
        // That of the undo.
        Assert.Equal(1, proxy.Reloads);
        await IsOpenAsync(proxy);
    }

    [Fact]
    public async Task A_reload_that_clients_do_not_see_is_not_believed()
    {
        await using var proxy = await Proxy.OpenAsync();

        var run = (await proxy.ExecAsync("maintenance-on.yml", "proxy_reload=true", "patience=500ms")).Expect(4);

        Assert.Contains("'clients get 503, when to come again, and the page' does not hold", run.Said, StringComparison.Ordinal);
        await IsOpenAsync(proxy);
    }

    [Fact]
    public async Task When_nobody_reaches_the_application_any_more_all_clients_are_let_in_again()
    {
        await using var proxy = await Proxy.OpenAsync();
        proxy.Project.Write("proxy/maintenance.rules", Proxy.Rules.Replace("/health", "/elsewhere", StringComparison.Ordinal));

        var run = (await proxy.ExecAsync("maintenance-on.yml", "patience=500ms")).Expect(4);

        Assert.Contains("what the rules let pass reaches the application", run.Said, StringComparison.Ordinal);
        await IsOpenAsync(proxy);
    }

    [Fact]
    public async Task A_switch_that_nginx_has_not_read_is_no_maintenance_yet()
    {
        await using var proxy = await Proxy.OpenAsync(health: 500);
        File.Copy(proxy.Project.At("proxy/maintenance.rules"), proxy.Switch);

        var run = (await proxy.ExecAsync("maintenance-on.yml")).Expect(0);

        Assert.Contains("not read: the switch is there", run.Out, StringComparison.Ordinal);
        Assert.Equal(1, proxy.Reloads);
        Assert.Contains(" 503 ", (await proxy.CurlAsync("/")).Expect(0).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_can_be_taken_back_later()
    {
        await using var proxy = await Proxy.OpenAsync();
        (await proxy.ExecAsync("maintenance-on.yml")).Expect(0);

        (await proxy.Project.RunAsync("undo", proxy.Project.Record().Id)).Expect(0);

        await IsOpenAsync(proxy);
    }

    [Fact]
    public async Task Nobody_is_let_in_while_the_application_is_not_well()
    {
        await using var proxy = await Proxy.OpenAsync();
        (await proxy.ExecAsync("maintenance-on.yml")).Expect(0);
        proxy.Health = 500;

        var run = (await proxy.ExecAsync("maintenance-off.yml", "patience=500ms")).Expect(1);

        Assert.Contains("'the application is well through the proxy' does not hold", run.Said, StringComparison.Ordinal);
        Assert.True(File.Exists(proxy.Switch));
        Assert.Contains("We are back soon", (await proxy.CurlAsync("/")).Expect(0).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_clients_do_not_get_what_they_should_the_maintenance_comes_back()
    {
        await using var proxy = await Proxy.OpenAsync();
        (await proxy.ExecAsync("maintenance-on.yml")).Expect(0);

        var run = (await proxy.ExecAsync("maintenance-off.yml", "status=404", "patience=1s")).Expect(4);

        Assert.Contains("'clients get what they should, and keep getting it' does not hold", run.Said, StringComparison.Ordinal);
        Assert.Equal(Proxy.Rules, await File.ReadAllTextAsync(proxy.Switch, proxy.Project.Cancellation));
        Assert.Contains("We are back soon", (await proxy.CurlAsync("/")).Expect(0).Out, StringComparison.Ordinal);
    }

    private static async Task IsOpenAsync(Proxy proxy)
    {
        Assert.False(File.Exists(proxy.Switch));
        Assert.EndsWith("\r\n\r\nthe shop", (await proxy.CurlAsync("/")).Expect(0).Out, StringComparison.Ordinal);
    }
}
