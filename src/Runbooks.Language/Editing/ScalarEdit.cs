namespace Runbooks.Language.Editing;

/// <summary>One value to set in a file.</summary>
/// <param name="Path">Where, in the notation of <see cref="ScalarPath"/>.</param>
/// <param name="Value">
/// The text the value must have afterwards. It is taken literally: nothing in it is YAML, JSON or shell. In a Compose file a <c>$</c> in it is still read by
/// Compose; <see cref="ScalarChange.AddedVariables"/> tells.
/// </param>
public sealed record ScalarEdit(string Path, string Value)
{
    /// <summary>Change the value although aliases elsewhere in the file share it; otherwise that is <see cref="EditRefusalKind.IsShared"/>.</summary>
    public bool AllowShared { get; init; }

    /// <summary>Overwrite a value that takes variables (<c>${TAG}</c>), although it will not take them afterwards; otherwise that is <see cref="EditRefusalKind.Interpolated"/>.</summary>
    public bool AllowDisconnect { get; init; }
}
