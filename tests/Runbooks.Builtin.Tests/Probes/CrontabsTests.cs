using Runbooks.Advisor.Assessing;
using Runbooks.Advisor.Situations;
using Runbooks.Builtin.Probes;

namespace Runbooks.Builtin.Tests.Probes;

/// <summary>Who else deploys by the clock.</summary>
public sealed class CrontabsTests
{
    [Theory]
    [InlineData("*/5 * * * * root cd /srv/shop && docker compose pull -q && docker compose up -d", true)]
    [InlineData("0 3 * * * /usr/local/bin/deploy-shop.sh", true)]
    [InlineData("@hourly git -C /srv/shop reset --hard origin/main", true)]
    [InlineData("0 4 * * * root docker-compose -f a.yml restart app", true)]
    [InlineData("0 5 * * * root docker exec shop-db-1 pg_dump shop", false)]
    [InlineData("0 5 * * * root docker system prune -af", false)]
    public void A_line_that_deploys_is_told_from_one_that_works_on_containers(string line, bool deploys)
    {
        var (reading, problems) = Crontabs.Look(new AssessedWorld().With("/etc/cron.d/shop", $"# docker compose up\nPATH=/opt/docker/bin:/bin\nMAILTO=deploy@example.org\n\n{line}\n17 * * * * root run-parts /etc/cron.hourly\n").Sight(), TestContext.Current.CancellationToken);

        Assert.Empty(problems);
        Assert.Equal([$"/etc/cron.d/shop:5: {line}"], deploys ? reading.Found : reading.Near);
        Assert.Empty(deploys ? reading.Near : reading.Found);
    }

    [Fact]
    public async Task Every_crontab_is_read_and_no_secret_of_it_is_shown()
    {
        var world = new AssessedWorld().With("/etc/crontab", "1 * * * * root DB_PASSWORD=hunter22 docker compose up -d\n")
            .With("/var/spool/cron/crontabs/alice", $"2 * * * * docker login --password t0psecret && docker pull x # {AssessedWorld.Password}\n")
            .With("/var/spool/cron/bob", "3 * * * * docker -H tcp://u:pa55word@host compose up -d; curl -H 'Token: Xk3Jd92mLq0PzT7wAA' x\n");
        var sight = world.Sight();
        await sight.ContainersAsync(TestContext.Current.CancellationToken);

        var (reading, problems) = Crontabs.Look(sight, TestContext.Current.CancellationToken);

        Assert.Empty(problems);
        Assert.Equal(["/etc/crontab:1", "/var/spool/cron/crontabs/alice:1", "/var/spool/cron/bob:1"], reading.Found.Select(f => f[..f.IndexOf(": ", StringComparison.Ordinal)]));
        Assert.All(["hunter22", "t0psecret", AssessedWorld.Password, "pa55word", "Xk3Jd92mLq0PzT7wAA"], secret => Assert.DoesNotContain(secret, string.Join('\n', reading.Found), StringComparison.Ordinal));
    }

    [Fact]
    public void What_cannot_be_read_is_a_problem_with_its_reason()
    {
        var world = new AssessedWorld();
        world.Files.WithFolder("/var/spool/cron/crontabs").WithUnreadable("/var/spool/cron/crontabs", "permission denied").With("/etc/crontab", "x").WithUnreadable("/etc/crontab", "it is encrypted");

        var (reading, problems) = Crontabs.Look(world.Sight(), TestContext.Current.CancellationToken);

        Assert.Empty(reading.Found);
        Assert.Equal(["crontabs in /var/spool/cron/crontabs: permission denied", "the crontab /etc/crontab: it is encrypted"], problems);
    }

    [Fact]
    public async Task Only_who_deploys_is_another_actor()
    {
        async Task<Assessment> Assess(string line)
        {
            var world = new AssessedWorld().With("/etc/crontab", line);
            var answer = await new ActorsProbe().LookAsync(world.Sight(), TestContext.Current.CancellationToken);
            return Assessor.Assess(world.Subject, [new ProbeOutcome("actors", "crontabs", [], AssessedWorld.Now) { Readings = answer.Readings }], t => t);
        }

        Assert.Equal(Answer.Yes, (await Assess("1 * * * * root docker compose up -d\n")).Facts.OtherActors);
        var near = await Assess("1 * * * * root docker system prune -af\n");
        Assert.Equal(Answer.Unknown, near.Facts.OtherActors);
        Assert.Contains(near.Facts.Evidence, e => e is { Fact: FactKeys.OtherActors, Means: "it works on containers: look whether it gets in the way" });
    }
}
