namespace Runbooks.Cli.Tests;

/// <summary>A Compose project that nothing finds by itself: under another name than its file says, made of two files, with its variables in a file elsewhere.</summary>
/// <remarks>Without the second file a service lacks its label, without the file of variables Compose refuses, and under the usual name there is no container: who forgets one of the three does not come through.</remarks>
internal sealed record Elsewhere(string Name)
{
    private const string More = "deploy/more.yml";
    private const string Variables = "deploy/it.env";

    /// <summary>Options of Docker Compose.</summary>
    public string[] Options => ["-p", Name, "-f", "docker-compose.yml", "-f", More, "--env-file", Variables];

    /// <summary>Values of a playbook.</summary>
    public string[] Values => [$"compose=docker-compose.yml,{More}", $"compose_project={Name}", $"env_file={Variables}"];

    /// <summary>The same as fields of a step.</summary>
    public string Fields => $", files: [docker-compose.yml, {More}], project: {Name}, env_file: {Variables}";

    /// <param name="variables">Lines for the file of variables.</param>
    public static IEnumerable<(string Path, string Text)> Files(string variables = "") =>
    [
        (More, "services:\n  app:\n    labels: { where: \"${WHERE:?no file of variables}\" }\n"),
        (Variables, $"WHERE=elsewhere\n{variables}"),
    ];
}
