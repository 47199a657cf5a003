using System.Text;
using System.Text.Json;
using Runbooks.Engine.Hashing;

namespace Runbooks.Engine.Planning;

/// <summary>What tells one saved copy of a plan from all others. It is no part of the plan, and so not of its digest: the same plan can be saved again and run again.</summary>
/// <param name="PlanId">32 hexadecimal digits; a run takes it, and no other run gets it.</param>
/// <param name="PlaybookFile">Absolute path of the playbook; the plan itself names it as its author saw it.</param>
public sealed record PlanCopy(string PlanId, string PlaybookFile)
{
    internal const string Member = "saved";

    internal void Write(Utf8JsonWriter json, string digest)
    {
        json.WriteStartObject(Member);
        json.WriteString("plan_id", PlanId);
        json.WriteString("playbook_file", PlaybookFile);
        json.WriteString("sha256", Sha256Over(digest));
        json.WriteEndObject();
    }

    /// <summary>Binds the copy to its plan, so that an id that was changed by hand shows.</summary>
    internal string Sha256Over(string digest) => Sha256.Hex(Encoding.UTF8.GetBytes($"{digest}\n{PlanId}\n{PlaybookFile}\n"));
}
