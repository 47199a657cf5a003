using System.Collections.Immutable;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Checks.Tcp;

/// <summary>Whether a TCP port can be connected to.</summary>
/// <param name="Address">Host and port in one text; <see cref="TcpAddress"/> takes it apart.</param>
public sealed record TcpCheck(Rendered Address, TimeSpan Timeout) : CheckQuestion
{
    public override bool IsKnown => Address.IsKnown;

    public override ImmutableArray<PlannedEffect> ByHand => Address.IsKnown && TcpAddress.Parse(Address.Display) is { } place ? [Containers.ByHand.Start("nc", "-vz", place.Host, $"{place.Port}")] : [];

    public override string Statement => $"{Address.Display} accepts TCP connections";
}

/// <summary>A place to connect to.</summary>
public readonly record struct TcpAddress(string Host, int Port)
{
    /// <summary>Reads <c>host:port</c>, <c>127.0.0.1:80</c> or <c>[::1]:80</c>; null when it is none of those.</summary>
    public static TcpAddress? Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(text.AsSpan(colon + 1), System.Globalization.NumberStyles.None, null, out var port) || port is < 1 or > 65535)
        {
            return null;
        }

        var host = text[..colon];
        if (host is ['[', .. var inner, ']'])
        {
            return inner.Contains(':') ? new TcpAddress(inner, port) : null;
        }

        return host.Contains(':') || host.Any(c => char.IsWhiteSpace(c) || c == '/') ? null : new TcpAddress(host, port);
    }
}
