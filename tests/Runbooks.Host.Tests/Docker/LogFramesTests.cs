using System.Text;
using Runbooks.Host.Docker;

namespace Runbooks.Host.Tests.Docker;

/// <summary>The two streams of a container in one, however the network cuts it.</summary>
public sealed class LogFramesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(4096)]
    public async Task They_are_taken_apart_however_they_come(int piece)
    {
        var (output, error) = await ReadAsync([.. Frame(1, "one\n"), .. Frame(2, ""), .. Frame(2, "bad\n"), .. Frame(1, new string('x', 300))], piece);

        Assert.Equal("one\n" + new string('x', 300), output);
        Assert.Equal("bad\n", error);
    }

    [Fact]
    public async Task Of_a_terminal_there_is_one_as_it_is() =>
        Assert.Equal(("\u0001 as it is", ""), await ReadAsync("\u0001 as it is"u8.ToArray(), 5, isTerminal: true));

    [Theory]
    [InlineData(11)]
    [InlineData(17)]
    public async Task One_that_ends_in_the_middle_is_no_end(int length) =>
        await Assert.ThrowsAsync<EndOfStreamException>(() => ReadAsync([.. ((byte[])[.. Frame(1, "one\n"), .. Frame(2, "bad\n")]).Take(length)], 4096));

    private static byte[] Frame(byte stream, string text) => [stream, 0, 0, 0, 0, 0, (byte)(text.Length >> 8), (byte)text.Length, .. Encoding.UTF8.GetBytes(text)];

    private static async Task<(string Output, string Error)> ReadAsync(byte[] bytes, int piece, bool isTerminal = false)
    {
        await using var body = new Pieces(bytes, piece);
        var frames = new LogFrames(body, isTerminal);
        var (output, error, buffer) = (new StringBuilder(), new StringBuilder(), new byte[64]);
        while (await frames.ReadAsync(buffer, TestContext.Current.CancellationToken) is { Count: > 0 } read)
        {
            (read.IsError ? error : output).Append(Encoding.UTF8.GetString(buffer, 0, read.Count));
        }

        return (output.ToString(), error.ToString());
    }

    private sealed class Pieces(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => base.ReadAsync(buffer[..Math.Min(piece, buffer.Length)], cancellationToken);
    }
}
