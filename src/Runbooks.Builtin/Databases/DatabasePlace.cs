using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Runbooks.Builtin.Compose;
using Runbooks.Builtin.Programs;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Fields;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Databases;

/// <summary>Where the programs of a database run, and to which server they connect.</summary>
/// <param name="Database">Its name.</param>
/// <param name="Entry">The words that lead into a container; empty on this machine.</param>
/// <param name="Options">Host, port and user.</param>
/// <param name="Environment">Of the program that is started; the password is here and nowhere else.</param>
public abstract partial record DatabasePlace(string Database, ImmutableArray<string> Entry, ImmutableArray<string> Options, ImmutableArray<EnvironmentAddition> Environment)
{
    protected const string DatabaseName = "database";
    private const string Service = "service";
    private const string Container = "container";
    private const string Host = "host";
    private const string Port = "port";
    private const string User = "user";
    private const string Password = "password";

    /// <summary>What its programs say is looked at, so that it is asked for in one language.</summary>
    private const string Language = "LC_ALL";

    /// <summary>The client program.</summary>
    public abstract string Client { get; }

    /// <summary>The SQL that the client takes.</summary>
    public abstract SqlDialect Dialect { get; }

    /// <summary>A start of the client that asks one query, in a transaction that cannot write.</summary>
    public abstract ProgramStart Asking(PlanContext context, DatabaseQuery query);

    /// <summary>What the client reads from its standard input to ask one query so; the words with which it is started are the same for each.</summary>
    public abstract Rendered Asked(DatabaseQuery query);

    /// <summary>The rows of what the client printed.</summary>
    public abstract ImmutableArray<DatabaseRow> Rows(string output);

    /// <summary>The fields by which a step says it; <see cref="ReadPlace"/> reads them.</summary>
    /// <param name="database">What is done to the database.</param>
    /// <param name="server">The name of the product.</param>
    /// <param name="socket">What stands for a socket in the place of a host.</param>
    protected internal static ImmutableArray<Field> Fields(string database, string server, string socket) =>
    [
        new Field(DatabaseName, FieldShape.Text, database) { Required = true, NotEmpty = true, IsShown = true },
        new Field(Service, FieldShape.Text, $"the Compose service inside which the programs of {server} run") { Otherwise = "they run on this machine", IsShown = true },
        new Field(Container, FieldShape.Text, "the container inside which they run, by its name") { IsShown = true },
        new Field(User, FieldShape.Text, "the role that they connect as") { Otherwise = "what they take themselves", IsShown = true },
        new Field(Host, FieldShape.Text, $"the server, or {socket}, as seen from where they run") { Otherwise = "what they take themselves", IsShown = true },
        new Field(Port, FieldShape.Integer, "its port") { Otherwise = "what they take themselves", Minimum = 1, Maximum = 65535 },
        new Field(Password, FieldShape.Text, "passed on as an environment variable, never as a word of a program"),
        .. ComposeFields.All,
    ];

    /// <summary>Reads the fields.</summary>
    /// <param name="passwordVariable">The environment variable in which the programs look for the password.</param>
    /// <param name="userOption">The option that names the user.</param>
    /// <param name="hostOption">The option that names the host.</param>
    /// <returns>Null when something is wrong: the context was told what.</returns>
    protected static (string Database, ImmutableArray<string> Entry, ImmutableArray<string> Options, ImmutableArray<EnvironmentAddition> Environment)? ReadPlace(
        Inputs inputs,
        PlanContext context,
        string passwordVariable,
        string userOption,
        Func<string, string> hostOption)
    {
        var (database, user, host) = (Word(inputs, DatabaseName, context), Word(inputs, User, context), Word(inputs, Host, context));
        if (EntryOf(inputs, context) is not { } entry || database is not { Length: > 0 } || user is null || host is null)
        {
            return null;
        }

        // What is empty is not given, so that a playbook can leave it to a variable.
        var password = inputs.OptionalText(Password) is { } given && !(given.IsKnown && given.Reveal().Length == 0) ? given : null;
        if (password is { IsKnown: true, HasSecret: false })
        {
            context.Report(DatabaseDiagnostics.PlainPassword, inputs.SpanOf(Password), "the password is written in the playbook", "declare a variable with 'secret: true' and 'from_env', and write its name in {{ }}");
            return null;
        }

        ImmutableArray<string> options =
        [
            .. host.Length > 0 ? [hostOption(host)] : Array.Empty<string>(),
            .. inputs.OptionalInteger(Port) is { } port ? [$"--port={port}"] : Array.Empty<string>(),
            .. user.Length > 0 ? [$"{userOption}={user}"] : Array.Empty<string>(),
        ];
        ImmutableArray<EnvironmentAddition> environment =
        [
            new(Language, Rendered.Literal("C")),
            .. password is not null ? [new EnvironmentAddition(passwordVariable, password)] : Array.Empty<EnvironmentAddition>(),
        ];
        return (database, entry, options, environment);
    }

