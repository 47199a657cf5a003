using System.Collections.Immutable;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Fields;
using Runbooks.Language.Playbooks;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Checks.Tcp;

/// <summary><c>tcp:</c> asks whether somebody accepts connections.</summary>
public sealed class TcpCheckKind : CheckKind<TcpCheck>
{
    public override KindDeclaration Declaration { get; } = new("tcp", "A port accepts connections.", () => new FieldSet("'tcp'",
    [
        new Field("address", FieldShape.Text, "host and port in one: 'localhost:5432', '[::1]:5432'") { NotEmpty = true },
        new Field("host", FieldShape.Text, "name or address of the host, beside 'port'") { NotEmpty = true },
        new Field("port", FieldShape.Integer, "the port, beside 'host'") { Minimum = 1, Maximum = 65535 },
        new Field("timeout", FieldShape.Duration, "how long the connection may take; none in time does not hold") { Default = "3s", Minimum = 1, Maximum = 100_000 },
    ])
    { Shorthand = "address" });

    public override ImmutableArray<Descriptor> Descriptors => TcpDiagnostics.All;

    public override TcpCheck? Plan(Inputs inputs, PlanContext context)
    {
        if (AddressOf(inputs) is not { } address)
        {
            context.Report(TcpDiagnostics.NoAddress, inputs.Span, "give either 'address', or 'host' and 'port'", "for example tcp: localhost:5432");
            return null;
        }

        if (address.IsKnown && TcpAddress.Parse(address.Reveal()) is null)
        {
            context.Report(TcpDiagnostics.BadAddress, inputs.SpanOf(inputs.IsGiven("address") ? "address" : "host"), $"'{address.Display}' is not a host and a port", "for example localhost:5432, or [::1]:5432");
            return null;
        }

        return new TcpCheck(address, inputs.Duration("timeout"));
    }

    public override async Task<Verdict> AskAsync(TcpCheck question, CheckContext context, CancellationToken cancel)
    {
        if (TcpAddress.Parse(question.Address.Reveal()) is not { } address)
        {
            return Verdict.Unknown($"'{question.Address.Display}' is not a host and a port");
        }

        var answer = await context.Ports.Network.ConnectAsync(address.Host, address.Port, question.Timeout, cancel);
        return answer.Problem is null ? Verdict.Holds("connected") : answer.IsDown ? Verdict.DoesNotHold(answer.Problem) : Verdict.Unknown(answer.Problem);
    }

    private static Rendered? AddressOf(Inputs inputs)
    {
        var (whole, host, port) = (inputs.OptionalText("address"), inputs.OptionalText("host"), inputs.OptionalInteger("port"));
        return (whole, host, port) switch
        {
            ({ } address, null, null) => address,
            (null, { } name, { } number) when name.IsKnown && name.Reveal().Contains(':') => Rendered.Of([.. Rendered.Literal("[").Parts, .. name.Parts, .. Rendered.Literal($"]:{number}").Parts]),
            (null, { } name, { } number) => Rendered.Of([.. name.Parts, .. Rendered.Literal($":{number}").Parts]),
            _ => null,
        };
    }
}
