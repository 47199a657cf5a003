using Runbooks.Advisor.Readiness;
using Runbooks.Cli.Views;
using Runbooks.Engine.Kinds;
using Runbooks.Testing;

namespace Runbooks.Cli.Tests;

public sealed class ReadyViewTests
{
    private static readonly ReadyReport Report = new("shop", "/srv/shop", "20260102T030405.678Z-c0ffee", new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
    [
        new("previous", "there is a release to go back to", "Going back blindly goes wrong.", ReadyAnswer.Ready("release 20260102T030405.678Z-c0ffee, verified 2026-01-02 03:04:05Z"), TimeSpan.FromMilliseconds(12)),
        new("healthchecks", "the services have a health check", "Nobody can wait for what cannot be asked.", ReadyAnswer.Of(
        [
            new ReadyPart(VerdictKind.Holds, "") { Seen = [new Sighting("docker compose config", "proxy has a health check")] },
            new ReadyPart(VerdictKind.DoesNotHold, "app has no health check")
            {
                Seen = [new Sighting("docker compose config", "app has no healthcheck, and its image brings none")],
                Fixes = [new ReadyFix("give app a health check") { Patch = new FilePatch("compose.yaml") }],
            },
            new ReadyPart(VerdictKind.DoesNotHold, "db has no health check") { Fixes = [new ReadyFix("write one") { Block = "services:\n  db:\n    healthcheck: …\n" }] },
        ], ""), TimeSpan.FromMilliseconds(40)),
        new("rehearsal", "each way back was gone", "A way back that nobody has gone breaks.", ReadyAnswer.Unknown("no run of back is on \e[31mrecord|", new ReadyFix("go it once", "runbook exec playbooks/back.yml")), TimeSpan.Zero),
    ]);

    [Fact]
    public void Each_item_is_shown_with_what_was_seen_why_it_matters_and_the_fix()
    {
        Golden.Verify(ReadyView.Text(Report, Style.None), "ready/not-ready.txt.golden");
        Golden.Verify(ReadyView.Markdown(Report), "ready/not-ready.md.golden");
        Golden.Verify(ReadyJson.Write(Report), "ready/not-ready.json.golden");
        Golden.Verify(ReadyView.JUnit(Report), "ready/not-ready.xml.golden");
    }
}
