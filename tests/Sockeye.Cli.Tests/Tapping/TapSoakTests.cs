using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Sockeye.Cli.Tests.Programs;
using Sockeye.Testing;

namespace Sockeye.Cli.Tests.Tapping;

/// <summary>Many connections at a time through a tap that shows them on the terminal and on the page: nothing of what they say is lost or changed, and the tap stays small.</summary>
[Trait("Category", "Soak")]
public class TapSoakTests
{
    /// <summary>The most memory the tap may have had at any time, in MiB: .NET and the page's server, what the page keeps, and what waits to be recorded.</summary>
    private const int ResidentMebibytesMax = 768;

    private const int BlockMax = 16 * 1024;

    /// <summary>So many blocks, and the next connection takes its place.</summary>
    private const int BlocksPerConnection = 50;

    private static readonly int Connections = SoakLevel.Scale(shortValue: 100, longValue: 1000);
    private static readonly TimeSpan Duration = SoakLevel.Scale(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(60));

    [Fact]
    public Task Nothing_is_lost_and_the_memory_is_bounded() => SoakAsync(Connections, "--web", "--frames", "length:2");

    /// <summary>Faults that lose nothing: what is delayed, slowed down, cut and joined comes as it was said.</summary>
    [Theory]
    [InlineData("delay=1ms±1ms, slice=700, merge=1ms")]
    [InlineData("rate=200mbit, slice=3000; down: delay=2ms")]
    public Task Faults_that_lose_nothing_lose_nothing(string plan) => SoakAsync(Connections / 5, "--fault", plan, "--fault-seed", "5");

    private static async Task SoakAsync(int connections, params string[] options)
    {
        await using Listener listener = await Network.Host.ListenAsync("tcp://127.0.0.1:0");
        using CancellationTokenSource stop = new();
        Task serving = Server.RunAsync(listener, EchoAsync, stop: stop.Token);
        using SockeyeProcess tap = SockeyeProcess.StartRedirected(">/dev/null", ["tap", "tcp://127.0.0.1:0?backlog=4096", $"{listener.Address}", .. options]);
        EndPoint door = (await tap.ListensAsync()).EndPoint;

        using CancellationTokenSource time = new(Duration);
        long[] moved = await Task.WhenAll(Enumerable.Range(0, connections).Select(seed => TalkAsync(door, new Random(seed), time.Token)));
        Assert.All(moved, bytes => Assert.True(bytes > 0));
        long resident = await ResidentPeakAsync(tap.Id);
        TestContext.Current.TestOutputHelper!.WriteLine($"{connections} connections at a time, {moved.Sum():#,0} bytes each way, {resident} MiB at most");
        tap.Signal(SockeyeProcess.Interrupt);
        Assert.Equal(0, await tap.EndAsync());
        Assert.InRange(resident, 1, ResidentMebibytesMax);
        await stop.CancelAsync();
        await serving.WaitAsync(Lines.Patience);
    }

    /// <summary>Says random blocks until the time is over, each a frame, and hears each come back as it was.</summary>
    private static async Task<long> TalkAsync(EndPoint door, Random random, CancellationToken time)
    {
        byte[] block = new byte[2 + BlockMax];
        byte[] answer = new byte[block.Length];
        long moved = 0;
        do
        {
            using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(door, CancellationToken.None);
            for (int i = 0; i < BlocksPerConnection && !(time.IsCancellationRequested && moved > 0); i++)
            {
                int length = 2 + random.Next(BlockMax);
                random.NextBytes(block.AsSpan(0, length));
                System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(block, (ushort)(length - 2));
                Task<int> receiving = ReceiveAllAsync(socket, answer.AsMemory(0, length));
                for (int sent = 0; sent < length;)
                    sent += await socket.SendAsync(block.AsMemory(sent, length - sent), CancellationToken.None);
                Assert.Equal(length, await receiving.WaitAsync(Lines.Patience, CancellationToken.None));
                Assert.True(block.AsSpan(0, length).SequenceEqual(answer.AsSpan(0, length)), "what came back is not what was said");
                moved += length;
            }

            socket.Shutdown(SocketShutdown.Send);
            Assert.Equal(0, await socket.ReceiveAsync(answer, CancellationToken.None).AsTask().WaitAsync(Lines.Patience, CancellationToken.None));
        }
        while (!time.IsCancellationRequested);
        return moved;
    }

    private static async Task<int> ReceiveAllAsync(Socket socket, Memory<byte> buffer)
    {
        int received = 0;
        while (received < buffer.Length && await socket.ReceiveAsync(buffer[received..]) is > 0 and int count)
            received += count;
        return received;
    }

    private static async Task EchoAsync(Connection connection, CancellationToken stop) =>
        await connection.AsStream().CopyToAsync(connection.AsStream(), stop);

    private static async Task<long> ResidentPeakAsync(int process)
    {
        string[] status = await File.ReadAllLinesAsync($"/proc/{process}/status");
        string line = Array.Find(status, line => line.StartsWith("VmHWM:", StringComparison.Ordinal))!;
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }
}
