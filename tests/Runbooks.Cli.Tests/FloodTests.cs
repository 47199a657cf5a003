using System.Security.Cryptography;
using System.Text;

namespace Runbooks.Cli.Tests;

/// <summary>More output than any memory should hold.</summary>
public sealed class FloodTests
{
    private const long Gigabyte = 1L << 30;
    private const string Line = "2026-01-02T03:04:05Z app INFO nothing of interest happened here, again and again\n";

    [Fact]
    public async Task A_gigabyte_of_output_is_recorded_whole_in_flat_memory()
    {
        using var project = new Project().Playbook($$"""
            vars:
              password: { secret: true, from_env: PASSWORD }
            steps:
              - { id: flood, shell: { interpreter: sh, script: "yes '{{Line.TrimEnd()}}' | head -c {{Gigabyte}}" } }
              - { id: peak, run: [bash, -c, "grep VmHWM /proc/$PPID/status"] }
            """);

        // Every byte is looked at for it.
        (await project.Set("PASSWORD", "nothing of this kind").ExecAsync()).Expect(0);

        var record = project.Record().IsWhole();
        var end = record.EndOf("flood");
        Assert.Equal(Gigabyte, end.OutputLength);
        Assert.Equal(Gigabyte, new FileInfo(Path.Combine(record.Folder, end.Output)).Length);
        Assert.Equal(Sha256OfFlood(), end.OutputSha256);
        var peak = int.Parse(Encoding.ASCII.GetString(record.OutputOf("peak")).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2].Trim());
        // The runtime that compiles while it runs needs as much for itself.
        Assert.InRange(peak, 1, (Project.IsNative ? 40 : 130) * 1024);
    }

    private static string Sha256OfFlood()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(Line, 10_000)));
        for (var left = Gigabyte; left > 0; left -= block.Length)
        {
            hash.AppendData(block.AsSpan(0, (int)Math.Min(left, block.Length)));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
