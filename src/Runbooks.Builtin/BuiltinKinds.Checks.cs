using System.Collections.Immutable;
using Runbooks.Engine.Kinds;

namespace Runbooks.Builtin;

public static partial class BuiltinKinds
{
    public static ImmutableArray<ICheckKind> Checks { get; } = [];
}
