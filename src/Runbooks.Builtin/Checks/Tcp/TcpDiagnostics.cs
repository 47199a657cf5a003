using System.Collections.Immutable;
using Runbooks.Language.Diagnostics;

namespace Runbooks.Builtin.Checks.Tcp;

/// <summary>What can be wrong with a <c>tcp:</c> check.</summary>
public static class TcpDiagnostics
{
    public static readonly Descriptor NoAddress = new("RB3210", "tcp-no-address", "it is not said where to connect", Severity.Error,
        "Give the address in one text, 'host:port', or both 'host' and 'port'; not a mixture.");

    public static readonly Descriptor BadAddress = new("RB3211", "tcp-bad-address", "a text is not a host and a port", Severity.Error,
        "Write a name or an address, a colon and a port from 1 to 65535. An IPv6 address stands in brackets: [::1]:5432.");

    public static readonly ImmutableArray<Descriptor> All = [NoAddress, BadAddress];
}
