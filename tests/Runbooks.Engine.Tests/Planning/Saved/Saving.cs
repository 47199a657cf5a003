using System.Collections.Immutable;
using System.Text.Json;
using Runbooks.Engine.Planning;
using Runbooks.Engine.Planning.Saved;
using Runbooks.Language.Playbooks;
using Runbooks.Language.Text;
using Runbooks.Testing;

namespace Runbooks.Engine.Tests.Planning.Saved;

/// <summary>Makes plans as the command line does, saves them and makes them anew from what was saved.</summary>
internal static class Saving
{
    internal const string PlanId = "0123456789abcdef0123456789abcdef";

    internal const string Declared = """
        vars:
          version: { type: string, default: v0 }
          ratio: { type: number, default: 0.5, min: 0, max: 1000000 }
          count: { type: integer, default: 3 }
          wait: { type: duration, default: 90s }
          force: { type: boolean, default: false }
          parts: { type: list, default: [a, "b, c"] }
          file: { type: path, default: x.yml }
          note: { type: string }
          host: { type: string, from_env: HOST }
          token: { type: string, secret: true, from_env: TOKEN }
          other: { type: string, secret: true, from_env: OTHER }

        """;

    internal const string Steps = """
        steps:
          - id: one
            start: ["{{ version }}", "{{ ratio }}", "{{ count }}", "{{ wait }}", "{{ force }}", "{{ parts | join '|' }}", "{{ file }}", "{{ note | default 'none' }}", "{{ host | default 'nohost' }}"]
            env: { TOKEN: "{{ token | default 'none' }}", OTHER: "{{ other | default 'none' }}" }
          - id: each
            for_each: "{{ parts }}"
            start: [part, "{{ item }}"]

        """;

    internal const string Text = Declared + Steps;

    internal static VarBindings? Bind(VarInputs inputs, string text = Text) => VarBinder.Bind(Playbook(text), inputs).Value;

    internal static Plan Plan(VarInputs inputs, SavedPlan? saved = null, string text = Text, string engine = "1.0.0", string project = "/project")
    {
        var bindings = Bind(inputs with { Recorded = saved?.Values ?? inputs.Recorded }, text);
        Assert.NotNull(bindings);
        var vars = bindings.Items.Select(PlannedVar.Of);
        var planned = new Planner(new InMemoryFiles(), [new StartKind()], [new SaysKind()]).Make(new PlanRequest
        {
            Playbook = Playbook(text),
            Vars = [.. saved is null ? vars : vars.Select(saved.Keep)],
            Scope = bindings.ToScope(),
            ProjectDirectory = project,
            EngineVersion = engine,
        });
        Assert.True(planned.Value is not null, string.Join('\n', planned.Diagnostics.Select(d => d.Message)));
        return planned.Value;
    }

    internal static byte[] Bytes(Plan plan)
    {
        var (bytes, problem) = SavedPlan.Write(plan, new PlanCopy(PlanId, "/project/bench.yml"));
        Assert.Null(problem);
        return bytes.ToArray();
    }

    internal static SavedPlan Save(Plan plan)
    {
        var read = SavedPlanReader.Read(Bytes(plan));
        Assert.True(read.Plan is not null, read.Problem);
        return read.Plan;
    }

    internal static ImmutableArray<string> Differences(SavedPlan saved, Plan now)
    {
        using var json = JsonDocument.Parse(PlanJson.Utf8(now));
        return PlanDifferences.Of(saved.Json, json.RootElement);
    }

    internal static VarInputs Given(params string[] assignments) => new()
    {
        Assignments = [.. assignments],
        Environment = name => name == "TOKEN" ? "t0p-s3cret-value" : null,
    };

    private static Playbook Playbook(string text)
    {
        var read = PlaybookReader.Read(new SourceText("bench.yml", $"runbook: v1\nname: bench\n{text}"), KindCatalogue.Of([new StartKind().Declaration], [new SaysKind().Declaration]));
        Assert.True(read.Value is not null && !read.HasErrors, string.Join('\n', read.Diagnostics.Select(d => d.Message)));
        return read.Value;
    }
}
