using System.Collections.Immutable;
using Runbooks.Advisor.Situations;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Fields;
using Runbooks.Language.Text;
using Runbooks.Language.Yaml;
using DataLoss = Runbooks.Advisor.Migrations.DataLoss;

namespace Runbooks.Advisor.Reading;

/// <summary>Reads facts from a YAML or JSON file: all of its mistakes at once.</summary>
public sealed class FactsReader
{
    private readonly DiagnosticBag _bag;
    private readonly FactNodes _nodes;
    private readonly ImmutableSortedDictionary<string, Func<Facts, YamlNode, Facts>> _keys;

    private FactsReader(SourceText source)
    {
        _bag = new DiagnosticBag(source);
        _nodes = new FactNodes(_bag);
        _keys = Keys().ToImmutableSortedDictionary(StringComparer.Ordinal);
    }

    public static Checked<Facts> Read(SourceText source) => new FactsReader(source).Read();

    private Checked<Facts> Read()
    {
        if (string.IsNullOrWhiteSpace(_bag.Source.Content))
        {
            _bag.Add(FactDiagnostics.BadFile, new TextSpan(0, 0), "the file is empty", "for example: changes: [application]");
            return new Checked<Facts>(null, _bag.ToSorted());
        }

        var facts = Facts.None;
        switch (YamlReader.Read(_bag.Source, _bag).Root)
        {
            case YamlMapping mapping:
                foreach (var entry in mapping.Entries)
                {
                    facts = Read(facts, entry);
                }

                break;
            case { } root when !_bag.HasErrors:
                _bag.Add(FactDiagnostics.BadFile, new TextSpan(root.Span.Start, 0), $"a facts file is a mapping of facts, this is {root.Described}", "for example: changes: [application]");
                break;
        }

        return new Checked<Facts>(_bag.HasErrors ? null : facts, _bag.ToSorted());
    }

    private Facts Read(Facts facts, YamlEntry entry)
    {
        if (_keys.TryGetValue(entry.Key.Value, out var read))
        {
            return read(facts, entry.Value);
        }

        _bag.Add(FactDiagnostics.UnknownFact, entry.Key.Span, $"there is no fact '{DisplayText.Visible(entry.Key.Value)}'", Suggestion.For(entry.Key.Value, _keys.Keys) is { } near
            ? $"did you mean '{near}'?"
            : KnownVars.All.Any(v => v.Name == entry.Key.Value) ? $"'{entry.Key.Value}' belongs below 'vars'" : $"the facts are {string.Join(", ", _keys.Keys)}");
        return facts;
    }

