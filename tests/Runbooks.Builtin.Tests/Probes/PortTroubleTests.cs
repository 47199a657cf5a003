using System.Collections.Immutable;
using System.Text;
using Runbooks.Advisor.Assessing;
using Runbooks.Advisor.Reading;
using Runbooks.Advisor.Situations;
using Runbooks.Builtin.Probes;
using Runbooks.Engine.Ports;
using Runbooks.Engine.Releases;
using Runbooks.Language.Text;
using Runbooks.Testing;

namespace Runbooks.Builtin.Tests.Probes;

/// <summary>What is behind the ports refuses, hangs or answers rubbish: an assessment comes all the same, says what is unknown, and shows no secret.</summary>
public sealed class PortTroubleTests
{
    private const string Rubbish = "\0\u001b[31m{\"}\u2028 not an answer ";

    private static ContainerState Nonsense { get; } = new()
    {
        Id = "",
        Name = "",
        Status = Rubbish,
        ImageReference = Rubbish,
        ImageId = "",
        Error = Rubbish,
        Health = "",
        HealthOutput = Rubbish,
        ExitCode = int.MinValue,
        RestartCount = long.MaxValue,
        CreatedAt = DateTimeOffset.MaxValue,
        StartedAt = DateTimeOffset.MinValue,
        FinishedAt = DateTimeOffset.MaxValue,
        PublishedPorts = [0, -1, 70_000],
        Networks = [""],
        Command = [""],
        Labels = ImmutableSortedDictionary<string, string>.Empty.Add("com.docker.compose.project", "shop").Add("com.docker.compose.service", Rubbish),
    };

    /// <summary>Each with the facts that must not be known, and some that must.</summary>
    private static readonly ImmutableArray<(string Name, Func<AssessedWorld> World, string[] Unknown, string[] Known)> Cases =
    [
        ("nothing is wrong", () => new AssessedWorld(), [], [FactKeys.Changes, FactKeys.Migrations, FactKeys.SystemState, FactKeys.Traffic, FactKeys.PreviousReleaseAvailable, FactKeys.TargetImagePresent, FactKeys.DiskFull, FactKeys.GitDirty]),
        ("the engine refuses", () => new AssessedWorld { Docker = new DockerAnswers { Problem = "permission denied" } },
            [FactKeys.SystemState, FactKeys.Deployed, FactKeys.Changes, FactKeys.TargetImagePresent, FactKeys.OtherActors, FactKeys.Swarm, FactKeys.DiskFull], [FactKeys.Traffic, FactKeys.GitDirty]),
        ("the engine answers nonsense", () => new AssessedWorld { Docker = new DockerAnswers { DataFolder = Rubbish }.Container(Nonsense).Event(new EngineEvent(DateTimeOffset.MinValue, Rubbish, Rubbish, -1, Nonsense.Labels)) },
            [FactKeys.DiskFull], [FactKeys.Traffic, FactKeys.GitDirty]),
        ("no program is there", () => new AssessedWorld { Processes = new ScriptedProcesses { Missing = ["git", "docker", "docker-compose", "systemctl", "psql"] } },
            [FactKeys.GitDirty, FactKeys.Migrations, FactKeys.OtherActors], [FactKeys.SystemState, FactKeys.Traffic, FactKeys.PreviousReleaseAvailable]),
        ("programs fail", () => new AssessedWorld { Processes = new ScriptedProcesses(_ => new ScriptedEnd(128, Rubbish)) }, [FactKeys.GitDirty, FactKeys.Migrations], [FactKeys.SystemState, FactKeys.Traffic]),
        ("programs print nonsense", () => new AssessedWorld { Processes = new ScriptedProcesses(_ => new ScriptedEnd(0, Rubbish + AssessedWorld.Password)) }, [FactKeys.GitDirty, FactKeys.Migrations], [FactKeys.SystemState, FactKeys.Traffic]),
        ("nobody answers", () => new AssessedWorld { Network = new NetworkAnswers().Silence(AssessedWorld.Url) }, [], [FactKeys.SystemState, FactKeys.Traffic]),
        ("the answer is no HTTP", () => new AssessedWorld { Network = new NetworkAnswers().Answer(AssessedWorld.Url, _ => new HttpAnswer { Status = 7_777, Body = Encoding.UTF8.GetBytes(Rubbish) }) }, [FactKeys.Traffic], [FactKeys.Changes]),
        ("the record of releases is nonsense", () => new AssessedWorld().With($"{AssessedWorld.Store}/{ReleaseFiles.Journal}", Rubbish + "\n"), [FactKeys.Changes, FactKeys.TargetImagePresent], [FactKeys.SystemState, FactKeys.Traffic]),
        ("the record of releases was altered", () => new AssessedWorld().Altered(), [FactKeys.Changes, FactKeys.PreviousReleaseAvailable], [FactKeys.SystemState, FactKeys.Traffic]),
        ("the key is nonsense", () => new AssessedWorld().With($"{AssessedWorld.Store}/{ReleaseFiles.KeyFile}", Rubbish), [], [FactKeys.SystemState, FactKeys.Traffic]),
        ("the project file is nonsense", () => new AssessedWorld().With($"{AssessedWorld.Folder}/runbook.yml", Rubbish), [FactKeys.Migrations], [FactKeys.PreviousReleaseAvailable]),
        ("the Compose file is nonsense", () => new AssessedWorld().With($"{AssessedWorld.Folder}/docker-compose.yml", Rubbish), [], [FactKeys.SystemState, FactKeys.PreviousReleaseAvailable]),
        ("a backup is on record", BackupsProbeTests.Saved, [], [FactKeys.BackupAvailable, FactKeys.PreviousReleaseAvailable]),
        ("the record of runs is nonsense", () => Saved(s => s.With("runs/1/journal.jsonl", Encoding.UTF8.GetBytes(Rubbish + "\n"))), [FactKeys.BackupAvailable], [FactKeys.PreviousReleaseAvailable]),
        ("the plan of a run is nonsense", () => Saved(s => s.With("runs/1/plan.json", Encoding.UTF8.GetBytes($"{{\"steps\":[7,{{\"id\":\"save\",\"actions\":[{{\"effect\":\"program\",\"argv\":[7]}},null]}}]}}"))), [FactKeys.BackupAvailable], [FactKeys.PreviousReleaseAvailable]),
        ("the plan of a run is gone", () => Saved(s => s.With("runs/1/plan.json", null)), [FactKeys.BackupAvailable], [FactKeys.PreviousReleaseAvailable]),
        ("a dump is read as nonsense", () => BackupsProbeTests.Saved() with { Processes = new ScriptedProcesses(_ => new ScriptedEnd(0, Rubbish + AssessedWorld.Password)) }, [FactKeys.BackupAvailable], [FactKeys.PreviousReleaseAvailable]),
        ("a dump is not read", () => BackupsProbeTests.Saved() with { Processes = new ScriptedProcesses(_ => new ScriptedEnd(1, $"pg_restore: {Rubbish}{AssessedWorld.Password}")) }, [FactKeys.BackupAvailable], [FactKeys.PreviousReleaseAvailable]),
        ("migrations are nonsense", () => new AssessedWorld().With($"{AssessedWorld.Folder}/migrations/versions/a1.py", Rubbish), [], [FactKeys.SystemState, FactKeys.Migrations]),
    ];

