namespace Runbooks.Advisor.Situations;

/// <summary>How long something took when it was done before.</summary>
/// <param name="What"><see cref="Healthy"/>, or the name of a playbook.</param>
/// <param name="From">Where that is on record: a release, a run.</param>
public sealed record Measurement(string What, TimeSpan Took, string From)
{
    /// <summary>From the start of the good release until it was healthy.</summary>
    public const string Healthy = "healthy";
}
