using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Runbooks.Builtin.Checks.Migration;
using Runbooks.Builtin.Checks.Postgres;
using Runbooks.Builtin.Compose;
using Runbooks.Builtin.Databases;
using Runbooks.Builtin.Steps.Compose;
using Runbooks.Engine.Planning;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Fields;
using Runbooks.Language.Playbooks;
using Runbooks.Language.Projects;
using Runbooks.Language.Text;

namespace Runbooks.Builtin.Releases;

/// <summary>
/// What a project file says, as a playbook of which only the checks are asked: so that a project's health is asked by the same kinds, with the same words and the same three
/// answers as everything else. It is never run and never written.
/// </summary>
public sealed class ProjectPlaybook
{
    private const string Password = "db_password";

    private ProjectPlaybook(Plan plan, ImmutableArray<string> secrets, ComposeProject compose)
    {
        (Plan, Secrets, Compose) = (plan, secrets, compose);
    }

    public Plan Plan { get; }

    /// <summary>The values that were taken from the environment.</summary>
    public ImmutableArray<string> Secrets { get; }

    public ComposeProject Compose { get; }

    internal DatabaseCheck? ServerVersion => Plan.Guards.Select(g => g.Question).OfType<QueryCheck>().FirstOrDefault();

    internal SessionsCheck? Sessions => Plan.Guards.Select(g => g.Question).OfType<SessionsCheck>().FirstOrDefault();

    internal MigrationCheck? Migration => Plan.Validations.Select(v => v.Question).OfType<MigrationCheck>().FirstOrDefault();

    /// <summary>Makes the plan.</summary>
    /// <param name="directory">Absolute: the project's folder.</param>
    /// <param name="logsSince">How far back logs are read.</param>
    /// <returns>The plan; or what is wrong with what the project file says, a sentence each.</returns>
    public static (ProjectPlaybook? Made, ImmutableArray<string> Problems) Make(ProjectFile project, string directory, TimeSpan logsSince, Planner planner, Func<string, string?> environment, string engineVersion)
    {
        var source = new SourceText(project.Source.Path, TextOf(project, logsSince));
        var read = PlaybookReader.Read(source, BuiltinKinds.Catalogue);
        if (read.Value is not { } playbook || read.HasErrors)
        {
            return (null, Said(read.Diagnostics));
        }

        var bound = VarBinder.Bind(playbook, new VarInputs { Environment = environment });
        if (bound.Value is not { } vars || bound.HasErrors)
        {
            return (null, Said(bound.Diagnostics));
        }

        var made = planner.Make(new PlanRequest
        {
            Playbook = playbook,
            Vars = [.. vars.Items.Select(PlannedVar.Of)],
            Scope = vars.ToScope(),
            ProjectDirectory = directory,
            EngineVersion = engineVersion,
        });
        return made.Value is { } plan && plan.Steps[0].Action is ComposeStep { Reach: { } reach }
            ? (new ProjectPlaybook(plan, [.. vars.Secrets, .. plan.Secrets], reach.Project), [])
            : (null, Said(made.Diagnostics));
    }

