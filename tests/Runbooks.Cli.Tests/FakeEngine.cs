namespace Runbooks.Cli.Tests;

/// <summary>A Docker Engine as far as questions go: some images, one running container of the service 'app' of the project 'shop', and the service 'web' of a swarm.</summary>
internal static class FakeEngine
{
    private const string Id = "c000000000000000000000000000000000000000000000000000000000000001";
    private const string Image = "sha256:1111111111111111111111111111111111111111111111111111111111111111";
    private const string Labels = """{"com.docker.compose.project":"shop","com.docker.compose.service":"app","com.docker.compose.container-number":"1","com.docker.compose.oneoff":"False"}""";

    /// <summary>It rests: from one sample to the next only the time goes on.</summary>
    private static string Usage => $$"""{"id":"{{Id}}","name":"/shop-app-1","read":"{{DateTime.UtcNow:O}}","cpu_stats":{"cpu_usage":{"total_usage":22811636},"system_cpu_usage":107828230000000,"online_cpus":2},"memory_stats":{"usage":1564672,"stats":{"inactive_file":4096},"limit":25276502016} }""";

    internal static Listener Start(params string[] images) => new(request => Answer(Uri.UnescapeDataString(request.Target.Split('?')[0]), images));

    /// <summary>For DOCKER_HOST.</summary>
    internal static string AddressOf(Listener engine) => $"tcp://127.0.0.1:{engine.Port}";

    private static (int Status, string Body) Answer(string path, string[] images)
    {
        bool Asks(string what) => path.EndsWith(what, StringComparison.Ordinal);
        return path switch
        {
            _ when Asks("/version") => (200, """{"Version":"28.0.0","ApiVersion":"1.47","MinAPIVersion":"1.24"}"""),
            _ when Asks("/_ping") => (200, "OK"),
            _ when Asks("/containers/json") => (200, $$"""[{"Id":"{{Id}}","Names":["/shop-app-1"],"Image":"app:v2","ImageID":"{{Image}}","Created":1767322800,"Ports":[],"Labels":{{Labels}},"State":"running","Status":"Up 2 hours"}]"""),
            _ when Asks($"/containers/{Id}/json") => (200, $$$"""{"Id":"{{{Id}}}","Name":"/shop-app-1","Created":"2026-01-02T03:00:00Z","Image":"{{{Image}}}","RestartCount":0,"State":{"Status":"running","Running":true,"StartedAt":"2026-01-02T03:00:01Z","FinishedAt":"0001-01-01T00:00:00Z","ExitCode":0,"Error":""},"Config":{"Image":"app:v2","Labels": {{{Labels}}}  },"HostConfig":{"LogConfig":{"Type":"json-file","Config":{} } },"NetworkSettings":{"Ports":{} } }"""),
            _ when Asks($"/containers/{Id}/logs") => (200, ""),
            _ when Asks($"/containers/{Id}/stats") => (200, Usage),
            _ when Asks("/services") => (200, """[{"ID":"s1","Version":{"Index":7},"Spec":{"Name":"web","TaskTemplate":{"ContainerSpec":{"Image":"app:v1.2.3"} } },"PreviousSpec":{"Name":"web","TaskTemplate":{"ContainerSpec":{"Image":"app:v0"} } },"UpdateStatus":{"State":"completed","Message":"update completed"},"ServiceStatus":{"RunningTasks":1,"DesiredTasks":1} }]"""),
            _ when Asks("/tasks") => (200, """[{"ID":"t1","Spec":{"ContainerSpec":{"Image":"app:v1.2.3"} },"ServiceID":"s1","Slot":1,"NodeID":"n1","Status":{"Timestamp":"2026-01-02T03:04:05Z","State":"running"},"DesiredState":"running"}]"""),
            _ when Asks("/nodes") => (200, """[{"ID":"n1","Spec":{"Role":"manager","Availability":"active"},"Status":{"State":"ready"} }]"""),
            _ when images.Any(i => Asks($"/images/{i}/json")) => (200, $$"""{"Id":"{{Image}}","RepoTags":[],"RepoDigests":[],"Created":"2026-01-02T03:04:05Z","Architecture":"amd64","Os":"linux","Size":1}"""),
            _ => (404, """{"message":"No such object"}"""),
        };
    }
}
