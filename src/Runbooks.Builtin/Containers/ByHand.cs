using Runbooks.Engine.Kinds;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Containers;

/// <summary>Programs that a person starts to look at something; the tool starts none of them.</summary>
internal static class ByHand
{
    public static ProgramStart Start(params ReadOnlySpan<string> words) => new([.. words.ToArray().Select(Rendered.Literal)], "", []);

    public static ProgramStart With(ProgramStart start, params ReadOnlySpan<Rendered> words) => start with { Argv = [.. start.Argv, .. words] };
}
