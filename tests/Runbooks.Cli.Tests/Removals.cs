using System.Text.Json;
using System.Text.RegularExpressions;

namespace Runbooks.Cli.Tests;

/// <summary>Reads a plan for words that remove something, and says which of them the plan does not answer for.</summary>
internal static partial class Removals
{
    /// <summary>What is gone with it could be needed for a rollback: only behind a backup of the same run.</summary>
    private static readonly Regex[] OfData =
    [
        Words(@"\b(volume|image)\s+(rm|remove|prune)\b"),
        Words(@"\brmi\b"),
        Words(@"\bsystem\s+prune\b"),
        Words(@"\bdown\b[^\n;|&]*\s(-v|--volumes|--rmi)\b"),
        Words(@"(?<![-\w])rm\b[^\n;|&]*\s(-[a-z]*v[a-z]*|--volumes)(?=\s|$)"),
        Words(@"\bDROP\s+(DATABASE|SCHEMA|TABLE|COLUMN|VIEW|INDEX|SEQUENCE|TYPE|OWNED)\b"),
        Words(@"\bTRUNCATE\b"),
        Words(@"\bDELETE\s+FROM\b"),
        Words(@"\bdropdb\b"),
        Words(@"\bmysqladmin\b[^\n]*\bdrop\b"),
        Words(@"\bpg_restore\b[^\n]*\s(-c|--clean)\b"),
        Words(@"\balembic\b[^\n]*\bdowngrade\b"),
        Words(@"\bmanage\.py\s+(migrate|flush|reset_db)\b"),
        Words(@"\bdb:(migrate|rollback|drop|reset|purge|schema:load|truncate_all)\b"),
        Words(@"\bflyway\b[^\n]*\b(undo|clean)\b"),
        Words(@"\bliquibase\b[^\n]*\b(rollback|drop-?all)"),
        Words(@"(?<![\w:])migrate\b[^\n]*\s(down|goto|drop|force)\b"),
    ];

    /// <summary>Can be made again from an image and the Compose files: at least it has to be said that it is destroyed.</summary>
    private static readonly Regex[] OfThings =
    [
        Words(@"\bdocker\s+rm\b"),
        Words(@"\bcompose\b[^\n;|&]*\s(rm|down)\b"),
        Words(@"\b(container|network)\s+(rm|remove|prune)\b"),
        Words(@"--remove-orphans\b"),
        Words(@"\bCOMPOSE_REMOVE_ORPHANS=(?!false\b)"),
    ];

    private static readonly Regex[] OfFiles =
    [
        Words(@"(?<![-\w])rm\s[^\n;|&]*(?<=\s)(-[a-z]*r[a-z]*|--recursive)\b[^\n;|&]*"),
        Words(@"\bfind\b[^\n]*\s-delete\b"),
        Words(@"\b(shred|wipefs|mkfs[.\w]*)\s"),
    ];

    /// <summary>How many places were found, and which of them the plan does not answer for.</summary>
    internal sealed record Reading(int Found, IReadOnlyList<string> Unanswered);

