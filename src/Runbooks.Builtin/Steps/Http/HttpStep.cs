using System.Collections.Immutable;
using Runbooks.Engine.Kinds;

namespace Runbooks.Builtin.Steps.Http;

/// <summary>One request, and which answers count as done.</summary>
public sealed record HttpStep(RequestSent Request, ImmutableArray<StatusRange> Accepted, TimeSpan Timeout, bool FollowRedirects) : StepAction
{
    /// <summary>The request changes nothing by the rules of HTTP.</summary>
    public bool IsReading => EffectOf(Request.Method) == Runbooks.Language.Playbooks.Effect.Read;

    public override ActionPreview Preview => ActionPreview.Of(Request);

    public static Runbooks.Language.Playbooks.Effect EffectOf(string method) => method is "GET" or "HEAD" ? Runbooks.Language.Playbooks.Effect.Read : Runbooks.Language.Playbooks.Effect.Change;
}

/// <summary>Status codes from <paramref name="First"/> to <paramref name="Last"/>, as in <c>204</c> or <c>2xx</c>.</summary>
public readonly record struct StatusRange(int First, int Last)
{
    public bool Contains(int status) => status >= First && status <= Last;

    /// <summary>Reads <c>204</c> or <c>2xx</c>; null when the text is neither, or no status of HTTP.</summary>
    public static StatusRange? Parse(string text)
    {
        if (text is [>= '1' and <= '5', 'x' or 'X', 'x' or 'X'])
        {
            var hundreds = (text[0] - '0') * 100;
            return new StatusRange(hundreds, hundreds + 99);
        }

        return text.Length == 3 && int.TryParse(text, System.Globalization.NumberStyles.None, null, out var code) && code is >= 100 and <= 599
            ? new StatusRange(code, code)
            : null;
    }

    public override string ToString() => First == Last ? $"{First}" : $"{First / 100}xx";
}
