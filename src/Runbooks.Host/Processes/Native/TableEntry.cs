namespace Runbooks.Host.Processes.Native;

/// <summary>One process as the kernel's table shows it.</summary>
/// <param name="Pid">Its id.</param>
/// <param name="Parent">Its parent's id.</param>
/// <param name="Group">Its process group.</param>
/// <param name="Session">Its session.</param>
/// <param name="Started">When it started, in a unit that only this machine knows: with the pid it names a process for ever.</param>
/// <param name="Ended">A zombie: it ended and waits for its parent to ask how.</param>
/// <param name="Frozen">Stopped by a signal: it acts on others only when it goes on.</param>
internal readonly record struct TableEntry(int Pid, int Parent, int Group, int Session, ulong Started, bool Ended, bool Frozen);
