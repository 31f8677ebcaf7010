using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Connections;

namespace Sockeye.AspNetCore.Tests.Transport;

/// <summary>Slow peers and many of them.</summary>
public abstract class PressureTests(NetworkFixture fixture) : NetworkTests(fixture)
{
    private const int Connections = 2000;

    /// <summary>Far over what all buffers of a connection hold together.</summary>
    private const int Flood = 64 * 1024 * 1024;

    private static readonly byte[] Block = Pattern(64 * 1024);

    [Fact]
    public async Task A_client_that_stops_reading_makes_the_server_wait_and_loses_nothing()
    {
        await using TransportPair pair = await PairAsync();
        (NetworkSocket client, ConnectionContext server) = pair;
        using IncrementalHash sent = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long written = 0;
        Task<FlushResult> waiting;
        do
        {
            written += Block.Length;
            sent.AppendData(Block);
            waiting = server.Output().WriteAsync(Block).AsTask();
            Assert.True(written < Flood, "the server never has to wait");

            // A writer whose bytes are always taken gives way now and then: that is no wait for the client.
            while (!waiting.IsCompleted && server.Features.Get<Connection>()?.BytesSent == written)
                await Task.Yield();
        }
        while (waiting.IsCompleted);

        // All that waits here is what this one write could not get rid of.
        Assert.InRange(server.Output().CanGetUnflushedBytes ? server.Output().UnflushedBytes : 0, 0, Block.Length);
        using IncrementalHash received = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[64 * 1024];
        while (written > 0)
        {
            int count = await WithinAsync(client.ReceiveAsync(buffer));
            Assert.NotEqual(0, count);
            received.AppendData(buffer, 0, count);
            written -= count;
        }

        await WithinAsync(waiting);
        Assert.Equal(sent.GetHashAndReset(), received.GetHashAndReset());
    }

    [Fact]
    public async Task A_server_that_does_not_read_makes_the_client_wait_and_loses_nothing()
    {
        await using TransportPair pair = await PairAsync();
        (NetworkSocket client, ConnectionContext server) = pair;
        byte[] flood = Pattern(Flood);
        int sent = 0;
        Task<int> sending;
        do
        {
            sending = client.SendAsync(flood.AsMemory(sent)).AsTask();
            if (sending.IsCompleted)
                sent += await sending;
            Assert.True(sent < Flood, "the client never has to wait");
        }
        while (sending.IsCompleted);

        byte[] first = await server.Input().ReadExactlyAsync(sent);
        sent += await WithinAsync(sending);
        client.Shutdown(SocketShutdown.Send);
        byte[] rest = await server.Input().ReadToEndAsync();

        Assert.Equal(SHA256.HashData(flood.AsSpan(0, sent)), SHA256.HashData([.. first, .. rest]));
    }

    [Fact]
    public async Task Thousands_of_connections_are_served_at_once()
    {
        await using IConnectionListener listener = await BindAsync(options => options.Listener = options.Listener with { Backlog = Connections });
        Task serving = ServeAsync(listener);
        NetworkSocket[] clients = new NetworkSocket[Connections];
        for (int i = 0; i < Connections; i++)
            clients[i] = await ConnectAsync(listener.EndPoint);

        // All of them are open when the first one speaks.
        await WithinAsync(Parallel.ForAsync(0, Connections, async (index, stop) =>
        {
            byte[] question = BitConverter.GetBytes(index), answer = new byte[question.Length];
            await clients[index].SendAllAsync(question, cancellationToken: stop);
            await clients[index].ReceiveAllAsync(answer, cancellationToken: stop);
            Assert.Equal(question, answer);
        }));
        foreach (NetworkSocket client in clients)
            client.Dispose();
        await WithinAsync(listener.UnbindAsync());
        await WithinAsync(serving);
    }

    /// <summary>
    /// Whoever has the memory next fills it while it waits to go out: other connections, and whoever else shares the pool.
    /// </summary>
    [Fact]
    public async Task What_was_read_and_is_written_goes_out_whole_though_nobody_waits_for_that()
    {
        await using IConnectionListener listener = await BindAsync(options => options.Listener = options.Listener with { LingerTimeout = Hang.Limit });
        await using TransportPair pair = await PairAsync(listener);
        (NetworkSocket client, ConnectionContext server) = pair;
        byte[] flood = Pattern(Flood);
        using (CancellationTokenSource cancel = new())
        {
            // What the network does not take of it stays in front: the write behind it has to wait, and reads the application's memory as long.
            Task<FlushResult> flooding = server.Output().WriteAsync(flood, cancel.Token).AsTask();
            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => WithinAsync(flooding));
        }

        await client.SendAllAsync(Block);
        ReadOnlyMemory<byte> read = (await WithinAsync(server.Input().ReadAsync())).Buffer.First;
        byte[] expected = [.. flood, .. read.Span];
        Task writing = server.Output().WriteAsync(read).AsTask();
        Task closing = server.DisposeAsync().AsTask();
        Assert.False(writing.IsCompleted);
        await UseMemoryAsync(listener);
        byte[] received = await client.ReceiveToEndAsync();
        client.Dispose();
        await WithinAsync(closing);
        await WithinAsync(writing);

        Assert.Equal(SHA256.HashData(expected), SHA256.HashData(received));
    }

    /// <summary>Takes what memory is free, and leaves something else in it.</summary>
    private async Task UseMemoryAsync(IConnectionListener listener)
    {
        byte[] other = new byte[1024 * 1024];
        Array.Fill(other, (byte)0xEE);
        for (int length = 4 * 1024; length <= other.Length; length *= 2)
        {
            byte[][] rented = [.. Enumerable.Range(0, 8).Select(_ => ArrayPool<byte>.Shared.Rent(length))];
            foreach (byte[] array in rented)
            {
                Array.Fill(array, (byte)0xEE);
                ArrayPool<byte>.Shared.Return(array);
            }
        }

        for (int i = 0; i < 8; i++)
        {
            await using TransportPair pair = await PairAsync(listener);
            Task sending = pair.Client.SendAllAsync(other).AsTask();
            Assert.Equal(other.Length, (await pair.Server.Input().ReadExactlyAsync(other.Length)).Length);
            await WithinAsync(sending);
        }
    }

    /// <summary>Echoes until the listener is unbound and every client has gone.</summary>
    private static async Task ServeAsync(IConnectionListener listener)
    {
        List<Task> connections = [];
        while (await listener.AcceptAsync() is { } connection)
            connections.Add(Task.Run(() => EchoAsync(connection)));
        await Task.WhenAll(connections);
    }

    private static async Task EchoAsync(ConnectionContext connection)
    {
        await using (connection)
        {
            while (true)
            {
                ReadResult result = await connection.Input().ReadAsync();
                foreach (ReadOnlyMemory<byte> segment in result.Buffer)
                    await connection.Output().WriteAsync(segment);
                connection.Input().AdvanceTo(result.Buffer.End);
                if (result.IsCompleted)
                    return;
            }
        }
    }
}
