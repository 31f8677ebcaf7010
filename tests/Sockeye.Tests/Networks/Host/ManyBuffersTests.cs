using System.Net.Sockets;

namespace Sockeye.Tests.Networks.Host;

/// <summary>More at once than one system call takes.</summary>
public class ManyBuffersTests
{
    private const int Count = 3000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Thousands_of_buffers_make_one_message(bool portable)
    {
        await using HostNetwork network = new(timeProvider: null, portable);
        (NetworkSocket first, NetworkSocket second) = network.CreatePair(SocketType.Dgram);
        using (first)
        using (second)
        {
            byte[] sent = [.. Enumerable.Range(0, Count).Select(i => (byte)i)];
            byte[] received = new byte[Count];
            Assert.Equal(Count, first.Send([.. Enumerable.Range(0, Count).Select(i => (ReadOnlyMemory<byte>)sent.AsMemory(i, 1))]));
            Assert.Equal(Count, second.Receive([.. Enumerable.Range(0, Count).Select(i => received.AsMemory(i, 1))]));
            Assert.Equal(sent, received);
        }
    }

    [Fact]
    public void A_poll_of_more_sockets_than_the_process_may_open_says_so()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("The limit is poll(2)'s.");
        string limit = File.ReadLines("/proc/self/limits").Single(line => line.StartsWith("Max open files", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[3];
        using NetworkSocket socket = Network.Host.CreateSocket(AddressFamily.InterNetwork, SocketType.Dgram);
        SocketPoll[] items = new SocketPoll[int.Parse(limit, System.Globalization.CultureInfo.InvariantCulture) + 1];
        Array.Fill(items, new SocketPoll(socket, SocketEvents.Readable));

        SocketException e = Assert.Throws<SocketException>(() => Network.Host.Poll(items));

        Assert.EndsWith("; poll fewer, or raise the limit with 'ulimit -n'", e.Message, StringComparison.Ordinal);
    }
}
