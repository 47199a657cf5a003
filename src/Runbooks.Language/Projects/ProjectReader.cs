using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Fields;
using Runbooks.Language.Playbooks;
using Runbooks.Language.Text;
using Runbooks.Language.Yaml;

namespace Runbooks.Language.Projects;

/// <summary>Reads a project file: all mistakes of it in one go.</summary>
public static partial class ProjectReader
{
    /// <summary>Whether a file says of itself that it is a project file, and not a playbook.</summary>
    public static bool IsOne(SourceText source)
    {
        foreach (var line in source.Content.Split('\n'))
        {
            var text = line.Trim();
            if (text.Length > 0 && text[0] != '#' && text != "---")
            {
                return text.StartsWith($"{ProjectFields.Version}:", StringComparison.Ordinal);
            }
        }

        return ProjectFile.Names.Contains(Path.GetFileName(source.Path));
    }

    /// <returns>The project when it could be read well enough to look at; with an Error among the diagnostics it must not be used.</returns>
    public static Checked<ProjectFile> Read(SourceText source)
    {
        var bag = new DiagnosticBag(source);
        var tree = YamlReader.Read(source, bag);
        if (tree.Root is not YamlMapping mapping)
        {
            if (tree.Root is not YamlBroken && !bag.HasErrors)
            {
                bag.Add(ProjectDiagnostics.NotAProject, tree.Root?.Span ?? new TextSpan(0, 0), $"a project file is a mapping, this is {tree.Root?.Described ?? "empty"}", "it begins with 'project: v1'");
            }

            return new Checked<ProjectFile>(null, bag.ToSorted());
        }

        ReportExpressions(mapping, bag);
        var reader = new FieldReader(KindCatalogue.Of([], []), bag, tree.IsPartial);
        var fields = reader.Read(mapping, ProjectFields.Project(), mapping.Entries.IsEmpty ? new TextSpan(0, 0) : mapping.Entries[0].Key.Span);
        var project = Build(source, fields);
        if (!tree.IsPartial)
        {
            ReportContradictions(project, fields, bag);
        }

        return new Checked<ProjectFile>(project, bag.ToSorted());
    }

    private static ProjectFile Build(SourceText source, BoundFields fields)
    {
        var (compose, logs, verify) = (Section(fields, ProjectFields.Compose), Section(fields, ProjectFields.Logs), Section(fields, ProjectFields.Verify));
        return new ProjectFile
        {
            Source = source,
            Fields = fields,
            Compose = new ComposeFiles(Texts(compose, ProjectFields.Files), Texts(compose, ProjectFields.EnvFile), Text(compose, ProjectFields.Name), Text(compose, ProjectFields.Directory)),
            Services = fields.Find<BoundObjects>(ProjectFields.Services) is { } services ? [.. services.Items.Select((item, i) => Service(services.Names[i], item))] : [],
            Migrations = Section(fields, ProjectFields.Migrations) is { } migrations ? Migrations(migrations) : null,
            Config = Texts(fields, ProjectFields.Config),
            Flags = Texts(fields, ProjectFields.Flags),
            IgnoredLogs = Texts(logs, ProjectFields.Ignore),
            MaxErrors = Number(logs, ProjectFields.MaxErrors),
            LogBaseline = Text(logs, ProjectFields.Baseline),
            VerifiedWithin = Time(verify, ProjectFields.Within, ProjectFields.DefaultWithin),
            VerifiedFor = Time(verify, ProjectFields.For, ProjectFields.DefaultFor),
            Notify = Texts(fields, ProjectFields.Notify),
            WebhookEnv = Text(fields, ProjectFields.WebhookEnv),
        };
    }

    private static ServiceDeclaration Service(YamlScalar name, BoundFields fields)
    {
        var kind = Enum.TryParse<ServiceKind>(Text(fields, ProjectFields.Kind), ignoreCase: true, out var read) ? read : ServiceKind.Application;
        return new ServiceDeclaration(name.Value, kind, Text(fields, ProjectFields.Health), Texts(fields, ProjectFields.Status) is { IsEmpty: false } given ? given : ["200"], name.Span);
    }

    private static ProjectMigrations Migrations(BoundFields fields) => new(Text(fields, ProjectFields.Tool))
    {
        Folder = Text(fields, ProjectFields.Folder),
        App = Text(fields, ProjectFields.App),
        Database = Text(fields, ProjectFields.Database),
        Service = Text(fields, ProjectFields.Service),
        User = Text(fields, ProjectFields.User),
        Host = Text(fields, ProjectFields.Host),
        Port = Number(fields, ProjectFields.Port),
        PasswordEnv = Text(fields, ProjectFields.PasswordEnv),
    };

