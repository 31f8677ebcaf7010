using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Sockeye.Tests.Conformance;
using Sockeye.Tests.Soak;

namespace Sockeye.Linux.Tests.Reactors;

/// <summary>Those who share a reactor get their turn, whatever another does: here all share one.</summary>
[Collection(nameof(Alone))]
public abstract class FairnessTests(Engine engine) : ReactorTests(engine)
{
    private const int Players = 50;
    private const int PlayersRounds = 20;

    /// <summary>The flood's handler sends itself the next bytes before it reads again: it never has to wait, and never would give way by itself.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task One_that_floods_starves_nobody(bool floodsReader) => RunAsync(async () =>
    {
        LinuxNetwork network = Open();
        (NetworkSocket flooder, NetworkSocket flooded) = network.CreatePair();
        Connection connection = network.CreateConnection(flooded);
        using CancellationTokenSource enough = new();
        Task flooding = StartOn(flooded, () => floodsReader ? FloodReaderAsync(flooder, connection, enough.Token) : FloodWriterAsync(flooder, connection, enough.Token));

        await PlayAllAsync(network);
        Assert.False(flooding.IsCompleted);
        await enough.CancelAsync();
        await flooding;
        connection.Abort();
        flooder.Dispose();
    });

    /// <summary>The flooder sends itself the next datagram before it receives again.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task Datagrams_that_flood_starve_nobody(bool areBatches) => RunAsync(async () =>
    {
        LinuxNetwork network = Open();
        await using DatagramSocket socket = await network.OpenDatagramAsync("udp://127.0.0.1:0");
        using CancellationTokenSource enough = new();
        Task flooding = StartOn(socket.Socket!, () => areBatches ? FloodBatchesAsync(socket, enough.Token) : FloodDatagramsAsync(socket, enough.Token));

        await PlayAllAsync(network);
        Assert.False(flooding.IsCompleted);
        await enough.CancelAsync();
        await flooding;
    });

    /// <summary>The more comes at a time, the fewer tries it takes to move it.</summary>
    [Fact]
    public Task What_one_moves_before_another_has_its_turn_is_limited_in_bytes() => RunAsync(async () =>
    {
        const int PieceMax = 128 * 1024;
        LinuxNetwork network = Open();
        (NetworkSocket flooder, NetworkSocket flooded) = network.CreatePair();
        Connection connection = network.CreateConnection(flooded);
        int moved = 0;
        await StartOn(flooded, async () =>
        {
            bool hasAnotherRun = false;
            Post(flooded, () => hasAnotherRun = true);
            byte[] bytes = new byte[PieceMax];
            while (!hasAnotherRun)
            {
                // Full, there is enough to read.
                _ = flooder.TrySend(bytes, out _);
                ReadResult result = await connection.Input.ReadAsync(CancellationToken.None);
                moved += (int)result.Buffer.Length;
                connection.Input.AdvanceTo(result.Buffer.End);
            }
        });

        const int Most = FairTurn.TriesMax * FairTurn.TryBytes;
        Assert.InRange(moved, Most / 2, Most + (2 * PieceMax));
        connection.Abort();
        flooder.Dispose();
    });

    [Fact]
    public Task Connections_that_wait_to_be_accepted_starve_nobody() => RunAsync(async () =>
    {
        const int Waiting = 400, Before = 3;
        LinuxNetwork network = Open();
        await using Listener listener = await network.ListenAsync("tcp://127.0.0.1:0", new ListenerOptions { Backlog = Waiting });
        ConcurrentQueue<long> acceptedBefore = new();
        Server? server = null;
        server = new Server(listener, (_, _) =>
        {
            acceptedBefore.Enqueue(server!.Statistics.Accepted);
            return Task.CompletedTask;
        });
        using CancellationTokenSource stop = new();
        Task serving = server.RunAsync(stop.Token);
        for (int i = 0; i < Before; i++)
            await VisitAsync(await ConnectPeerAsync(listener));

        // By now the accepts are the reactor's, which finds all these at once.
        (NetworkSocket one, NetworkSocket other) = network.CreatePair();
        List<NetworkSocket> peers = [];
        using (await HoldAsync(one))
        {
            while (peers.Count < Waiting)
                peers.Add(await ConnectPeerAsync(listener));
        }

        await Task.WhenAll(peers.Select(VisitAsync));
        await stop.CancelAsync();
        await serving;
        Assert.Equal(Before + Waiting, acceptedBefore.Count);

        // Handlers came by turns with the accepts, not behind all of them.
        Assert.InRange(acceptedBefore.ElementAt(Before), Before + 1, Before + (Waiting / 2));
        one.Dispose();
        other.Dispose();
    });

    /// <summary>Each has sent bytes that its handler has seen and cannot use yet, and sends one more again and again.</summary>
    [Fact]
    [Trait("Category", "Soak")]
    public Task Many_that_drip_starve_nobody_and_lose_nothing() => RunAsync(async () =>
    {
        int count = SoakLevel.Scale(shortValue: 2000, longValue: 8000);
        LinuxNetwork network = Open();
        await using Listener listener = await ListenAsync(network);
        using CancellationTokenSource stop = new();
        Task serving = Server.RunAsync(listener, AnswerLinesAsync, new ServerOptions { ConnectionLimit = 2 * count }, stop.Token);
        NetworkSocket[] peers = new NetworkSocket[count];
        for (int i = 0; i < count; i++)
            peers[i] = await ConnectPeerAsync(listener);

        int drops = 0;
        bool isEnough = false;
        Task dripping = Task.Run(async () =>
        {
            for (; !Volatile.Read(ref isEnough) || drops == 0; drops++)
            {
                for (int i = 0; i < count; i++)
                    await peers[i].SendAllAsync(new[] { (byte)('a' + (i % 26)) });
            }
        });
        await Task.WhenAll(Enumerable.Range(0, Players).Select(_ => PlayLinesAsync(listener)));
        Volatile.Write(ref isEnough, true);
        await dripping;

        for (int i = 0; i < count; i++)
        {
            await peers[i].SendTextAsync("\n");
            Assert.Equal($"{drops} {new string((char)('a' + (i % 26)), 1)}\n", await peers[i].ReceiveTextAsync());
            peers[i].Dispose();
        }

        await stop.CancelAsync();
        await serving;
    });

    private static async Task VisitAsync(NetworkSocket peer)
    {
        Assert.Empty(await peer.ReceiveToEndAsync());
        peer.Dispose();
    }

    private static async Task FloodReaderAsync(NetworkSocket flooder, Connection connection, CancellationToken enough)
    {
        byte[] bytes = new byte[1024];
        while (!enough.IsCancellationRequested)
        {
            Assert.Equal(SocketError.Success, flooder.TrySend(bytes, out _));
            ReadResult result = await connection.Input.ReadAsync(CancellationToken.None);
            connection.Input.AdvanceTo(result.Buffer.End);
        }
    }

    private static async Task FloodWriterAsync(NetworkSocket flooder, Connection connection, CancellationToken enough)
    {
        byte[] bytes = new byte[1024];
        while (!enough.IsCancellationRequested)
        {
            await connection.WriteAsync(bytes, CancellationToken.None);
            Assert.Equal(SocketError.Success, flooder.TryReceive(bytes, out _));
        }
    }

    private static async Task FloodBatchesAsync(DatagramSocket socket, CancellationToken enough)
    {
        DatagramBatch batch = new();
        batch.Add(new byte[1], socket.LocalEndPoints[0]);
        while (!enough.IsCancellationRequested)
        {
            await socket.SendAsync(batch, CancellationToken.None);
            await socket.ReceiveAsync(batch, CancellationToken.None);
        }
    }

    private static async Task FloodDatagramsAsync(DatagramSocket socket, CancellationToken enough)
    {
        byte[] buffer = new byte[1];
        SocketAddress from = socket.LocalEndPoints[0].Serialize();
        while (!enough.IsCancellationRequested)
        {
            await socket.SendAsync(buffer, from, CancellationToken.None);
            await socket.ReceiveAsync(buffer, from, CancellationToken.None);
        }
    }

    private static async Task PlayAllAsync(LinuxNetwork network)
    {
        await using Listener listener = await ListenAsync(network);
        using CancellationTokenSource stop = new();
        Task serving = Server.RunAsync(listener, AnswerLinesAsync, stop.Token);
        await Task.WhenAll(Enumerable.Range(0, Players).Select(_ => PlayLinesAsync(listener)));
        await stop.CancelAsync();
        await serving;
    }

    private static async Task PlayLinesAsync(Listener listener)
    {
        using NetworkSocket peer = await ConnectPeerAsync(listener);
        for (int i = 0; i < PlayersRounds; i++)
        {
            await peer.SendTextAsync("xx\n");
            Assert.Equal("2 x\n", await peer.ReceiveTextAsync());
        }
    }

    /// <summary>Answers each line with its length and the characters that are in it.</summary>
    private static async Task AnswerLinesAsync(Connection connection, CancellationToken stop)
    {
        while (true)
        {
            ReadResult result = await connection.Input.ReadAsync(CancellationToken.None);
            ReadOnlySequence<byte> rest = result.Buffer;
            while (rest.PositionOf((byte)'\n') is { } end)
            {
                byte[] line = rest.Slice(0, end).ToArray();
                string characters = string.Concat(line.Distinct().Select(value => (char)value));
                await connection.WriteTextAsync(string.Create(CultureInfo.InvariantCulture, $"{line.Length} {characters}\n"));
                rest = rest.Slice(rest.GetPosition(1, end));
            }

            connection.Input.AdvanceTo(rest.Start, result.Buffer.End);
            if (result.IsCompleted)
                return;
        }
    }
}
