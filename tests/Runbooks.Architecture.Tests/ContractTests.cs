using Runbooks.Engine.Kinds;
using Runbooks.Testing;

namespace Runbooks.Architecture.Tests;

/// <summary>The contracts of kinds are what every kind is written against, so that their change is a diff that somebody reads.</summary>
public sealed class ContractTests
{
    [Fact]
    public void The_contracts_of_kinds_are_on_record()
    {
        var contracts = typeof(IKind).Assembly.GetExportedTypes().Where(t => t.Namespace == typeof(IKind).Namespace).ToList();

        Assert.Contains(typeof(IStepKind), contracts);
        Assert.Contains(typeof(ICheckKind), contracts);
        Golden.Verify(ContractText.Of(contracts), "contracts.golden");
    }

    [Fact]
    public void A_change_of_a_contract_changes_its_text()
    {
        Assert.Equal(
            """
            sealed record Before : Shape
              new(int Count, string? Name)
              int Count { get; init; }
              Int16 Half { get; init; }
              string? Name { get; init; }
              string Title(bool long = False)

            abstract record Shape
              protected virtual int Weight()

            """,
            ContractText.Of([typeof(Planted.Shape), typeof(Planted.Before)]));
    }

    private static class Planted
    {
        public abstract record Shape
        {
            protected virtual int Weight() => 1;
        }

        public sealed record Before(int Count, string? Name) : Shape
        {
            public short Half { get; init; }

            public string Title(bool @long = false) => @long ? Name ?? "" : "";
        }
    }
}
