using System.Collections.Immutable;
using Runbooks.Language.Diagnostics;

namespace Runbooks.Builtin.Checks.Http;

/// <summary>What can be wrong with an <c>http:</c> check, besides what can be wrong with a request.</summary>
public static class HttpCheckDiagnostics
{
    public static readonly Descriptor NoBody = new("RB3200", "http-no-body", "a check looks at a body that is not there", Severity.Error,
        "The answer to a HEAD request never has a body, so nothing can be asked of it. Use GET.");

    public static readonly ImmutableArray<Descriptor> All = [NoBody];
}
