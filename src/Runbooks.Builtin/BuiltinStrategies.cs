using System.Collections.Immutable;
using Runbooks.Advisor.Strategies;
using Runbooks.Builtin.Strategies.Application;
using Runbooks.Builtin.Strategies.Configuration;
using Runbooks.Builtin.Strategies.Database;
using Runbooks.Builtin.Strategies.Inconclusive;
using Runbooks.Builtin.Strategies.Infrastructure;
using Runbooks.Builtin.Strategies.None;
using Runbooks.Builtin.Strategies.Sequential;

namespace Runbooks.Builtin;

/// <summary>The strategies that come with the product, in the order in which they are considered. A test compares the list with the folders.</summary>
public static class BuiltinStrategies
{
    /// <summary>First what forbids or leaves open, then the handbook's tree: database before infrastructure before configuration before application.</summary>
    public static ImmutableArray<IStrategy> All =>
    [
        new NoneStrategy(),
        new InconclusiveStrategy(),
        new SequentialStrategy(),
        new DatabaseStrategy(),
        new InfrastructureStrategy(),
        new ConfigurationStrategy(),
        new ApplicationStrategy(),
    ];
}
