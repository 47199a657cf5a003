using Runbooks.Engine.Kinds;

namespace Runbooks.Engine.Running;

/// <summary>The three answers as the journal and the screen write them.</summary>
public static class CheckWords
{
    public static string Of(VerdictKind kind) => kind switch
    {
        VerdictKind.Holds => "holds",
        VerdictKind.DoesNotHold => "does-not-hold",
        _ => "unknown",
    };
}
