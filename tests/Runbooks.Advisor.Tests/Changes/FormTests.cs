using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Runbooks.Advisor.Changes;

namespace Runbooks.Advisor.Tests.Changes;

/// <summary>Whatever two revisions differ in but the form, there is no change; and whatever differs in more, there is one.</summary>
public sealed class FormTests
{
    private static readonly Gen<string> Name = Gen.String[Gen.Char['a', 'f'], 1, 3];

    private static readonly Gen<JsonObject> Service =
        from image in Name
        from variables in Gen.Dictionary(Name, Name)[0, 4]
        from networks in Gen.Dictionary(Name, Gen.Bool)[0, 3]
        from ports in Gen.Dictionary(Gen.Int[1, 9], Gen.Bool)[0, 3]
        from mounts in Gen.Dictionary(Name, Name)[0, 3]
        from memory in Gen.Int[1, 3]
        select new JsonObject
        {
            ["image"] = $"{image}:1",
            ["environment"] = new JsonObject(variables.Select(v => KeyValuePair.Create(v.Key, (JsonNode?)$"hmac:{v.Value}"))),
            ["networks"] = new JsonObject(networks.Keys.Select(n => KeyValuePair.Create(n, (JsonNode?)null))),
            ["ports"] = new JsonArray([.. ports.Keys.Select(p => new JsonObject { ["mode"] = "ingress", ["target"] = p, ["published"] = $"80{p}", ["protocol"] = "tcp" })]),
            ["volumes"] = new JsonArray([.. mounts.Select(m => new JsonObject { ["type"] = "bind", ["source"] = $"./{m.Value}", ["target"] = $"/{m.Key}", ["bind"] = new JsonObject { ["create_host_path"] = true } })]),
            ["deploy"] = new JsonObject { ["resources"] = new JsonObject { ["limits"] = new JsonObject { ["memory"] = $"{memory}" } } },
        };

    private static readonly Gen<JsonObject> Model = Gen.Dictionary(Name, Service)[1, 4].Select(services => new JsonObject { ["services"] = new JsonObject(services.Select(s => KeyValuePair.Create(s.Key, (JsonNode?)s.Value))) });

    [Fact]
    public void Only_another_form_is_never_a_change() =>
        Gen.Select(Model, Gen.Int).Sample((model, seed) =>
        {
            var other = Reformed(model, new Random(seed));
            var report = ChangeComparison.Between(Of(model), Of(other));
            Assert.Empty(report.Changes);
            Assert.Empty(report.Unknown);
        }, iter: 500);

    [Fact]
    public void Two_models_that_mean_something_else_always_have_a_change() =>
        Gen.Select(Model, Gen.Int[0, 4]).Sample((model, at) =>
        {
            var other = model.DeepClone().AsObject();
            var service = other["services"]?.AsObject().First().Value?.AsObject() ?? throw new InvalidOperationException();
            service[((string[])["image", "environment", "networks", "ports", "volumes"])[at]] = at switch
            {
                0 => "z:2",
                1 => new JsonObject { ["z"] = "hmac:z" },
                2 => new JsonObject { ["z"] = null },
                3 => new JsonArray(new JsonObject { ["target"] = 99 }),
                _ => new JsonArray(new JsonObject { ["type"] = "volume", ["source"] = "z", ["target"] = "/z" }),
            };
            Assert.NotEmpty(ChangeComparison.Between(Of(model), Of(other)).Changes);
        }, iter: 500);

    private static RevisionState Of(JsonObject model) =>
        new("r", "0123456789abcdef") { Model = ComposeModel.Read(Encoding.UTF8.GetBytes(model.ToJsonString())) ?? throw new InvalidOperationException("no model") };

    /// <summary>The same in another form: other order, numbers as texts, empty things written out, what is taken for granted left out, and short forms.</summary>
    private static JsonObject Reformed(JsonNode model, Random random)
    {
        var other = (Shuffled(model, random) ?? throw new InvalidOperationException()).AsObject();
        foreach (var (_, service) in other["services"]?.AsObject() ?? [])
        {
            var body = service?.AsObject() ?? throw new InvalidOperationException();
            body["command"] = null;
            body["build"] = new JsonObject();
            body["networks"] = new JsonObject((body["networks"]?.AsObject() ?? []).Select(n => KeyValuePair.Create(n.Key, (JsonNode?)(random.Next(2) == 0 ? null : new JsonObject()))));
            body["ports"] = new JsonArray([.. (body["ports"]?.AsArray() ?? []).Select(p => random.Next(2) == 0 ? (JsonNode)$"{p?["published"]}:{p?["target"]}" : new JsonObject { ["published"] = int.Parse($"{p?["published"]}", System.Globalization.CultureInfo.InvariantCulture), ["target"] = $"{p?["target"]}" })]);
            body["volumes"] = new JsonArray([.. (body["volumes"]?.AsArray() ?? []).Select(v => random.Next(2) == 0 ? (JsonNode)$"{v?["source"]}:{v?["target"]}:rw" : new JsonObject { ["target"] = $"{v?["target"]}", ["source"] = $"{v?["source"]}", ["type"] = "bind" })]);
        }

        return other;
    }

    private static JsonNode? Shuffled(JsonNode? node, Random random) => node switch
    {
        JsonObject item => new JsonObject(item.OrderBy(_ => random.Next()).Select(m => KeyValuePair.Create(m.Key, Shuffled(m.Value, random))).ToArray()),
        JsonArray list => new JsonArray([.. list.OrderBy(_ => random.Next()).Select(i => Shuffled(i, random))]),
        _ => node?.DeepClone(),
    };
}
