using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Builtin.Probes;
using Runbooks.Testing;

namespace Runbooks.Builtin.Tests.Probes;

/// <summary>The values that variables had: only one whose keyed hash is on record, and no secret.</summary>
public sealed class SettingsProbeTests
{
    private const string Mapping = "services:\n  app:\n    env_file: [own.env]\n    environment:\n      MODE: fast\n      COLOUR: ${PAINT:-blue}\n      SIZE: \"${SIZE}\"\n      LIMIT: 7\n      API_KEY: short\n      LONG: ${LONG}\n";

    [Theory]
    [InlineData("MODE", "fast", "fast", "docker-compose.yml")]
    [InlineData("LIMIT", "7", "7", "docker-compose.yml")]
    [InlineData("COLOUR", "blue", "blue", "")]
    [InlineData("COLOUR", "green", "green", "")]
    [InlineData("SIZE", "large", "large", "")]
    [InlineData("OWN", "mine", "mine", "")]
    // Somebody gave another value when it was deployed.
    [InlineData("MODE", "slow", null, "")]
    [InlineData("SIZE", "given by hand", null, "")]
    [InlineData("API_KEY", "short", null, "")]
    [InlineData("LONG", "Xk3Jd92mLq0PzT7w", null, "")]
    [InlineData("MAIL", "smtp://u:hunter22@mail", null, "")]
    public async Task What_a_variable_was_is_what_the_files_say_and_the_record_confirms(string variable, string value, string? known, string literal)
    {
        var world = World(Mapping, value == "green" ? "PAINT=green\nSIZE=large\nLONG=Xk3Jd92mLq0PzT7w\n" : "SIZE=large\nLONG=Xk3Jd92mLq0PzT7w\nMAIL=smtp://u:hunter22@mail\n").WithThen((variable, value));

        var answer = await new SettingsProbe().LookAsync(world.Sight(), TestContext.Current.CancellationToken);

        Assert.Empty(answer.Problems);
        var reading = Assert.IsType<PastValuesReading>(Assert.Single(answer.Readings));
        Assert.Equal(known is null ? [] : [new PastValue("app", variable, known, literal)], reading.Values);
        Assert.Equal(variable is "API_KEY" or "LONG" or "MAIL", reading.Hidden.Contains(variable));
    }

    [Fact]
    public async Task A_list_of_variables_is_read_too()
    {
        var world = World("services: { app: { environment: [\"MODE=fast\", COLOUR=blue] } }\n", "").WithThen(("COLOUR", "blue"));

        var reading = Assert.IsType<PastValuesReading>(Assert.Single((await new SettingsProbe().LookAsync(world.Sight(), TestContext.Current.CancellationToken)).Readings));

        Assert.Equal([new PastValue("app", "COLOUR", "blue", "docker-compose.yml")], reading.Values);
    }

    [Theory]
    [InlineData("\0\u001b[31m{\"}\u2028: not a file")]
    [InlineData("services: [1, {app: }]")]
    [InlineData("services: { app: { environment: { MODE: { a: b } }, env_file: { a: [1, 2] } } }")]
    public async Task Nonsense_says_nothing(string text)
    {
        var world = World(text, text).WithThen(("MODE", "fast"));

        Assert.Empty(Assert.IsType<PastValuesReading>(Assert.Single((await new SettingsProbe().LookAsync(world.Sight(), TestContext.Current.CancellationToken)).Readings)).Values);
    }

    [Fact]
    public async Task What_has_to_be_hidden_must_be_known_first()
    {
        var world = World(Mapping, "").WithThen(("MODE", "fast")) with { Docker = new DockerAnswers { Problem = "permission denied" } };

        var answer = await new SettingsProbe().LookAsync(world.Sight(), TestContext.Current.CancellationToken);

        Assert.Empty(answer.Readings);
        Assert.Contains("which of them have to be hidden is not known", Assert.Single(answer.Problems), StringComparison.Ordinal);
    }

    private static AssessedWorld World(string compose, string env) => new()
    {
        Processes = new ScriptedProcesses(s => s.Argv[^1].Split(":./") switch
        {
            [_, "docker-compose.yml"] => new ScriptedEnd(0, compose),
            [_, ".env"] => new ScriptedEnd(0, env),
            [_, "own.env"] => new ScriptedEnd(0, "OWN=mine\n"),
            _ => new ScriptedEnd(128, "fatal: no such path"),
        }),
    };
}
