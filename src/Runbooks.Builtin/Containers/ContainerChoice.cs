using System.Collections.Immutable;
using Runbooks.Builtin.Compose;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;
using Runbooks.Language.Fields;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Containers;

/// <summary>Which containers a check means: one by its name, or those of a Compose service.</summary>
/// <param name="Service">Null when <paramref name="Name"/> is given.</param>
/// <param name="Project">Of the service; empty when the name is given.</param>
public sealed record ContainerChoice(Rendered? Name, Rendered? Service, string Project)
{
    public const string ProjectLabel = "com.docker.compose.project";
    public const string ServiceLabel = "com.docker.compose.service";

    private const string OneOffLabel = "com.docker.compose.oneoff";

    public bool IsKnown => (Name ?? Service)?.IsKnown != false;

    /// <summary>For people: "container shop-db-1", "service app of project shop".</summary>
    public string Noun => Name is not null ? $"container {Name.Display}" : $"service {Service?.Display} of project {Project}";

    /// <summary>Lists them, also those that do not run.</summary>
    internal ProgramStart Listing => Name is not null
        ? ByHand.With(ByHand.Start("docker", "ps", "--all", "--filter"), Labelled("name=", Name))
        : ByHand.With(ByHand.Start("docker", "ps", "--all", "--filter", $"label={ProjectLabel}={Project}", "--filter"), Labelled($"label={ServiceLabel}=", Service));

    /// <summary>Shows of each what it runs, and how often it was restarted.</summary>
    internal ProgramStart Inspection => Name is not null
        ? ByHand.With(ByHand.Start("docker", "container", "inspect", "--format", Form), Name)
        : ByHand.With(ByHand.Start("sh", "-c", $"docker container inspect --format '{Form}' $(docker ps --all --quiet --filter \"label={ProjectLabel}=$0\" --filter \"label={ServiceLabel}=$1\")", Project), Service ?? Rendered.Empty);

    /// <param name="since">How far back, or since when.</param>
    internal ProgramStart Logs(Rendered since) => Name is not null
        ? ByHand.With(ByHand.Start("docker", "logs", "--timestamps", "--since"), since, Name)
        : ByHand.With(ByHand.Start("docker", "compose", "--project-name", Project, "logs", "--timestamps", "--since"), since, Service ?? Rendered.Empty);

    private const string Form = "{{.Name}} {{.State.Status}}, exit code {{.State.ExitCode}}, since {{.State.StartedAt}}, {{.RestartCount}} restarts, {{.Config.Image}} {{.Image}}";

    private static Rendered Labelled(string label, Rendered? value) => Rendered.Of([.. Rendered.Literal(label).Parts, .. value?.Parts ?? []]);

    /// <summary>The fields by which a check says it; <see cref="Read"/> reads them.</summary>
    public static ImmutableArray<Field> Fields(string name, string service, string verb) =>
    [
        new Field(name, FieldShape.Text, $"the container {verb}: its name, or its id of at least 12 characters") { NotEmpty = true },
        new Field(service, FieldShape.Text, $"the Compose service {verb}: all its containers") { NotEmpty = true },
        .. ComposeFields.All,
    ];

    /// <summary>Reads the fields.</summary>
    /// <returns>Null when something is wrong: the context was told what.</returns>
    public static ContainerChoice? Read(Inputs inputs, PlanContext context, string name, string service)
    {
        var (container, of) = (inputs.OptionalText(name), inputs.OptionalText(service));
        if (container is null == of is null)
        {
            context.Report(ContainerDiagnostics.NotOne, inputs.SpanOf(container is null ? name : service), $"give either '{name}' or '{service}'");
            return null;
        }

        if (container is null)
        {
            return ProjectName.Read(inputs, context) is { } project ? new ContainerChoice(null, of, project) : null;
        }

        foreach (var field in ComposeFields.All.Where(f => inputs.IsGiven(f.Name)))
        {
            context.Report(ContainerDiagnostics.NotOne, inputs.SpanOf(field.Name), $"'{field.Name}' means nothing beside '{name}'", $"it goes with '{service}'");
            return null;
        }

        return new ContainerChoice(container, null, "");
    }

    /// <summary>Looks them up; those of <c>docker compose run</c> do not count.</summary>
    public async Task<DockerAnswer<ImmutableArray<ContainerState>>> FindAsync(IDocker docker, CancellationToken cancel)
    {
        var filter = Name is not null ? new ContainerFilter { Name = Name.Reveal() } : new ContainerFilter { Service = Service?.Reveal(), Project = Project };
        var answer = await docker.ContainersAsync(filter, cancel);
        return answer.Problem is null ? DockerAnswer<ImmutableArray<ContainerState>>.Of([.. answer.Value.Where(c => Name is not null || IsOfService(c))]) : answer;
    }

    /// <summary>Says that there is none, and where else there is one of that name: often the project is another than was thought.</summary>
    public async Task<string> NoneAsync(IDocker docker, CancellationToken cancel)
    {
        if (Service is null)
        {
            return $"there is no {Noun}";
        }

        var elsewhere = await docker.ContainersAsync(new ContainerFilter { Service = Service.Reveal() }, cancel);
        var projects = elsewhere.Problem is null
            ? elsewhere.Value.Where(IsOfService).Select(c => c.Labels.GetValueOrDefault(ProjectLabel, "")).Where(p => p.Length > 0 && p != Project).Distinct().Order(StringComparer.Ordinal).ToList()
            : [];
        return projects.Count == 0
            ? $"there is no container of {Noun}"
            : $"there is no container of {Noun}; there is one in project {string.Join(", ", projects)}: name the project with 'project' if that is meant";
    }

    /// <summary>True for what <c>docker compose up</c> made.</summary>
    public static bool IsOfService(ContainerState container) => !string.Equals(container.Labels.GetValueOrDefault(OneOffLabel), "True", StringComparison.OrdinalIgnoreCase);
}
