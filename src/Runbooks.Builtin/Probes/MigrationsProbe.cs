using System.Collections.Immutable;
using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Advisor.Migrations;
using Runbooks.Advisor.Situations;
using Runbooks.Builtin.Checks.Migration;

namespace Runbooks.Builtin.Probes;

/// <summary>What the files of the migrations say that each of them does, forward and back.</summary>
public sealed class MigrationsProbe : IProbe
{
    public string Name => "migrations";

    public string Source => "the files of the migrations";

    public ImmutableArray<string> Facts => [FactKeys.Migrations, FactKeys.SchemaCompatible];

    public TimeSpan Limit => TimeSpan.FromSeconds(15);

    public Task<ProbeAnswer> LookAsync(Sight sight, CancellationToken cancel)
    {
        if (sight.Subject.Project?.Migrations is not { } declared || MigrationWords.Tool(declared.Tool) is not { } tool)
        {
            return Task.FromResult(ProbeAnswer.Of());
        }

        var folder = declared.Folder.Length > 0 ? declared.Folder : ".";
        var (files, problem) = MigrationFolder.Read(sight.Ports.Files, Path.GetFullPath(folder, sight.Subject.Directory), folder, tool, cancel);
        return Task.FromResult(problem is null
            ? ProbeAnswer.Of(new MigrationFilesReading($"the files in {folder}", sight.Now, folder, MigrationReading.Read(tool, files)))
            : ProbeAnswer.Unknown(problem));
    }
}
