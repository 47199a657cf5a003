using System.Collections.Immutable;
using Runbooks.Builtin.Containers;
using Runbooks.Builtin.Phrasing;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Fields;

namespace Runbooks.Builtin.Checks.Resources;

/// <summary>How much every container that is meant may use.</summary>
/// <param name="Sample">How long lies between the two samples.</param>
public sealed record ResourcesCheck(ContainerChoice Choice, TimeSpan Sample) : CheckQuestion
{
    /// <summary>In processors, or as a share of those that it may keep busy; null when it does not matter.</summary>
    public ResourceLimit? Cpu { get; init; }

    /// <summary>In bytes, or as a share of what it may use; null when it does not matter.</summary>
    public ResourceLimit? Memory { get; init; }

    /// <summary>In bytes; null when it does not matter.</summary>
    public ResourceLimit? Disk { get; init; }

    /// <summary>What is measured by samples is asked.</summary>
    public bool IsSampled => Cpu is not null || Memory is not null;

    public override bool IsKnown => Choice.IsKnown;

    /// <summary>What the engine takes for its answers comes on top of the time between the samples.</summary>
    public override TimeSpan Longest => Sample + base.Longest;

    public override ImmutableArray<PlannedEffect> ByHand => [Containers.ByHand.Start("docker", "stats", "--no-stream")];

    public override string Statement
    {
        get
        {
            string?[] parts =
            [
                Cpu is null ? null : Cpu.IsShare ? $"at most {Cpu.Wanted} of its CPUs" : $"at most {Cpu.Wanted} CPUs",
                Memory is null ? null : Memory.IsShare ? $"at most {Memory.Wanted} of its memory" : $"at most {Memory.Wanted} of memory",
                Disk is null ? null : $"at most {Disk.Wanted} of disk for what it wrote",
            ];
            return $"{Choice.Noun} uses {Phrases.And(parts.OfType<string>())}{(IsSampled ? $", in two samples {Durations.Format(Sample)} apart" : "")}";
        }
    }
}

/// <summary>The most that may be used.</summary>
/// <param name="Amount">In the unit of the resource, or a share: 0.8 for 80%.</param>
/// <param name="Wanted">As it was written.</param>
public sealed record ResourceLimit(double Amount, bool IsShare, string Wanted);