    private Dictionary<string, Func<Facts, YamlNode, Facts>> Keys() => new(StringComparer.Ordinal)
    {
        [FactKeys.Format] = Format,
        [FactKeys.Assessment] = (facts, _) => facts,
        [FactKeys.Changes] = (facts, node) => facts with { Changes = Words(FactKeys.Changes, node, FactWords.Changes) },
        [FactKeys.Migrations] = (facts, node) => facts with { Migrations = Migrations(node) },
        [FactKeys.FailureTime] = (facts, node) => facts with { FailureTime = _nodes.Word(FactKeys.FailureTime, node, FactWords.FailureTimes, FailureTime.Unknown) },
        [FactKeys.SystemState] = (facts, node) => facts with { SystemState = _nodes.Word(FactKeys.SystemState, node, FactWords.SystemStates, SystemState.Unknown) },
        [FactKeys.Traffic] = (facts, node) => facts with { Traffic = _nodes.Word(FactKeys.Traffic, node, FactWords.Traffic, Traffic.Unknown) },
        [FactKeys.PreviousReleaseAvailable] = (facts, node) => facts with { PreviousReleaseAvailable = _nodes.Answer(FactKeys.PreviousReleaseAvailable, node) },
        [FactKeys.TargetImagePresent] = (facts, node) => facts with { TargetImagePresent = _nodes.Answer(FactKeys.TargetImagePresent, node) },
        [FactKeys.TargetImagePullable] = (facts, node) => facts with { TargetImagePullable = _nodes.Answer(FactKeys.TargetImagePullable, node) },
        [FactKeys.SchemaCompatible] = (facts, node) => facts with { SchemaCompatible = _nodes.Answer(FactKeys.SchemaCompatible, node) },
        [FactKeys.VolumeNewerThanEngine] = (facts, node) => facts with { VolumeNewerThanEngine = _nodes.Answer(FactKeys.VolumeNewerThanEngine, node) },
        [FactKeys.Deployed] = (facts, node) => facts with { Deployed = _nodes.Answer(FactKeys.Deployed, node) },
        [FactKeys.OtherFolder] = (facts, node) => facts with { OtherFolder = _nodes.Answer(FactKeys.OtherFolder, node) },
        [FactKeys.CauseInRelease] = (facts, node) => facts with { CauseInRelease = _nodes.Answer(FactKeys.CauseInRelease, node) },
        [FactKeys.DiskFull] = (facts, node) => facts with { DiskFull = _nodes.Answer(FactKeys.DiskFull, node) },
        [FactKeys.ProbeBroken] = (facts, node) => facts with { ProbeBroken = _nodes.Answer(FactKeys.ProbeBroken, node) },
        [FactKeys.BackupAvailable] = (facts, node) => facts with { BackupAvailable = _nodes.Answer(FactKeys.BackupAvailable, node) },
        [FactKeys.DatabaseBusy] = (facts, node) => facts with { DatabaseBusy = _nodes.Answer(FactKeys.DatabaseBusy, node) },
        [FactKeys.OtherActors] = (facts, node) => facts with { OtherActors = _nodes.Answer(FactKeys.OtherActors, node) },
        [FactKeys.GitDirty] = (facts, node) => facts with { GitDirty = _nodes.Answer(FactKeys.GitDirty, node) },
        [FactKeys.Swarm] = (facts, node) => facts with { Swarm = _nodes.Answer(FactKeys.Swarm, node) },
        [FactKeys.Infrastructure] = (facts, node) => facts with { Infrastructure = Words(FactKeys.Infrastructure, node, FactWords.Infrastructure) ?? [] },
        [FactKeys.Components] = (facts, node) => facts with { Components = Components(node) },
        [FactKeys.Configuration] = (facts, node) => facts with { Configuration = Configuration(node) },
        [FactKeys.Flags] = (facts, node) => facts with { Flags = Flags(node) },
        [FactKeys.Vars] = (facts, node) => facts with { Vars = Vars(node) },
        [FactKeys.Measured] = (facts, node) => facts with { Measured = Measured(node) },
        [FactKeys.Tried] = (facts, node) => facts with { Tried = Tried(node) },
        [FactKeys.Evidence] = (facts, node) => facts with { Evidence = Evidence(node) },
    };

    private Facts Format(Facts facts, YamlNode node)
    {
        if (node is not (YamlScalar { Value: "1" } or YamlBroken))
        {
            _bag.Add(FactDiagnostics.WrongValue, node.Span, $"facts of the format {node.Described} are not known", "this program reads format 1");
        }

        return facts;
    }

    private ImmutableArray<T>? Words<T>(string key, YamlNode node, ImmutableArray<(string Word, T Value)> words)
        where T : struct
    {
        if (_nodes.Items(key, node) is not { } items)
        {
            return null;
        }

        var values = ImmutableArray.CreateBuilder<T>();
        foreach (var item in items)
        {
            if (item is YamlScalar { IsNull: true })
            {
                _bag.Add(FactDiagnostics.WrongValue, item.Span, $"an item of '{key}' is empty", $"it is one of {string.Join(", ", words.Select(w => w.Word))}; when the whole is not known, leave '{key}' out");
                continue;
            }

            values.Add(_nodes.Word(key, item, words, default));
        }

        return values.ToImmutable();
    }

    private ImmutableArray<Migration>? Migrations(YamlNode node)
    {
        if (_nodes.Items(FactKeys.Migrations, node) is not { } items)
        {
            return null;
        }

        var migrations = ImmutableArray.CreateBuilder<Migration>();
        foreach (var item in items)
        {
            if (_nodes.Item("an item of 'migrations'", item, ["id", "reversible", "data_loss"], ["id"]) is not { } keys)
            {
                continue;
            }

            var migration = new Migration(
                _nodes.Text("id", keys["id"]),
                keys.TryGetValue("reversible", out var reversible) ? _nodes.Answer("reversible", reversible) : Answer.Unknown,
                keys.TryGetValue("data_loss", out var loss) ? _nodes.Word("data_loss", loss, FactWords.DataLosses, DataLoss.Unknown) : DataLoss.Unknown);
            if (migrations.FirstOrDefault(m => m.Id == migration.Id) is { } other && other != migration)
            {
                _bag.Add(FactDiagnostics.Contradiction, keys["id"].Span, $"the migration '{migration.Id}' is listed twice, and differently", "one of them is wrong");
            }

            migrations.Add(migration);
        }

        return migrations.ToImmutable();
    }

