using Runbooks.Advisor.Situations;

namespace Runbooks.Advisor.Strategies;

/// <summary>A way back, or a reason for none: what advice can be.</summary>
public interface IStrategy
{
    /// <summary>The word of playbooks: <c>application</c>, <c>database</c> …</summary>
    string Name { get; }

    /// <summary>One line, for people: what it does.</summary>
    string Summary { get; }

    /// <summary>What it makes of a situation. Pure, and never throws.</summary>
    Opinion Consider(Situation situation);
}
