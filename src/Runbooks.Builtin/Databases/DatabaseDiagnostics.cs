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

    public static readonly Descriptor Question = new("RB3320", "database-question", "it is not said what is asked of the database, or several things are", Severity.Error,
        "A check that asks nothing would always hold. It asks one thing: then its answer says which.");

    public static readonly Descriptor Query = new("RB3321", "database-query", "a query cannot be asked", Severity.Error,
        "A query is one statement that only asks. It is run in a transaction that cannot write; a second statement could leave that, and a backslash outside of quotes begins a command of the client program.");

    public static readonly Descriptor Expectation = new("RB3322", "database-expectation", "it is not said what the answer must be, or what cannot be", Severity.Error,
        "A query is answered by one value, or it is counted how many rows there are.");

    /// <summary>Of all kinds that say which database is meant.</summary>
    public static readonly ImmutableArray<Descriptor> All = [BadName, NotOnePlace, PlainPassword];

    /// <summary>Of the checks that ask one.</summary>
    public static readonly ImmutableArray<Descriptor> Asking = [.. All, Question, Query, Expectation];
}
