namespace Runbooks.Advisor.Situations;

/// <summary>A question whose answer would decide.</summary>
/// <param name="Fact">The key of the fact that it is about.</param>
/// <param name="Command">Read-only; empty when a person has to be asked.</param>
/// <param name="Decides">What follows from which answer.</param>
public sealed record Probe(string Fact, string Question, string Command, string Decides);