    private static void ReportContradictions(ProjectFile project, BoundFields fields, DiagnosticBag bag)
    {
        var services = fields.Find<BoundObjects>(ProjectFields.Services);
        if (services is { Items.IsEmpty: true })
        {
            bag.Add(ProjectDiagnostics.NoService, services.Span, "the project has no service", "name those of the Compose files, with their kind: 'app: application'");
        }

        for (var i = 0; i < project.Services.Length && services is not null; i++)
        {
            var (service, of) = (project.Services[i], services.Items[i]);
            if (of.Find<BoundText>(ProjectFields.Health) is { } health && !IsAddress(service.Health))
            {
                bag.Add(ProjectDiagnostics.NotAnAddress, health.Span, $"'{service.Health}' is not an address that can be asked", "for example http://127.0.0.1:8080/health");
            }

            if (of.Find<BoundList>(ProjectFields.Status) is { } status && service.Health.Length == 0)
            {
                bag.Add(ProjectDiagnostics.Contradiction, status.Span, $"'status' of '{service.Name}' means nothing without 'health'");
            }
        }

        if (Section(fields, ProjectFields.Migrations) is { } section && project.Migrations is { } migrations)
        {
            ReportMigrations(project, section, migrations, bag);
        }

        ReportVariable(fields, ProjectFields.WebhookEnv, project.WebhookEnv, bag);
        if (Section(fields, ProjectFields.Logs) is { } logs && project.MaxErrors is null && project.LogBaseline.Length == 0)
        {
            bag.Add(ProjectDiagnostics.Contradiction, logs.Span, "'ignore' means nothing without 'max_errors' or 'baseline': the logs are not judged", "write 'max_errors: 0'");
        }
    }

    private static void ReportMigrations(ProjectFile project, BoundFields section, ProjectMigrations migrations, DiagnosticBag bag)
    {
        ReportVariable(section, ProjectFields.PasswordEnv, migrations.PasswordEnv, bag);
        if (migrations.Tool == "django" && migrations is { Database.Length: > 0, App.Length: 0 })
        {
            bag.Add(FieldDiagnostics.MissingField, section.Span, "'migrations' needs 'app': Django counts the migrations of each app for itself");
        }

        foreach (var (name, value) in (ReadOnlySpan<(string, string)>)[(ProjectFields.Service, migrations.Service), (ProjectFields.User, migrations.User), (ProjectFields.Host, migrations.Host), (ProjectFields.PasswordEnv, migrations.PasswordEnv)])
        {
            if (value.Length > 0 && migrations.Database.Length == 0)
            {
                bag.Add(ProjectDiagnostics.Contradiction, section.Values[name].Span, $"'{name}' means nothing without 'database'", "name the database that is migrated");
            }
        }

        if (migrations.Service.Length > 0 && !project.Services.IsEmpty && project.Services.All(s => s.Name != migrations.Service))
        {
            bag.Add(ProjectDiagnostics.NoService, section.Values[ProjectFields.Service].Span, $"'{migrations.Service}' is not one of the services of the project", Suggestion.Hint(migrations.Service, [.. project.Services.Select(s => s.Name)]));
        }
    }

    /// <summary>What stands in the place of a name may be the secret itself: it is not shown.</summary>
    private static void ReportVariable(BoundFields fields, string key, string value, DiagnosticBag bag)
    {
        if (value.Length > 0 && !VariableName().IsMatch(value))
        {
            bag.Add(new Diagnostic(ProjectDiagnostics.NotAVariable, bag.Source, fields.Values[key].Span, $"what '{key}' says is not the name of an environment variable") { Hint = $"write a name, as in '{key}: {key.ToUpperInvariant()[..^4]}', and put the value into the variable", HidesText = true });
        }
    }

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]*\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex VariableName();

    /// <summary>Values of this file become parts of checks: nothing in them may be computed there.</summary>
    private static void ReportExpressions(YamlNode node, DiagnosticBag bag)
    {
        switch (node)
        {
            case YamlScalar scalar when scalar.Value.Contains("{{", StringComparison.Ordinal) || scalar.Value.Contains("{%", StringComparison.Ordinal):
                bag.Add(ProjectDiagnostics.NotPlain, scalar.Span, "an expression in a project file", "write the value itself");
                break;
            case YamlSequence sequence:
                foreach (var item in sequence.Items)
                {
                    ReportExpressions(item, bag);
                }

                break;
            case YamlMapping mapping:
                foreach (var entry in mapping.Entries)
                {
                    ReportExpressions(entry.Key, bag);
                    ReportExpressions(entry.Value, bag);
                }

                break;
        }
    }

    private static bool IsAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address is { Scheme: "http" or "https" } && address.Host.Length > 0 && address.UserInfo.Length == 0;

    private static BoundFields? Section(BoundFields fields, string name) => fields.Find<BoundObject>(name)?.Fields;

    private static string Text(BoundFields? fields, string name) => fields?.Literal(name) ?? "";

    private static ImmutableArray<string> Texts(BoundFields? fields, string name) => fields?.Find<BoundList>(name)?.Items.Select(t => t.Source).ToImmutableArray() ?? [];

    private static long? Number(BoundFields? fields, string name) => long.TryParse(Text(fields, name), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static TimeSpan Time(BoundFields? fields, string name, string otherwise) => Durations.Parse(Text(fields, name)) ?? Durations.Parse(otherwise) ?? TimeSpan.Zero;
}
