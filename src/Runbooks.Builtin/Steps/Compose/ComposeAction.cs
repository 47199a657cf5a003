using Runbooks.Engine.Kinds;

namespace Runbooks.Builtin.Steps.Compose;

/// <summary>What the kind can perform: a step, or the way back from one.</summary>
public abstract record ComposeAction : StepAction;
