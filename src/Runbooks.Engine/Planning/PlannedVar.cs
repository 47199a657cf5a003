using System.Collections.Immutable;
using Runbooks.Language.Playbooks;

namespace Runbooks.Engine.Planning;

/// <summary>A variable as the plan shows it.</summary>
/// <param name="Display">The value for people; secrets masked.</param>
/// <param name="Origin">Where it comes from: "--var", "default", "from DB_PASSWORD", "vars file".</param>
public sealed record PlannedVar(string Name, string Display, string Origin, bool IsSecret)
{
    /// <summary>The origin of a variable without a value.</summary>
    public const string NotGiven = "not given";

    /// <summary>The origin of a variable of a part that has its value from the playbook around it.</summary>
    public const string Given = "given by the step";

    /// <summary>The origin of a variable that must have a value and has none: a name in angle brackets stands for it.</summary>
    public const string Missing = "to be filled in";

    /// <summary>What the value was read from, and what gives it again (<see cref="VarBinding.Texts"/>); null for a secret, and when there is no value.</summary>
    public ImmutableArray<string>? Texts { get; init; }

    public bool IsList { get; init; }

    public static PlannedVar Of(VarBinding binding) => new(binding.Name, binding.Shown, OriginOf(binding), binding.Declaration.Secret)
    {
        Texts = binding.Declaration.Secret ? null : binding.Texts,
        IsList = binding.Declaration.Type == VarType.List,
    };

    private static string OriginOf(VarBinding binding) => binding.Origin switch
    {
        VarOrigin.CommandLine => "--var",
        VarOrigin.File => "vars file",
        VarOrigin.Environment => $"from {binding.Declaration.FromEnv}",
        VarOrigin.Default => "default",
        VarOrigin.Record => "from the run",
        VarOrigin.Step => Given,
        VarOrigin.Placeholder => Missing,
        _ => NotGiven,
    };
}
