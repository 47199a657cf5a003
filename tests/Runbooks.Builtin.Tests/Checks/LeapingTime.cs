namespace Runbooks.Builtin.Tests.Checks;

/// <summary>A clock on which every wait is over at once, and has taken as long as it should.</summary>
/// <param name="waited">Told the time since the start at the end of each wait, before what waited goes on.</param>
internal sealed class LeapingTime(Action<TimeSpan> waited) : TimeProvider
{
    private TimeSpan _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => AskedCheck.RunStarted + _now;

    public override long GetTimestamp() => _now.Ticks;

    /// <summary>Lets time go by outside of a wait.</summary>
    public void Leap(TimeSpan by) => _now += by;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        _now += dueTime;
        waited(_now);
        callback(state);
        return new Over();
    }

    private sealed class Over : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => false;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
