using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using Runbooks.Advisor.Situations;
using Runbooks.Advisor.Strategies;

namespace Runbooks.Builtin.WaysBack;

/// <summary>Puts the command for a playbook together: what is known with its value, what is needed and not known as a placeholder, and nothing else.</summary>
internal sealed class CommandDraft(string playbook, Situation situation)
{
    private readonly List<CommandVar> _vars = [];

    /// <summary>The folder of the shipped playbooks, from the project's.</summary>
    public const string Folder = "playbooks";

    public PlaybookCommand Command => new($"{Folder}/{playbook}.yml", [.. _vars]);

    /// <summary>A variable that has a default: given when the facts know it.</summary>
    /// <param name="fact">The name in the facts; that of the variable when not given.</param>
    public CommandDraft Known(string variable, string? fact = null)
    {
        if (ValueOf(fact ?? variable) is { } value)
        {
            _vars.Add(new CommandVar(variable, value, MeaningOf(fact ?? variable)));
        }

        return this;
    }

    /// <summary>A variable that has none.</summary>
    public CommandDraft Needed(string variable, string? fact = null)
    {
        _vars.Add(new CommandVar(variable, ValueOf(fact ?? variable), MeaningOf(fact ?? variable)));
        return this;
    }

    /// <param name="value">Empty when it is not known.</param>
    public CommandDraft Needed(string variable, string value, string meaning)
    {
        _vars.Add(new CommandVar(variable, value.Length > 0 ? value : null, meaning));
        return this;
    }

    public CommandDraft With(string variable, string value)
    {
        if (value.Length > 0)
        {
            _vars.Add(new CommandVar(variable, value, ""));
        }

        return this;
    }

    /// <summary>What all playbooks have that go through Compose.</summary>
    public CommandDraft Compose() => Known("compose").Known("compose_project").Known("env_file").Known("url");

    /// <summary>The files that go back to a revision together: those that git is known to have, else what belongs together.</summary>
    /// <param name="more">Files that go back with the Compose files.</param>
    public CommandDraft Restored(params IEnumerable<string> more)
    {
        var vars = situation.Facts.Vars;
        var files = vars.TryGetValue("files", out var known) ? known : [.. vars.GetValueOrDefault("compose", [Default]).Concat(more).Distinct(StringComparer.Ordinal)];
        return files is [Default] ? this : With("files", Joined(files));
    }

    /// <summary>What the playbooks put back when nothing else is said.</summary>
    private const string Default = "docker-compose.yml";

    /// <summary>The service of the application: as it was given, or the one whose image changed.</summary>
    public CommandDraft Service() => With("service", ServiceOf(situation));

    /// <summary>The migrations that go back, for a tool that can do it.</summary>
    public CommandDraft Migrations(string app) => Needed("tool").Needed("head").Known("from").Known(app, "django_app").Database();

    public CommandDraft Database() => Needed("database").Known("db_service").Known("db_user").Known("db_host");

    /// <summary>Empty when it is not known.</summary>
    public static string ServiceOf(Situation situation) =>
        Single(situation, "service") is { Length: > 0 } given ? given : situation.ApplicationServices is [var first, ..] ? first : "";

    /// <summary>The services that run what goes back; empty when none is known.</summary>
    public static ImmutableArray<string> ServicesOf(Situation situation)
    {
        var workers = situation.Facts.Vars.GetValueOrDefault("workers", []);
        string[] all = [ServiceOf(situation), .. situation.ApplicationServices, .. workers.Order(StringComparer.Ordinal)];
        return [.. all.Where(s => s.Length > 0).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Empty when it is not known.</summary>
    public static string Single(Situation situation, string fact) => situation.Facts.Vars.TryGetValue(fact, out var values) && values is [var only] ? only : "";

    /// <summary>A list as one text, as a variable of type list is written on the command line.</summary>
    public static string Joined(IReadOnlyCollection<string> items) => items.All(i => i.Length > 0 && i.Trim() == i && i[0] != '[' && !i.Contains(',', StringComparison.Ordinal))
        ? string.Join(',', items)
        : $"[{string.Join(", ", items.Select(i => $"\"{JsonEncodedText.Encode(i, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\""))}]";

    private string? ValueOf(string fact)
    {
        if (!situation.Facts.Vars.TryGetValue(fact, out var values) || values.IsEmpty)
        {
            return null;
        }

        return KnownVars.All.First(v => v.Name == fact).IsList ? Joined(values) : values[0];
    }

    private static string MeaningOf(string fact) => KnownVars.All.FirstOrDefault(v => v.Name == fact).Meaning ?? "";
}
