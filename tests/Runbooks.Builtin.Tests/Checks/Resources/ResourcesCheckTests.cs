using Microsoft.Extensions.Time.Testing;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;
using Runbooks.Testing;
using static Runbooks.Testing.Containers;

namespace Runbooks.Builtin.Tests.Checks.Resources;

public sealed class ResourcesCheckTests
{
    private const long MiB = 1 << 20;

    private static readonly ContainerState App = OfService("app");
    private static readonly ContainerState Limited = App with { CpuLimit = 0.5, MemoryLimit = 200 * MiB };
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 5, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("80%", 3.2, VerdictKind.Holds)]
    [InlineData("80%", 3.3, VerdictKind.DoesNotHold)]
    [InlineData("80 %", 0, VerdictKind.Holds)]
    [InlineData("1.5", 1.5, VerdictKind.Holds)]
    [InlineData("1.5", 1.6, VerdictKind.DoesNotHold)]
    [InlineData("100%", 4, VerdictKind.Holds)]
    public async Task Without_a_limit_a_share_is_one_of_all_cpus_of_the_machine(string most, double busy, VerdictKind expected)
    {
        var verdict = await AskAsync(Engine(App, Sample(0, cpu: 100), Sample(2, cpu: 100 + (busy * 2))), $"max_cpu: {most}", "sample: 2s");

        Assert.Equal(expected, verdict.Kind);
        Assert.Equal(FormattableString.Invariant($"shop-app-1: CPU {busy * 25:0.##}% ({busy:0.##} of the 4 that the machine has)"), verdict.Observed);
    }

    [Theory]
    [InlineData("80%", 0.4, VerdictKind.Holds)]
    [InlineData("80%", 0.41, VerdictKind.DoesNotHold)]
    [InlineData("0.45", 0.45, VerdictKind.Holds)]
    [InlineData("0.45", 0.46, VerdictKind.DoesNotHold)]
    public async Task With_a_limit_a_share_is_one_of_the_cpus_that_it_may_use(string most, double busy, VerdictKind expected)
    {
        var verdict = await AskAsync(Engine(Limited, Sample(0, cpu: 1), Sample(1, cpu: 1 + busy)), $"max_cpu: {most}");

        Assert.Equal((expected, FormattableString.Invariant($"shop-app-1: CPU {busy * 200:0.##}% ({busy:0.##} of the 0.5 that it may use)")), (verdict.Kind, verdict.Observed));
    }

    [Theory]
    [InlineData("90%", 180, VerdictKind.Holds)]
    [InlineData("90%", 181, VerdictKind.DoesNotHold)]
    [InlineData("150MiB", 150, VerdictKind.Holds)]
    [InlineData("150MiB", 151, VerdictKind.DoesNotHold)]
    public async Task Memory_is_a_share_of_its_limit_or_a_size_and_the_larger_sample_counts(string most, int used, VerdictKind expected)
    {
        foreach (var samples in (ContainerUsage[][])[[Sample(0, memory: used), Sample(1, memory: 5)], [Sample(0, memory: 5), Sample(1, memory: used)]])
        {
            var verdict = await AskAsync(Engine(Limited, samples), $"max_memory: {most}");

            Assert.Equal((expected, FormattableString.Invariant($"shop-app-1: memory {used / 2.0:0.##}% ({used} MiB of the 200 MiB that it may use)")), (verdict.Kind, verdict.Observed));
        }
    }

    [Theory]
    [InlineData("25%", 2048, VerdictKind.Holds)]
    [InlineData("25%", 2100, VerdictKind.DoesNotHold)]
    public async Task Memory_without_a_limit_is_a_share_of_that_of_the_machine(string most, int used, VerdictKind expected) =>
        Assert.Equal(expected, (await AskAsync(Engine(App, Sample(0, memory: used), Sample(1, memory: used)), $"max_memory: {most}")).Kind);

    [Fact]
    public async Task A_limit_above_what_the_machine_has_limits_nothing()
    {
        var wide = App with { CpuLimit = 64, MemoryLimit = 64L << 30 };

        var verdict = await AskAsync(Engine(wide, Sample(0, cpu: 1, memory: 6144), Sample(1, cpu: 4, memory: 6144)), "max_cpu: 60%", "max_memory: 60%");

        Assert.Equal(VerdictKind.DoesNotHold, verdict.Kind);
        Assert.Equal("shop-app-1: CPU 75% (3 of the 4 that the machine has), memory 75% (6 GiB of the 8 GiB that the machine has)", verdict.Observed);
    }

    [Theory]
    [InlineData(1_000_000_000, VerdictKind.Holds)]
    [InlineData(1_000_000_001, VerdictKind.DoesNotHold)]
    public async Task What_was_written_is_compared_with_a_size_at_once(long written, VerdictKind expected)
    {
        var verdict = await Check("max_disk: 1GB").AskAsync(Engine(App).Written(App.Id, written));

        Assert.Equal((expected, "shop-app-1: disk 953.7 MiB written"), (verdict.Kind, verdict.Observed));
    }

    [Fact]
    public async Task Each_container_of_a_service_counts_and_the_worst_is_told()
    {
        var second = OfService("app", number: 2);
        var docker = Engine(App, Sample(0), Sample(1)).Container(second).Usage(second.Id, Sample(0), Sample(1, cpu: 5));

        var verdict = await AskAsync(docker, "max_cpu: 50%");

        Assert.Equal(VerdictKind.DoesNotHold, verdict.Kind);
        Assert.StartsWith("shop-app-2: CPU 100%", verdict.Observed);
        Assert.StartsWith("shop-app-1: CPU 0%", Assert.Single(verdict.Evidence));
        Assert.Equal("2 containers, each within its limits", (await AskAsync(Engine(App).Container(second), "max_cpu: 50%")).Observed);
    }

    [Fact]
    public async Task One_that_uses_too_much_is_certain_although_another_is_not_known()
    {
        var second = OfService("app", number: 2);
        var docker = Engine(App, Sample(0) with { Memory = null }, Sample(1) with { Memory = null }).Container(second).Usage(second.Id, Sample(0, memory: 5000), Sample(1, memory: 5000));

        Assert.Equal(VerdictKind.DoesNotHold, (await AskAsync(docker, "max_memory: 50%")).Kind);
    }

    [Theory]
    [InlineData("exited", "shop-app-1 is exited with code 0, and only a container that runs can be measured")]
    [InlineData("created", "shop-app-1 is created, and only")]
    [InlineData("paused", "shop-app-1 is paused, and only")]
    [InlineData("restarting", "shop-app-1 is restarting after exit code 0, and only")]
    public async Task What_does_not_run_is_unknown(string status, string why)
    {
        var asked = Check("max_cpu: 100%").AskAsync(Engine(App with { Status = status }));
        Assert.True(asked.IsCompleted, "it waits for a second sample");
        var verdict = await asked;

        Assert.Equal(VerdictKind.Unknown, verdict.Kind);
        Assert.StartsWith(why, verdict.Observed);
        Assert.NotEmpty(verdict.Evidence);
    }

    [Fact]
    public async Task Where_there_is_none_it_is_unknown_also_for_what_was_written()
    {
        var verdict = await Check("max_cpu: 100%").AskAsync(new DockerAnswers());

        Assert.Equal((VerdictKind.Unknown, "there is no container of service app of project shop, so there is nothing to measure"), (verdict.Kind, verdict.Observed));
        Assert.Equal(VerdictKind.Unknown, (await Check("max_disk: 1GB").AskAsync(new DockerAnswers())).Kind);
    }

    [Fact]
    public async Task An_engine_that_does_not_answer_is_unknown()
    {
        var verdict = await Check("max_cpu: 100%").AskAsync(new DockerAnswers { Problem = "no engine" });

        Assert.Equal((VerdictKind.Unknown, "no engine"), (verdict.Kind, verdict.Observed));
    }

    [Fact]
    public async Task An_engine_that_goes_away_between_the_samples_is_unknown()
    {
        var docker = Engine(App);

        Assert.Equal(Verdict.Unknown("no engine"), await AskAsync(docker, () => docker.Problem = "no engine", "max_cpu: 100%"));
    }

    [Fact]
    public async Task A_restart_between_the_samples_is_unknown()
    {
        var docker = Engine(App, Sample(0, cpu: 1), Sample(1, cpu: 1));
        var restarted = App with { StartedAt = App.StartedAt?.AddHours(1) };

        var verdict = await AskAsync(docker, () => docker.NoContainers().Container(restarted), "max_cpu: 100%");

        Assert.Equal(VerdictKind.Unknown, verdict.Kind);
        Assert.StartsWith("service app of project shop was started anew while it was measured", verdict.Observed);
    }

    [Fact]
    public async Task What_ends_between_the_samples_is_unknown()
    {
        var docker = Engine(App);

        var verdict = await AskAsync(docker, () => docker.NoContainers().Container(App with { Status = "exited" }), "max_memory: 100%");

        Assert.Equal(Verdict.Unknown("shop-app-1 ended while it was measured: ask again with 'within'"), verdict);
    }

    [Fact]
    public async Task A_second_container_that_appears_between_the_samples_is_unknown()
    {
        var docker = Engine(App);

        Assert.Equal(VerdictKind.Unknown, (await AskAsync(docker, () => docker.Container(OfService("app", number: 2)), "max_memory: 100%")).Kind);
    }

    [Theory]
    [InlineData("max_cpu: 100%", "no numbers of its CPU time")]
    [InlineData("max_memory: 100%", "no numbers of its memory: is the control group 'memory' switched on")]
    public async Task Missing_numbers_are_unknown(string asked, string why)
    {
        var (empty, whole) = (new ContainerUsage(Start), Sample(1));
        foreach (var samples in (ContainerUsage[][])[[empty, empty with { At = Start.AddSeconds(1) }], [empty, whole], [Sample(0), empty with { At = Start.AddSeconds(1) }]])
        {
            var verdict = await AskAsync(Engine(App, samples), asked);

            Assert.Equal(VerdictKind.Unknown, verdict.Kind);
            Assert.Contains(why, verdict.Observed);
        }
    }

    [Fact]
    public async Task Without_the_size_of_the_machine_only_amounts_can_be_told()
    {
        ContainerUsage[] samples = [Sample(0) with { MachineCpus = null, MemoryLimit = null }, Sample(1, cpu: 1.5) with { MachineCpus = null, MemoryLimit = null }];

        Assert.Equal(VerdictKind.Unknown, (await AskAsync(Engine(App, samples), "max_cpu: 100%")).Kind);
        Assert.Equal(VerdictKind.Unknown, (await AskAsync(Engine(App, samples), "max_memory: 100%")).Kind);
        Assert.Equal("shop-app-1: CPU 0.5, memory 50 MiB", (await AskAsync(Engine(App, samples), "max_cpu: 0.5", "max_memory: 50MiB")).Observed);
        Assert.Equal(VerdictKind.DoesNotHold, (await AskAsync(Engine(App, samples), "max_cpu: 0.4")).Kind);
        Assert.Equal(VerdictKind.Holds, (await AskAsync(Engine(Limited, samples), "max_cpu: 100%", "max_memory: 100%")).Kind);
    }

    [Fact]
    public async Task The_same_sample_twice_and_a_counter_that_runs_backwards_are_unknown()
    {
        Assert.Equal(VerdictKind.Unknown, (await AskAsync(Engine(App, Sample(1), Sample(1)), "max_cpu: 100%")).Kind);
        Assert.Equal(VerdictKind.Unknown, (await AskAsync(Engine(App, Sample(0, cpu: 9), Sample(1, cpu: 1)), "max_cpu: 100%")).Kind);
    }

    [Fact]
    public async Task An_engine_that_does_not_count_what_is_written_is_unknown() =>
        Assert.Equal(VerdictKind.Unknown, (await Check("max_disk: 1GB").AskAsync(Engine(App).Written(App.Id, null))).Kind);

    [Fact]
    public async Task A_wait_between_the_samples_can_be_cancelled()
    {
        using var cancel = new CancellationTokenSource();
        var check = Check("max_cpu: 100%");
        var asked = check.AskAsync(check.Question, UnusedPorts.All with { Docker = Engine(App), Time = new FakeTimeProvider() }, cancel.Token);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
    }

    [Theory]
    [InlineData("at most 80% of its CPUs, in two samples 1s apart", "max_cpu: 80%")]
    [InlineData("at most 1.5 CPUs, at most 90% of its memory and at most 1GB of disk for what it wrote, in two samples 5s apart", "max_cpu: 1.5", "max_memory: 90%", "max_disk: 1GB", "sample: 5s")]
    [InlineData("at most 512MB of memory, in two samples 1s apart", "max_memory: 512MB")]
    [InlineData("at most 1GB of disk for what it wrote", "max_disk: 1GB")]
    public void The_statement_says_all_that_is_asked(string statement, params string[] fields) =>
        Assert.Equal($"service app of project shop uses {statement}", Check(fields).Statement);

    [Theory]
    [InlineData("RB3310", "resources: { container: x }")]
    [InlineData("RB3310", "resources: { container: x, sample: 1s }")]
    [InlineData("RB3311", "resources: { container: x, max_cpu: 0% }")]
    [InlineData("RB3311", "resources: { container: x, max_cpu: 101% }")]
    [InlineData("RB3311", "resources: { container: x, max_cpu: 0 }")]
    [InlineData("RB3311", "resources: { container: x, max_cpu: 512MB }")]
    [InlineData("RB3311", "resources: { container: x, max_memory: 512 }")]
    [InlineData("RB3311", "resources: { container: x, max_memory: 0MB }")]
    [InlineData("RB3311", "resources: { container: x, max_memory: much }")]
    [InlineData("RB3311", "resources: { container: x, max_disk: 90% }")]
    [InlineData("RB3220", "resources: { max_cpu: 80% }")]
    [InlineData("RB3220", "resources: { container: x, service: y, max_cpu: 80% }")]
    [InlineData("RB1005", "resources: { container: x, max_cpu: 80%, sample: 10ms }")]
    [InlineData("RB1005", "resources: { container: x, max_cpu: 80%, sample: 1h }")]
    [InlineData("RB3003", "resources: { container: x, max_cpu: '{{ steps.find.stdout }}' }")]
    [InlineData("RB3004", "resources: { container: x, max_cpu: '{{ token }}' }")]
    public void Mistakes_are_found_before_anything_runs(string code, string check) => Assert.Equal([code], AskedCheck.Of(check, null, ("token!", "10%10%10%")).Errors);

    [Fact]
    public void A_bare_number_is_asked_for_its_unit() => Assert.Contains("did you mean '512MB'?", AskedCheck.Of("resources: { container: x, max_memory: 512 }").Messages);

    [Fact]
    public void The_time_between_the_samples_is_no_reason_to_give_the_answer_up() => Assert.Equal(TimeSpan.FromMinutes(7), Check("max_memory: 512MB", "sample: 5m").Question.Longest);

    private static AskedCheck Check(params string[] fields) => AskedCheck.Of($"resources:\n  service: app\n  project: shop\n{string.Concat(fields.Select(f => $"  {f}\n"))}");

    private static Task<Verdict> AskAsync(DockerAnswers docker, params string[] fields) => AskAsync(docker, () => { }, fields);

    /// <summary>Asks, does something between the samples, and lets the time between them go by.</summary>
    private static async Task<Verdict> AskAsync(DockerAnswers docker, Action between, params string[] fields)
    {
        var time = new FakeTimeProvider(Start);
        var asked = Check(fields).AskAsync(UnusedPorts.All with { Docker = docker, Time = time });
        Assert.False(asked.IsCompleted);
        between();
        time.Advance(TimeSpan.FromSeconds(fields.Contains("sample: 2s") ? 2 : 1));
        return await asked;
    }

    private static DockerAnswers Engine(ContainerState container, params ContainerUsage[] samples)
    {
        var docker = new DockerAnswers().Container(container);
        return samples.Length == 0 ? docker : docker.Usage(container.Id, samples);
    }

    /// <param name="second">After the start of the test.</param>
    /// <param name="cpu">In seconds.</param>
    /// <param name="memory">In MiB, of 8 GiB.</param>
    private static ContainerUsage Sample(double second, double cpu = 1, int memory = 50) =>
        new(Start.AddSeconds(second)) { CpuTime = TimeSpan.FromSeconds(cpu), MachineCpus = 4, Memory = memory * MiB, MemoryLimit = 8192 * MiB };
}
