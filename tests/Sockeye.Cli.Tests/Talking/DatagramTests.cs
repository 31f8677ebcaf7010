using System.IO.Pipelines;
using System.Net;
using System.Text;
using Sockeye.Cli.Talking.Datagrams;

namespace Sockeye.Cli.Tests.Talking;

public class DatagramTests
{
    [Fact]
    public async Task Lines_are_read_however_they_come_and_a_long_one_is_passed_over()
    {
        Pipe pipe = new(new PipeOptions(pauseWriterThreshold: 0));
        byte[] typed = Encoding.UTF8.GetBytes($"one\n\n{new string('x', 20)}\nfour\n{new string('y', 11)}");
        Task writing = WriteOneByOneAsync(pipe.Writer, typed);

        List<(long, string?, long)> lines = [];
        await foreach (DatagramLine line in DatagramLines.ReadAllAsync(pipe.Reader, lengthMax: 10, CancellationToken.None))
            lines.Add((line.Number, line.Bytes is null ? null : Encoding.UTF8.GetString(line.Bytes), line.Length));
        await writing;

        Assert.Equal([(1, "one", 3), (2, "", 0), (3, null, 20), (4, "four", 4), (5, null, 11)], lines);
    }

    [Fact]
    public void Senders_are_numbered_and_the_quietest_is_forgotten()
    {
        Senders senders = new(countMax: 2);
        SocketAddress[] addresses = [.. Enumerable.Range(1, 3).Select(port => new IPEndPoint(IPAddress.Loopback, port).Serialize())];
        Assert.False(senders.First.IsCompleted);

        Assert.Equal(1, senders.Hear(addresses[0], () => "a", out bool isNew).Number);
        Assert.True(isNew && senders.First.IsCompleted);
        Assert.Equal(2, senders.Hear(addresses[1], () => "b", out _).Number);
        Assert.Equal(1, senders.Hear(addresses[0], () => "?", out isNew).Number);
        Assert.False(isNew);
        Assert.Equal("a", senders.Last!.Name);

        // The third has no room but that of the second, which has been quiet longest.
        Assert.Equal(3, senders.Hear(addresses[2], () => "c", out _).Number);
        Assert.False(senders.TryFind(2, out _));
        Assert.True(senders.TryFind(1, out _));
        Assert.Equal(4, senders.Hear(addresses[1], () => "b", out isNew).Number);
        Assert.True(isNew);
    }

    private static async Task WriteOneByOneAsync(PipeWriter writer, byte[] bytes)
    {
        foreach (byte value in bytes)
        {
            await writer.WriteAsync(new[] { value });
            await Task.Yield();
        }

        await writer.CompleteAsync();
    }
}
