using System.Collections.Immutable;
using Runbooks.Language.Diagnostics;

namespace Runbooks.Language.Playbooks;

/// <summary>What can be wrong between a playbook and the playbooks that it is made of.</summary>
public static class PartDiagnostics
{
    public static readonly Descriptor NoSuchPlaybook = new("RB2030", "no-such-playbook", "the playbook that a step runs cannot be read", Severity.Error,
        "'playbook' names a file beside the playbook in which it stands, else in the project's playbooks/. The name is plain text, so that everything can be checked before anything is run.");

    public static readonly Descriptor Circle = new("RB2031", "playbook-in-itself", "a playbook runs itself", Severity.Error,
        "A playbook that stands in itself, directly or through others, would never end.");

    public static readonly Descriptor BadPart = new("RB2032", "part-has-mistakes", "the playbook that a step runs has mistakes", Severity.Error,
        "They are reported too, each at its place in that file.");

    public static readonly ImmutableArray<Descriptor> All = [NoSuchPlaybook, Circle, BadPart];
}