    /// <summary>A start of one of its programs, which never asks for a password.</summary>
    public ProgramStart Start(PlanContext context, string program, params ReadOnlySpan<string> words) => ProgramSteps.Start(
        [
            .. Entry.Length > 0 ? Entry[..^1].Concat(Environment.SelectMany(e => (string[])["-e", e.Name])).Append(Entry[^1]).Select(Rendered.Literal) : [],
            Rendered.Literal(program),
            .. words.ToArray().Select(Rendered.Literal),
        ],
        context) with
    { Environment = Environment };

    public ImmutableArray<Requirement> Requirements(IEnumerable<ProgramStart> starts) =>
    [
        .. starts.SelectMany(s => ProgramSteps.RequirementsOf(s)).Distinct(),
        .. Entry.IsEmpty ? [] : (Requirement[])[new DockerEngineRequirement()],
    ];

    /// <summary>A text that becomes a word of a program; empty when it is not given, null when it is not known.</summary>
    private static string? Word(Inputs inputs, string field, PlanContext context)
    {
        if (inputs.OptionalText(field) is not { } text)
        {
            return "";
        }

        if (text.IsKnown)
        {
            return text.Reveal();
        }

        context.Report(TemplateDiagnostics.NotKnown, inputs.SpanOf(field), $"'{field}' must be known when the plan is made, {text.Display} is not");
        return null;
    }

    private static bool IsEmpty(Inputs inputs, Field field) => field.Shape switch
    {
        FieldShape.TextList => inputs.Texts(field.Name).All(t => t.IsKnown && t.Reveal().Length == 0),
        FieldShape.Text => inputs.OptionalText(field.Name) is not { } text || (text.IsKnown && text.Reveal().Length == 0),
        _ => false,
    };

    private static ImmutableArray<string>? EntryOf(Inputs inputs, PlanContext context)
    {
        var (service, container) = (Word(inputs, Service, context), Word(inputs, Container, context));
        if (service is null || container is null)
        {
            return null;
        }

        if (service.Length > 0 && container.Length > 0)
        {
            context.Report(DatabaseDiagnostics.NotOnePlace, inputs.SpanOf(Container), $"give either '{Service}' or '{Container}'");
            return null;
        }

        if (service.Length == 0 && ComposeFields.All.FirstOrDefault(f => inputs.IsGiven(f.Name) && !IsEmpty(inputs, f)) is { } useless)
        {
            context.Report(DatabaseDiagnostics.NotOnePlace, inputs.SpanOf(useless.Name), $"'{useless.Name}' means nothing without '{Service}'");
            return null;
        }

        foreach (var (field, name) in (ReadOnlySpan<(string, string)>)[(Service, service), (Container, container)])
        {
            if (name.Length > 0 && !Name().IsMatch(name))
            {
                context.Report(ComposeDiagnostics.NotAService, inputs.SpanOf(field), $"'{name}' is not the name of a {field}");
                return null;
            }
        }

        // The name comes last: options that every program has in common are put before it.
        return container.Length > 0 ? ["docker", "exec", "-i", container]
            : service.Length == 0 ? []
            : ComposeProjects.ReadForCommand(inputs, context) is { } project ? [.. project.Words, "exec", "-T", service]
            : null;
    }

    [GeneratedRegex(@"\A[a-zA-Z0-9._][a-zA-Z0-9._-]*\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Name();
}
