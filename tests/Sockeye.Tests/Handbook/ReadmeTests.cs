using System.Net;
using System.Net.Sockets;
using Sockeye.Tests.Time;

namespace Sockeye.Tests.Handbook;

public class ReadmeTests : HandbookTests
{
    [Fact]
    public async Task A_server_and_a_client()
    {
        using CancellationTokenSource stopping = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        CancellationToken stopToken = stopping.Token;
        Task serving = ServeAsync(stopToken);
        // snippet: README client
        await using Connection connection = await Network.Host.ConnectAsync("localhost:8888");
        await connection.WriteLineAsync("hello");
        await connection.Output.CompleteAsync();
        using StreamReader reader = new(connection.AsStream());
        string answer = await reader.ReadToEndAsync();
        // end snippet
        Assert.Equal("HELLO\n", answer);
        await stopping.CancelAsync();
        await serving;
    }

    [Fact]
    public async Task A_network_in_memory()
    {
        ManualTimeProvider time = new();
        // snippet: README memory
        await using MemoryNetwork network = new(time);
        await using Listener listener = await network.ListenAsync("tcp://127.0.0.1:80");
        network.Conditions.Refuse(new IPEndPoint(IPAddress.Loopback, 80));

        await Assert.ThrowsAsync<SocketException>(async () => await network.ConnectAsync("tcp://127.0.0.1:80"));
        // end snippet
    }

    private static async Task ServeAsync(CancellationToken stopToken)
    {
        // snippet: README server
        await using Listener listener = await Network.Host.ListenAsync("tcp://127.0.0.1:8888", stopToken);

        await Server.RunAsync(listener, async (connection, stop) =>
        {
            await foreach (string line in connection.Frames(Codecs.Lines()).ReadAllAsync(stop))
                await connection.WriteLineAsync(line.ToUpperInvariant(), stop);
        }, stopToken);
        // end snippet
    }

    /// <summary>What the README's code calls the host, here in memory: its port is nobody else's.</summary>
    private static class Network
    {
        public static Sockeye.Network Host { get; } = new MemoryNetwork();
    }
}