    internal static Reading In(JsonElement plan)
    {
        var found = 0;
        var unanswered = new List<string>();
        var saved = new List<string>();
        foreach (var check in Checks(plan, "guards").Concat(Checks(plan, "validations")))
        {
            Judge("a check", check, _ => false, null);
        }

        foreach (var step in plan.GetProperty("steps").EnumerateArray())
        {
            var id = step.GetProperty("id").GetString() ?? "";
            var made = Texts(step).ToList();
            var destroys = step.GetProperty("effect").GetString() == "destroy";
            foreach (var text in made)
            {
                Judge($"step {id}", text, hit => destroys && IsSaved(step, saved) || (destroys && IsOfThings(hit) && Says(step)), null);
            }

            if (step.TryGetProperty("undo", out var undo))
            {
                foreach (var text in Texts(undo))
                {
                    // An undo that says how what it destroys is kept is one that destroys.
                    Judge($"the undo of step {id}", text, hit => IsSaved(undo, saved) || (IsOfThings(hit) && Says(undo)), made);
                }
            }

            foreach (var text in Checks(step, "validate").Concat(step.TryGetProperty("undo", out var u) ? Checks(u, "validate") : []).Concat(step.TryGetProperty("retry", out var r) ? Checks(r, "until") : []))
            {
                Judge($"a check of step {id}", text, _ => false, null);
            }

            if (step.GetProperty("kind").GetString() == "backup" && step.GetProperty("will").GetString() == "run")
            {
                saved.Add(id);
            }
        }

        return new Reading(found, unanswered);

        void Judge(string where, string text, Func<string, bool> isAnswered, List<string>? made)
        {
            foreach (var hit in OfData.Concat(OfThings).Concat(OfFiles).SelectMany(p => p.Matches(text)))
            {
                found++;
                if (!isAnswered(hit.Value) && !IsOwn(text, hit, made))
                {
                    unanswered.Add($"{where}: {LineAt(text, hit.Index)}");
                }
            }
        }
    }

    private static bool IsOfThings(string hit) => OfThings.Any(p => p.IsMatch(hit)) && !OfData.Any(p => p.IsMatch(hit));

    private static bool Says(JsonElement step) => step.TryGetProperty("acknowledged", out _);

    private static bool IsSaved(JsonElement step, List<string> saved) =>
        step.TryGetProperty("requires_backup", out var required) && required.GetArrayLength() > 0 && required.EnumerateArray().All(b => saved.Contains(b.GetString() ?? ""));

    /// <summary>What the same text has made just now: a folder of mktemp, a container that is never started; or, in an undo, the database that its step has made.</summary>
    private static bool IsOwn(string text, Match hit, List<string>? made)
    {
        if (hit.Value.Contains("rm ", StringComparison.Ordinal) || hit.Value == "docker rm")
        {
            var used = Used().Match(text, hit.Index);
            var given = Regex.Matches(text, $@"(?<![\w$]){used.Groups[1].Value}=(\S+ ?\S*)", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)).Select(m => m.Groups[1].Value).ToList();
            return used.Success && given.Count > 0 && given.TrueForAll(g => g is "$(mktemp -d)" or "$(docker create");
        }

        return hit.Value == "dropdb" && made is not null && made.Exists(m => m.Contains("createdb ", StringComparison.Ordinal) && LastWord(LineAt(m, m.IndexOf("createdb ", StringComparison.Ordinal))) == LastWord(LineAt(text, hit.Index)));
    }

    private static string LineAt(string text, int index) => text[(text.LastIndexOf('\n', index) + 1)..(text.IndexOf('\n', index) is > 0 and var end ? end : text.Length)].Trim();

    private static string LastWord(string line) => line.Split(' ')[^1];

    private static IEnumerable<string> Checks(JsonElement owner, string member) =>
        owner.TryGetProperty(member, out var checks) ? checks.EnumerateArray().SelectMany(Texts) : [];

    /// <summary>A text for each thing that is done: words with blanks between them, variables, what a program reads, the difference of a file.</summary>
    private static IEnumerable<string> Texts(JsonElement owner) => owner.GetProperty("actions").EnumerateArray().Select(a => string.Join('\n', a.EnumerateObject().Select(Text)));

    private static string Text(JsonProperty member) => member.Value.ValueKind switch
    {
        JsonValueKind.Array => string.Join(' ', member.Value.EnumerateArray().Select(v => v.ToString())),
        JsonValueKind.Object => string.Join('\n', member.Value.EnumerateObject().Select(v => $"{v.Name}={v.Value}")),
        _ => member.Value.ToString(),
    };

    private static Regex Words(string pattern) => new(pattern, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    /// <summary>The next variable in quotes, which is what is removed.</summary>
    [GeneratedRegex("""\G[^\n";|&]*"\$(\w+)["/]""", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Used();
}
