namespace Runbooks.Host.Tests;

public sealed class HostMachineTests
{
    private readonly HostMachine _machine = new();

    [Fact]
    public void A_process_has_the_same_stamp_each_time()
    {
        var stamp = _machine.ProcessStamp(_machine.ProcessId);

        Assert.NotNull(stamp);
        Assert.Equal(stamp, _machine.ProcessStamp(_machine.ProcessId));
    }

    [Fact]
    public void A_process_that_is_not_there_has_no_stamp() => Assert.Null(_machine.ProcessStamp(int.MaxValue));

    [Fact]
    public void Two_processes_have_two_stamps()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "process 1 can be read by everybody on Linux only");

        Assert.NotEqual(_machine.ProcessStamp(1), _machine.ProcessStamp(_machine.ProcessId));
    }

    [Fact]
    public void Random_bytes_are_as_many_as_asked_and_not_always_the_same()
    {
        Assert.Equal(16, _machine.RandomBytes(16).Length);
        Assert.NotEqual(_machine.RandomBytes(16).ToArray(), _machine.RandomBytes(16).ToArray());
    }
}