    private static AssessedWorld Saved(Func<RecordedStore, RecordedStore> change)
    {
        var world = BackupsProbeTests.Saved();
        return world with { Runs = change(Assert.IsType<RecordedStore>(world.Runs)) };
    }

    public static TheoryData<string> Names => [.. Cases.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task An_assessment_comes_and_says_what_is_unknown(string name)
    {
        var (_, make, unknown, known) = Cases.Single(c => c.Name == name);
        var world = make();
        var sight = world.Sight();

        var collecting = Collector.CollectAsync(BuiltinProbes.All, sight, TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        while (!collecting.IsCompleted)
        {
            // Samples lie a second apart.
            world.Time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        var assessment = Assessor.Assess(world.Subject, await collecting, sight.Mask);
        var (text, json) = (AssessmentText.Write(assessment), AssessmentJson.Write(assessment));
        var read = FactsReader.Read(new SourceText("facts.json", json));
        Assert.Empty(read.Diagnostics);
        Assert.DoesNotContain(text, c => char.IsControl(c) && c != '\n');
        Assert.DoesNotContain(AssessedWorld.Password, text + json + AssessmentMarkdown.Write(assessment), StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", json, StringComparison.Ordinal);
        Assert.All(unknown, fact => Assert.False(IsKnown(json, fact), $"{fact} is known:\n{text}"));
        Assert.All(known, fact => Assert.True(IsKnown(json, fact), $"{fact} is not known:\n{text}"));
    }

    private static bool IsKnown(string json, string fact)
    {
        using var document = System.Text.Json.JsonDocument.Parse(json);
        var value = document.RootElement.GetProperty(fact);
        return value.ValueKind != System.Text.Json.JsonValueKind.Null && !(value.ValueKind == System.Text.Json.JsonValueKind.String && value.GetString() == "unknown");
    }
}
