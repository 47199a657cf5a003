using System.Collections.Immutable;
using Runbooks.Advisor.Assessing;

namespace Runbooks.Builtin.Probes;

/// <summary>Looks at one side of a deployment, read-only. What it sees is a value; what that means is said by <see cref="Assessor"/>.</summary>
public interface IProbe
{
    /// <summary>Its name, one word.</summary>
    string Name { get; }

    /// <summary>What it asks, for people.</summary>
    string Source { get; }

    /// <summary>The facts that are not known without it.</summary>
    ImmutableArray<string> Facts { get; }

    /// <summary>How long it may take at most; the deadline of all of them can be shorter.</summary>
    TimeSpan Limit { get; }

    /// <summary>Looks. What goes wrong is a problem of the answer; an exception counts as one.</summary>
    Task<ProbeAnswer> LookAsync(Sight sight, CancellationToken cancel);
}

/// <param name="Readings">Empty when nothing was seen.</param>
/// <param name="Problems">What could not be found out, a sentence each.</param>
public sealed record ProbeAnswer(ImmutableArray<Reading> Readings, ImmutableArray<string> Problems)
{
    public static ProbeAnswer Of(params ReadOnlySpan<Reading> readings) => new([.. readings], []);

    public static ProbeAnswer Unknown(string why) => new([], [why]);
}
