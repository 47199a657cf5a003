using System.Collections.Immutable;
using Runbooks.Language.Diagnostics;

namespace Runbooks.Language.Yaml;

/// <summary>What can be wrong with a file before its meaning is looked at.</summary>
public static class YamlDiagnostics
{
    public static readonly Descriptor Syntax = new("RB0001", "yaml-syntax", "the file is not valid YAML", Severity.Error,
        "The YAML parser stopped here. What stands before this place was still checked, what stands after it was not. Usual causes: a missing colon or quote, "
        + "an unbalanced bracket, an indentation that fits no enclosing level.");

    public static readonly Descriptor Tab = new("RB0002", "tab-indentation", "a tab is used for indentation", Severity.Error,
        "YAML forbids tabs in indentation. Replace the tab by spaces.");

    public static readonly Descriptor DuplicateKey = new("RB0003", "duplicate-key", "a key is given twice", Severity.Error,
        "The same key stands twice in one mapping. Most YAML readers silently take the last one; here it is an error, because one of the two is not what its author believes.");

    public static readonly Descriptor SeveralDocuments = new("RB0004", "several-documents", "the file holds several documents", Severity.Error,
        "A playbook is one YAML document. Put the second one into a file of its own.");

    public static readonly Descriptor Empty = new("RB0005", "empty-file", "the file is empty", Severity.Error,
        "There is no YAML document in the file. A playbook starts with 'runbook: v1'.");

    public static readonly Descriptor KeyNotText = new("RB0006", "key-not-text", "a key is not plain text", Severity.Error,
        "Keys are single words or quoted text; a list or a mapping cannot be a key.");

    public static readonly Descriptor Alias = new("RB0007", "anchor-or-alias", "anchors and aliases are not part of the language", Severity.Error,
        "A playbook is read by people under stress: what a step does stands in the step. Use 'defaults:' for what all steps share, 'vars:' for values, 'for_each:' for repetition.");

    public static readonly Descriptor Tag = new("RB0008", "yaml-tag", "YAML tags are not part of the language", Severity.Error,
        "The type of a value comes from its field, not from a tag. Remove the tag.");

    public static readonly Descriptor TooLarge = new("RB0009", "too-large", "the file is larger than a playbook can be", Severity.Error,
        "A playbook has at most 4 MiB, 400,000 nodes and a depth of 64. Split it.");

    public static readonly Descriptor NotUtf8 = new("RB0010", "not-utf8", "the file is not UTF-8 text", Severity.Error,
        "Playbooks are UTF-8. The character at this place could not be decoded, or is one that text does not hold (a NUL, for example). Save the file as UTF-8.");

    public static readonly ImmutableArray<Descriptor> All = [Syntax, Tab, DuplicateKey, SeveralDocuments, Empty, KeyNotText, Alias, Tag, TooLarge, NotUtf8];
}
