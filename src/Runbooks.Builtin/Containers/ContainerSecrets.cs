using Runbooks.Builtin.Releases;
using Runbooks.Engine.Ports;
using Runbooks.Engine.Running;

namespace Runbooks.Builtin.Containers;

/// <summary>
/// What a container says can hold what was put into its environment: an application that cannot log in often writes with what. A run does not know such secrets, because no playbook names them; they are told
/// by the names of the variables and by what they look like.
/// </summary>
internal static class ContainerSecrets
{
    /// <summary>Takes them out of a text of these containers, after the secrets that are known.</summary>
    public static Func<string, string> Mask(IEnumerable<ContainerState> containers, Func<string, string> known)
    {
        var secrets = new SecretValues();
        foreach (var (name, value) in containers.SelectMany(c => c.Environment))
        {
            secrets.Add(name, value);
        }

        var mask = new SecretMask(secrets.Values);
        return mask.IsEmpty ? known : text => mask.Text(known(text));
    }
}