    /// <summary>Its text. Everything that comes out of the project file is quoted, and was refused when it held an expression.</summary>
    internal static string TextOf(ProjectFile project, TimeSpan logsSince)
    {
        var compose = ComposeOf(project);
        var (within, holding) = (Durations.Format(project.VerifiedWithin), project.VerifiedFor);
        var text = new StringBuilder("runbook: v1\nname: release\n");
        if (project.Migrations is { PasswordEnv.Length: > 0 } secret)
        {
            text.Append($"vars:\n  {Password}: {{ type: string, secret: true, from_env: {Quoted(secret.PasswordEnv)} }}\n");
        }

        if (project.Migrations is { Database.Length: > 0 } asked)
        {
            // Guards are not asked when a release is verified.
            text.Append($"guards:\n  - postgres: {{ {PlaceOf(asked, compose)}, query: \"SELECT current_setting('server_version')\", matches: \".\" }}\n");
            // As the playbooks ask it that take migrations back.
            text.Append($"  - postgres: {{ {PlaceOf(asked, compose)}, no_dump: true, no_idle_transaction: 30s, no_lock_wait: true }}\n");
        }

        text.Append($"steps:\n  - id: project\n    compose: {{ command: up{compose} }}\nvalidations:\n");
        var services = string.Join(", ", project.Services.Select(s => Quoted(s.Name)));
        Check($"compose: {{ services: [{services}]{compose} }}", within);
        foreach (var service in project.Services.Where(s => s.Health.Length > 0))
        {
            Http(service, within);
        }

        foreach (var service in project.Services.Where(s => s.Kind != ServiceKind.Database && holding > TimeSpan.Zero))
        {
            // Five samples make four pauses.
            var every = TimeSpan.FromMilliseconds(Math.Clamp(holding.TotalMilliseconds / 4, 100, 300_000));
            Check($"stable: {{ service: {Quoted(service.Name)}, samples: 5, every: {Durations.Format(every)}{compose} }}");
        }

        foreach (var service in project.Services.Where(s => s.Health.Length > 0 && holding > TimeSpan.Zero))
        {
            Http(service, "0s");
        }

        Logs(project, logsSince, compose, line => Check(line));
        if (project.Migrations is { Database.Length: > 0 } migrations)
        {
            Check(MigrationOf(migrations, compose));
        }

        return text.ToString();

        void Check(string check, string? within = null) => text.Append($"  - {check}\n{(within is null ? "" : $"    within: {within}\n")}");

        void Http(ServiceDeclaration service, string within) =>
            Check($"http: {{ url: {Quoted(service.Health)}, status: [{string.Join(", ", service.Status.Select(Quoted))}] }}", within == "0s" ? null : within);
    }

    private static void Logs(ProjectFile project, TimeSpan since, string compose, Action<string> check)
    {
        if (project.MaxErrors is null && project.LogBaseline.Length == 0)
        {
            return;
        }

        var ignore = project.IgnoredLogs.IsEmpty ? "" : $", ignore: [{string.Join(", ", project.IgnoredLogs.Select(Quoted))}]";
        var limit = project.MaxErrors is { } most ? string.Create(CultureInfo.InvariantCulture, $", max_errors: {most}") : "";
        var baseline = project.LogBaseline.Length > 0 ? $", baseline: {Quoted(project.LogBaseline)}" : "";
        foreach (var service in project.Services.Where(s => s.Kind != ServiceKind.Database))
        {
            check($"logs: {{ service: {Quoted(service.Name)}, since: {Quoted(Durations.Format(since))}{limit}{ignore}{baseline}{compose} }}");
        }
    }

    private static string MigrationOf(ProjectMigrations migrations, string compose) =>
        $"migration: {{ tool: {migrations.Tool}, {(migrations.App.Length > 0 ? $"app: {Quoted(migrations.App)}, " : "")}{PlaceOf(migrations, compose)} }}";

    private static string PlaceOf(ProjectMigrations migrations, string compose)
    {
        var text = new StringBuilder($"database: {Quoted(migrations.Database)}");
        foreach (var (field, value) in (ReadOnlySpan<(string, string)>)[("user", migrations.User), ("host", migrations.Host), ("service", migrations.Service)])
        {
            text.Append(value.Length > 0 ? $", {field}: {Quoted(value)}" : "");
        }

        text.Append(migrations.Port is { } port ? string.Create(CultureInfo.InvariantCulture, $", port: {port}") : "");
        text.Append(migrations.PasswordEnv.Length > 0 ? $", password: \"{{{{ {Password} | default '' }}}}\"" : "");
        return text.Append(migrations.Service.Length > 0 ? compose : "").ToString();
    }

    private static string ComposeOf(ProjectFile project)
    {
        var (compose, text) = (project.Compose, new StringBuilder());
        foreach (var (field, list) in (ReadOnlySpan<(string, ImmutableArray<string>)>)[(ComposeFields.Files, compose.Files), (ComposeFields.EnvFile, compose.EnvFiles)])
        {
            text.Append(list.IsEmpty ? "" : $", {field}: [{string.Join(", ", list.Select(Quoted))}]");
        }

        foreach (var (field, value) in (ReadOnlySpan<(string, string)>)[(ComposeFields.Project, compose.Project), (ComposeFields.Directory, compose.Directory)])
        {
            text.Append(value.Length > 0 ? $", {field}: {Quoted(value)}" : "");
        }

        return text.ToString();
    }

    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    private static ImmutableArray<string> Said(ImmutableArray<Diagnostic> diagnostics) =>
        [.. diagnostics.Where(d => d.Severity == Severity.Error).Select(d => d.Hint is { } hint ? $"{d.Message}; {hint}" : d.Message).Distinct(StringComparer.Ordinal)];
}
