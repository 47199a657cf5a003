using System.Globalization;
using System.Text;

namespace Runbooks.Benchmarks;

/// <summary>What is measured, and the scripts of the peers.</summary>
internal static class Scenarios
{
    private const string Line = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private const long Flood = 1_000_000_000;
    private const int Sleeps = 64;

    public static string PublishedBinary()
    {
        var root = AppContext.BaseDirectory;
        while (root is not null && !File.Exists(Path.Combine(root, "Runbooks.sln")))
        {
            root = Path.GetDirectoryName(root);
        }

        var publish = Path.Combine(root ?? ".", "artifacts", "publish", "Runbooks.Cli");
        return Directory.Exists(publish) ? Directory.EnumerateFiles(publish, "runbook", SearchOption.AllDirectories).FirstOrDefault() ?? publish : publish;
    }

    public static IEnumerable<Scenario> All(string binary, string folder)
    {
        foreach (var steps in (int[])[1, 100, 1000])
        {
            yield return new Scenario($"run {steps} steps of true", [.. Peers(binary, Directory.CreateDirectory(Path.Combine(folder, $"run{steps}")).FullName, steps)]);
        }

        if (OnPath("make"))
        {
            yield return SideBySide(binary, Directory.CreateDirectory(Path.Combine(folder, "parallel")).FullName);
        }

        foreach (var steps in (int[])[1000, 10_000])
        {
            yield return Preview(binary, Directory.CreateDirectory(Path.Combine(folder, $"plan{steps}")).FullName, steps);
        }

        yield return Output(binary, Directory.CreateDirectory(Path.Combine(folder, "output")).FullName);
    }

    private static IEnumerable<Contender> Peers(string binary, string folder, int steps)
    {
        string Write(string name, string text)
        {
            File.WriteAllText(Path.Combine(folder, name), text);
            return name;
        }

        var repeated = Enumerable.Range(1, steps).ToList();
        var journalled = new StringBuilder("set -eu\nrm -f journal\n");
        foreach (var i in repeated)
        {
            journalled.Append(CultureInfo.InvariantCulture, $"echo 'intent {i}' >>journal; sync journal\n/bin/true\necho 'outcome {i}' >>journal; sync journal\n");
        }

        yield return new Contender("bash, fsynced journal", folder, ["bash", Write("journal.sh", journalled.ToString())]);
        yield return new Contender("runbook exec", folder, [binary, "exec", Write("steps.yml", Playbook(steps)), "--store", Path.Combine(folder, "store")]);
        yield return new Contender("bash, no journal", folder, ["bash", Write("plain.sh", string.Concat(Enumerable.Repeat("/bin/true\n", steps)))]);
        if (OnPath("make"))
        {
            yield return new Contender("make", folder, ["make", "-s", "-f", Write("Makefile", "all:\n" + string.Concat(Enumerable.Repeat("\t/bin/true\n", steps)))]);
        }

        if (OnPath("just"))
        {
            yield return new Contender("just", folder, ["just", "-q", "-f", Write("justfile", "all:\n" + string.Concat(Enumerable.Repeat("    @/bin/true\n", steps)))]);
        }

        if (OnPath("ansible-playbook"))
        {
            var tasks = string.Concat(Enumerable.Repeat("    - command: /bin/true\n", steps));
            var name = Write("ansible.yml", $"- hosts: localhost\n  connection: local\n  gather_facts: false\n  tasks:\n{tasks}");
            yield return new Contender("ansible-playbook", folder, ["ansible-playbook", "-i", "localhost,", name]) { MostRounds = steps > 1 ? 1 : 3 };
        }
    }

    private static Scenario SideBySide(string binary, string folder)
    {
        var many = string.Join(", ", Enumerable.Range(1, Sleeps));
        File.WriteAllText(
            Path.Combine(folder, "sleeps.yml"),
            $"runbook: v1\nname: sleeps\nsteps:\n  - parallel:\n      limit: {Sleeps}\n      steps:\n        - {{ id: sleep, for_each: [{many}], name: \"{{{{ item }}}}\", run: [sleep, \"0.1\"] }}\n");
        File.WriteAllText(Path.Combine(folder, "Makefile"), $"all: {string.Join(' ', Enumerable.Range(1, Sleeps).Select(i => $"s{i}"))}\ns%:\n\tsleep 0.1\n");
        return new Scenario($"{Sleeps} sleeps of 0.1 s at once",
        [
            new Contender($"make -j{Sleeps}", folder, ["make", "-s", $"-j{Sleeps}"]),
            new Contender("runbook exec", folder, [binary, "exec", "sleeps.yml", "--store", Path.Combine(folder, "store")]),
        ]);
    }

    private static Scenario Preview(string binary, string folder, int steps)
    {
        File.WriteAllText(Path.Combine(folder, "steps.yml"), Playbook(steps));
        File.WriteAllText(Path.Combine(folder, "Makefile"), "all:\n" + string.Concat(Enumerable.Repeat("\t/bin/true\n", steps)));
        var runs = new List<Contender> { new("runbook plan", folder, [binary, "plan", "steps.yml"]) };
        if (OnPath("make"))
        {
            runs.Add(new Contender("make -n", folder, ["make", "-n"]));
        }

        return new Scenario($"preview of {steps} steps", runs);
    }

    /// <summary>A secret is declared, so that every byte goes through the mask.</summary>
    private static Scenario Output(string binary, string folder)
    {
        var flood = $"yes {Line} | head -c {Flood}";
        File.WriteAllText(
            Path.Combine(folder, "flood.yml"),
            $"runbook: v1\nname: flood\nvars:\n  key: {{ type: string, secret: true, from_env: BENCH_KEY }}\nsteps:\n  - shell: {flood} || true\n    env: {{ KEY: \"{{{{ key }}}}\" }}\n");
        return new Scenario("a step with 1 GB of output",
        [
            new Contender("tee", folder, ["bash", "-c", $"{flood} | tee tee.out >/dev/null"]) { MostRounds = 3 },
            // tee writes over its file: what the run before wrote is taken away here too, or the disk would be asked for a gigabyte more each time.
            new Contender("runbook exec, masking", folder, ["bash", "-c", $"rm -rf store; BENCH_KEY=s3cr3t-0f-the-bench exec '{binary}' exec flood.yml --store store"]) { MostRounds = 3 },
        ]);
    }

    private static string Playbook(int steps)
    {
        var text = new StringBuilder("runbook: v1\nname: bench\nsteps:\n");
        for (var i = 1; i <= steps; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"  - id: step{i}\n    run: [/bin/true]\n");
        }

        return text.ToString();
    }

    private static bool OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));
}
