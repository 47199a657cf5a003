using System.Collections.Immutable;
using System.Text;
using Runbooks.Builtin;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Fields;
using Runbooks.Testing;

namespace Runbooks.Architecture.Tests;

public sealed class KindTests
{
    private static readonly ImmutableArray<Family> Families =
    [
        new("Steps", [.. BuiltinKinds.Steps], typeof(IStepKind)),
        new("Checks", [.. BuiltinKinds.Checks], typeof(ICheckKind)),
    ];

    [Fact]
    public void Every_folder_of_a_kind_is_in_the_list_and_every_kind_of_the_list_has_its_folder()
    {
        Assert.True(BuiltinKinds.Steps.Length >= 5, "no steps found");
        foreach (var family in Families)
        {
            House.Holds(Unequal(family.Name, FoldersOf(family), family.Kinds.Select(FolderOf)));
        }
    }

    [Fact]
    public void A_folder_without_its_line_in_the_list_is_found_and_so_is_a_line_without_its_folder()
    {
        Assert.Equal(
            ["Steps/Backup is a folder, but BuiltinKinds lists no such kind", "BuiltinKinds lists Steps/Teleport, but there is no such folder"],
            Unequal("Steps", ["Backup", "Run"], ["Run", "Teleport"]));
    }

    [Fact]
    public void Every_kind_that_exists_is_in_the_list_once()
    {
        foreach (var family in Families)
        {
            var listed = family.Kinds.Select(k => k.GetType()).ToList();

            Assert.Equal(listed.Distinct(), listed);
            // What the engine performs on its own (putting files back) is not public: no playbook can name it.
            House.Holds(Product.Types.Where(t => t is { IsAbstract: false, IsClass: true, IsPublic: true } && t.IsAssignableTo(family.Contract)).Except(listed)
                .Select(t => $"{t.FullName} is a kind, but not in BuiltinKinds.{family.Name}"));
        }
    }

    [Fact]
    public void A_kind_is_called_like_its_folder_and_its_page()
    {
        foreach (var family in Families)
        {
            House.Holds(family.Kinds.SelectMany(k => Misnamed(family, k)));
        }
    }

    [Fact]
    public void Every_field_has_a_name_and_a_summary()
    {
        var fields = Families.SelectMany(f => f.Kinds).SelectMany(k => Fields(k.Declaration.Name, k.Declaration.Fields)).ToList();

        Assert.True(fields.Count > 15, $"only {fields.Count} fields found");
        House.Holds(fields.Where(f => f.Field.Summary.Length == 0 || char.IsUpper(f.Field.Summary[0]) || f.Field.Summary.EndsWith('.')).Select(f => $"{f.Path}: '{f.Field.Summary}' is not a lower-case line"));
        House.Holds(fields.Where(f => f.Field.Name.Length == 0 || f.Field.Name.Any(c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '_')).Select(f => $"{f.Path} is not snake_case"));
        House.Holds(fields.Where(f => f.Field is { Required: true, Default: not null }).Select(f => $"{f.Path} is required and has a default"));
    }

    [Fact]
    public void The_kinds_are_on_record_with_their_fields_and_codes()
    {
        var text = new StringBuilder();
        foreach (var family in Families)
        {
            foreach (var kind in family.Kinds.OrderBy(k => k.Declaration.Name, StringComparer.Ordinal))
            {
                var declaration = kind.Declaration;
                text.Append($"{family.Name.ToLowerInvariant().TrimEnd('s')} {declaration.Name}: {declaration.Summary}\n");
                if (kind.Declaration.StartsProgram || kind.Declaration.EffectIsDeclared || kind is IStepKind)
                {
                    text.Append($"  does: {declaration.Effect.ToString().ToLowerInvariant()}{(declaration.EffectIsDeclared ? ", or what the author says" : "")}{(declaration.StartsProgram ? "; starts a program" : "")}\n");
                }

                Append(text, declaration.Fields, "  ");
                if (!kind.Descriptors.IsEmpty)
                {
                    text.Append($"  codes: {string.Join(' ', kind.Descriptors.Select(d => d.Code).Order(StringComparer.Ordinal))}\n");
                }

                text.Append('\n');
            }
        }

        Golden.Verify(text.ToString().TrimEnd('\n') + "\n", "catalogue.golden");
    }

    private static IEnumerable<string> FoldersOf(Family family)
    {
        var folder = Repository.PathOf("src", "Runbooks.Builtin", family.Name);
        return Directory.Exists(folder) ? Directory.EnumerateDirectories(folder).Select(d => Path.GetFileName(d)) : [];
    }

    private static string FolderOf(IKind kind) => kind.GetType().Namespace?.Split('.')[^1] ?? "";

    private static IEnumerable<string> Unequal(string family, IEnumerable<string> folders, IEnumerable<string> listed)
    {
        var (there, named) = (folders.ToHashSet(StringComparer.Ordinal), listed.ToHashSet(StringComparer.Ordinal));
        return there.Except(named).Select(f => $"{family}/{f} is a folder, but BuiltinKinds lists no such kind")
            .Concat(named.Except(there).Select(f => $"BuiltinKinds lists {family}/{f}, but there is no such folder"));
    }

    private static IEnumerable<string> Misnamed(Family family, IKind kind)
    {
        var (folder, name) = (FolderOf(kind), kind.Declaration.Name);
        if (!string.Equals(folder, name.Replace("_", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase))
        {
            yield return $"{family.Name}/{folder} declares the kind '{name}'";
        }

        if (kind.Declaration.Fields.Title != $"'{name}'")
        {
            yield return $"{family.Name}/{folder}: its fields are called {kind.Declaration.Fields.Title}";
        }

        // What stands in the page is tested where its examples are executed.
        if (!File.Exists(Repository.PathOf("src", "Runbooks.Builtin", family.Name, folder, $"{name}.md")))
        {
            yield return $"{family.Name}/{folder} has no page {name}.md";
        }
    }

    private static IEnumerable<(string Path, Field Field)> Fields(string path, FieldSet set) =>
        set.Fields.SelectMany(f => (f.Fields is { } inner ? Fields($"{path}.{f.Name}", inner) : []).Prepend(($"{path}.{f.Name}", f)));

    private static void Append(StringBuilder text, FieldSet set, string indent)
    {
        foreach (var field in set.Fields)
        {
            var shape = field.Choices.IsEmpty ? field.Shape.ToString().ToLowerInvariant() : string.Join(" | ", field.Choices);
            var notes = field.Required ? ", required" : field.Default is not null ? $", default {field.Default}" : field.Otherwise is not null ? $", otherwise {field.Otherwise}" : "";
            var range = field.Minimum is null && field.Maximum is null ? "" : $", {field.Minimum}..{field.Maximum}";
            text.Append($"{indent}{field.Name}{(field.Name == set.Shorthand ? "*" : "")}: {shape}{notes}{range}{(field.AllowsTemplates ? "" : ", plain")}{(field.NotEmpty ? ", not empty" : "")}\n");
            if (field.Fields is { } inner)
            {
                Append(text, inner, indent + "  ");
            }
        }
    }

    /// <param name="Name">The folder below Runbooks.Builtin.</param>
    private sealed record Family(string Name, ImmutableArray<IKind> Kinds, Type Contract);
}
