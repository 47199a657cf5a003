using Runbooks.Language.Diagnostics;
using Runbooks.Language.Projects;

namespace Runbooks.Language.Schema;

/// <summary>The JSON Schema of project files, made from the declared fields like that of playbooks.</summary>
public static class ProjectSchema
{
    private const string Identity = "urn:runbooks:project:v1";

    /// <summary>The schema as indented JSON with a final newline.</summary>
    public static string Generate() => JsonDiagnostics.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("$schema", "https://json-schema.org/draft/2020-12/schema");
        json.WriteString("$id", Identity);
        json.WriteString("title", "project");
        json.WriteString("description", "A project file of the runbook tool, language version v1.");
        FieldSchema.WriteMapping(json, ProjectFields.Project());
        json.WriteEndObject();
    });
}
