using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Runbooks.Engine.Releases;

namespace Runbooks.Builtin.Probes;

/// <summary>The names by which registries have the image of a service.</summary>
internal static partial class RegistryNames
{
    /// <summary>Repository and digest; first those of the repository that the service names itself.</summary>
    public static ImmutableArray<string> Of(ServiceSnapshot service) =>
        [.. service.Digests.Where(d => Named().IsMatch(d)).OrderByDescending(d => IsOf(service.Reference, d.Split('@')[0]))];

    private static bool IsOf(string reference, string repository) =>
        reference.StartsWith(repository, StringComparison.Ordinal) && (reference.Length == repository.Length || reference[repository.Length] is ':' or '@');

    /// <summary>An engine has others too: one without a repository is called <c>&lt;none&gt;</c>.</summary>
    [GeneratedRegex(@"\A[a-z0-9][A-Za-z0-9_.:/-]*@sha256:[0-9a-f]{64}\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Named();
}
