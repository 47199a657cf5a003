using Runbooks.Builtin.Compose;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Containers;

/// <summary>The name of the Compose project whose containers are meant. A name that is given needs no Compose file.</summary>
internal static class ProjectName
{
    /// <summary>Reads the <see cref="ComposeFields"/>.</summary>
    /// <returns>Null when it cannot be told: the context was told why.</returns>
    public static string? Read(Inputs inputs, PlanContext context)
    {
        if (inputs.OptionalText(ComposeFields.Project) is not { Parts.IsEmpty: false } given || inputs.IsGiven(ComposeFields.Files))
        {
            return ComposeProjects.Read(inputs, context)?.Name;
        }

        var span = inputs.SpanOf(ComposeFields.Project);
        if (!given.IsKnown)
        {
            context.Report(TemplateDiagnostics.NotKnown, span, $"'project' must be known when the plan is made, {given.Display} is not");
            return null;
        }

        var (name, normal) = (given.Reveal(), ComposeProject.Normalise(given.Reveal()));
        if (normal == name && name.Length > 0)
        {
            return name;
        }

        context.Report(ComposeDiagnostics.NoName, span, $"'{name}' is not the name of a Compose project", normal.Length > 0 ? $"did you mean '{normal}'?" : null);
        return null;
    }
}
