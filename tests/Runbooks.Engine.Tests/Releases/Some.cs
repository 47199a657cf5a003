using Runbooks.Engine.Kinds;
using Runbooks.Engine.Releases;

namespace Runbooks.Engine.Tests.Releases;

/// <summary>Releases for tests.</summary>
internal static class Some
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly ReleaseAuthor By = new("kim", "host", "Kim <kim@example.org>", "");

    public static Release Release(string id, string image = "app:v1") => new()
    {
        Id = id,
        Project = "shop",
        Services = [Service("app", image)],
    };

    public static ServiceSnapshot Service(string name, string image) => new()
    {
        Name = name,
        Containers = 1,
        ImageId = $"sha256:{image}",
        Reference = image,
    };

    public static ReleaseRecorded Recorded(Release release) => new() { Release = release.Id, By = By, State = release };

    public static ReleaseRecorded Recorded(string id, string image) => Recorded(Release(id, image));

    public static ReleaseVerified Verified(string id, VerdictKind verdict = VerdictKind.Holds) => new() { Release = id, By = By, Verdict = verdict, Checks = [new AnsweredCheck("it answers", verdict, "200")] };

    public static ReleaseCondemned Bad(string id, string reason) => new() { Release = id, By = By, Reason = reason };

    public static byte[] Written(params ReadOnlySpan<ReleaseEvent> events)
    {
        byte[] bytes = [];
        for (var i = 0; i < events.Length; i++)
        {
            bytes = [.. bytes, .. ReleaseCodec.Next(ReleaseCodec.Read(bytes), events[i], Start.AddMinutes(i))];
        }

        return bytes;
    }

    public static ReleaseHistory History(params ReadOnlySpan<ReleaseEvent> events) => ReleaseHistory.Of(ReleaseCodec.Read(Written(events)));
}
