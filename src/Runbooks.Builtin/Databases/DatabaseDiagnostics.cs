using System.Collections.Immutable;
using Runbooks.Language.Diagnostics;

namespace Runbooks.Builtin.Databases;

/// <summary>What can be wrong with saying which database is meant.</summary>
public static class DatabaseDiagnostics
{
    public static readonly Descriptor BadName = new("RB3160", "database-name", "the name of a database could be read as something else", Severity.Error,
        "The programs of PostgreSQL take a name with '=' in it, or one that begins like a URL, as a whole description of a connection; those of MySQL take one with a quote for SQL. Host, port, user and password have fields of their own.");

    public static readonly Descriptor NotOnePlace = new("RB3161", "database-place", "it is not said where the programs of the database run", Severity.Error,
        "They run inside a Compose service, inside a container, or on this machine: at most one of 'service' and 'container'. The fields of a Compose project go with a service only.");

    public static readonly Descriptor PlainPassword = new("RB3162", "database-password", "a password is written down", Severity.Error,
        "A password comes from a variable with 'secret: true', so that it is in no plan, no journal and no repository.");

    public static readonly ImmutableArray<Descriptor> All = [BadName, NotOnePlace, PlainPassword];
}