    private ImmutableArray<Component> Components(YamlNode node) => Items(FactKeys.Components, node, ["name", "change"], ["name", "change"], keys =>
        new Component(_nodes.Text("name", keys["name"]), _nodes.Word("change", keys["change"], FactWords.Changes, ChangeKind.Application)));

    private ImmutableArray<ConfigurationChange> Configuration(YamlNode node) => Items(FactKeys.Configuration, node, ["variable", "previous", "file", "inside", "set_as"], [], keys =>
        new ConfigurationChange(Text(keys, "variable"), Text(keys, "previous"), Text(keys, "file"), Text(keys, "inside")) { SetAs = Text(keys, "set_as") });

    private ImmutableArray<FlagChange> Flags(YamlNode node) => Items(FactKeys.Flags, node, ["name", "where", "file", "previous"], ["name"], keys =>
        new FlagChange(Text(keys, "name"), keys.TryGetValue("where", out var where) ? _nodes.Word("where", where, FactWords.FlagPlaces, "") : "", Text(keys, "file"), Text(keys, "previous")));

    private ImmutableArray<Measurement> Measured(YamlNode node) => Items(FactKeys.Measured, node, ["what", "took", "from"], ["what", "took"], keys =>
    {
        var text = Text(keys, "took");
        if (text.Length > 0 && Durations.Parse(text) is null)
        {
            _bag.Add(FactDiagnostics.WrongValue, keys["took"].Span, $"'{DisplayText.Visible(text)}' is not a duration", "a number with a unit: 500ms, 30s, 1m30s");
        }

        return new Measurement(Text(keys, "what"), Durations.Parse(text) ?? TimeSpan.Zero, Free(keys, "from"));
    });

    /// <returns>Null when they are not known, which is another thing than none.</returns>
    private ImmutableArray<TriedRollback>? Tried(YamlNode node) => node is YamlScalar { IsNull: true } ? null : Items(FactKeys.Tried, node, ["playbook", "run", "outcome", "target", "why"], ["playbook", "run", "outcome"], keys =>
        new TriedRollback(Text(keys, "playbook"), Text(keys, "run"), _nodes.Word("outcome", keys["outcome"], FactWords.TriedEnds, TriedEnd.Failed), keys.TryGetValue("target", out var target) ? _nodes.Map("target", target) : ImmutableSortedDictionary<string, string>.Empty)
        {
            Why = Free(keys, "why"),
        });

    private ImmutableArray<Evidence> Evidence(YamlNode node) => Items(FactKeys.Evidence, node, ["fact", "source", "observed_at", "value", "means"], ["fact", "source"], keys =>
    {
        var fact = Text(keys, "fact");
        if (fact.Length > 0 && !_keys.ContainsKey(fact))
        {
            _bag.Add(FactDiagnostics.UnknownFact, keys["fact"].Span, $"there is no fact '{fact}' that it could be evidence for", Suggestion.Hint(fact, [.. _keys.Keys]));
        }

        return new Evidence(fact, Free(keys, "source"), Free(keys, "observed_at"), Free(keys, "value"), Free(keys, "means"));
    });

    private ImmutableSortedDictionary<string, ImmutableArray<string>> Vars(YamlNode node)
    {
        var vars = ImmutableSortedDictionary.CreateBuilder<string, ImmutableArray<string>>(StringComparer.Ordinal);
        if (_nodes.Item("'vars'", node is YamlScalar { IsNull: true } ? new YamlMapping([], node.Span) : node, [.. KnownVars.All.Select(v => v.Name)], []) is { } keys)
        {
            foreach (var (name, isList, _) in KnownVars.All.Where(v => keys.ContainsKey(v.Name)))
            {
                var values = isList ? _nodes.Texts(name, keys[name]) : Text(keys, name) is { Length: > 0 } text ? [text] : [];
                if (!values.IsEmpty)
                {
                    vars[name] = values;
                }
            }
        }

        return vars.ToImmutable();
    }

    private ImmutableArray<T> Items<T>(string key, YamlNode node, ImmutableArray<string> known, ImmutableArray<string> required, Func<ImmutableSortedDictionary<string, YamlNode>, T> read) =>
        _nodes.Items(key, node) is { } items ? [.. items.Select(i => _nodes.Item($"an item of '{key}'", i, known, required)).OfType<ImmutableSortedDictionary<string, YamlNode>>().Select(read)] : [];

    private string Text(ImmutableSortedDictionary<string, YamlNode> keys, string key) => keys.TryGetValue(key, out var node) ? _nodes.Text(key, node) : "";

    private string Free(ImmutableSortedDictionary<string, YamlNode> keys, string key) => keys.TryGetValue(key, out var node) ? _nodes.Free(key, node) : "";
}
