using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using System.Net.Sockets;

namespace Sockeye.Tests.Soak;

/// <summary>
/// Many clients at once, each with a life drawn from a seed: they connect, send in random pieces, read fast, slowly or not at all, end one direction, abort. What
/// a client that ends in order sent must come back whole; whatever the others do, no connection may be left.
/// </summary>
internal static class Churn
{
    private const int Clients = 40;

    /// <summary>Each lives so often at least, however slow the machine is.</summary>
    private const int LivesMin = 2;

    /// <summary>Clients and server are on one network, whose machine's cores are all wanted by something else too.</summary>
    public static async Task RunAsync(Network network, Address address, TimeSpan duration)
    {
        using BusyCores busy = new();
        await using Listener listener = await network.ListenAsync(address);
        ServerOptions options = new() { DrainTimeout = TimeSpan.FromSeconds(30) };
        Server server = new(listener, EchoAsync, options);
        using CancellationTokenSource stop = new();
        Task serving = server.RunAsync(stop.Token);

        long start = Stopwatch.GetTimestamp();
        Task<int>[] clients = [.. Enumerable.Range(1, Clients).Select(seed => Task.Run(async () =>
        {
            int lives = 0;
            for (Random random = new(seed); lives < LivesMin || Stopwatch.GetElapsedTime(start) < duration; lives++)
                await LiveAsync(network, listener.Address, random);
            return lives;
        }))];
        int[] lives = await Task.WhenAll(clients).WaitAsync(duration + Hang.Limit);

        await stop.CancelAsync();
        await serving.WaitAsync(Hang.Limit);
        Assert.InRange(server.Statistics.Accepted, 1, lives.Sum());
        Assert.Equal(0, server.Statistics.Active);
        Assert.Equal(0, server.Statistics.DrainTimeouts);
    }

    private static async Task LiveAsync(Network network, Address address, Random random)
    {
        using CancellationTokenSource limit = new(Hang.Limit);
        try
        {
            await using Connection connection = await network.ConnectAsync(address, cancellationToken: limit.Token);
            switch (random.Next(5))
            {
                case 0:
                    connection.Abort();
                    return;
                case 1:
                    // In the middle of sending more than both sides hold: nobody reads the echo.
                    Task unfinished = SendAsync(connection, new byte[random.Next(1, 1_000_000)], random, limit.Token);
                    connection.Abort();
                    SocketException? end = await Record.ExceptionAsync(() => unfinished) as SocketException;
                    Assert.True(end is null or { SocketErrorCode: SocketError.OperationAborted }, $"{end}");
                    return;
                case 2:
                    // Leaves without reading: the server's output has nowhere to go, and closing lingers.
                    await connection.WriteAsync(new byte[random.Next(1, 2000)], limit.Token);
                    return;
                default:
                    byte[] sent = new byte[random.Next(0, 400_000)];
                    random.NextBytes(sent);
                    Task sending = SendAsync(connection, sent, new Random(random.Next()), limit.Token, thenEnd: true);
                    byte[] received = await ReadAsync(connection.Input, random, limit.Token);
                    await sending;
                    Assert.Equal(sent.Length, received.Length);
                    Assert.True(sent.AsSpan().SequenceEqual(received), "the echo differs");
                    return;
            }
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown or SocketError.ConnectionAborted)
        {
            Assert.Fail($"a client that did not abort was reset: {e}");
        }
    }

    private static async Task SendAsync(Connection connection, byte[] bytes, Random random, CancellationToken cancellationToken, bool thenEnd = false)
    {
        for (int at = 0; at < bytes.Length;)
        {
            int part = Math.Min(bytes.Length - at, random.Next(1, 60_000));
            if (random.Next(2) == 0)
                connection.Output.Write(bytes.AsSpan(at, part));
            else
                await connection.Output.WriteAsync(bytes.AsMemory(at, part), cancellationToken);
            at += part;
        }

        await connection.Output.FlushAsync(cancellationToken);
        if (thenEnd)
            await connection.Output.CompleteAsync();
    }

    private static async Task<byte[]> ReadAsync(PipeReader input, Random random, CancellationToken cancellationToken)
    {
        ArrayBufferWriter<byte> all = new();
        while (true)
        {
            ReadResult result;
            if (random.Next(4) == 0)
            {
                // A read that is cancelled loses nothing.
                using CancellationTokenSource soon = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                ValueTask<ReadResult> reading = input.ReadAsync(soon.Token);
                await soon.CancelAsync();
                try
                {
                    result = await reading;
                }
                catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
                {
                    continue;
                }
            }
            else
            {
                result = await input.ReadAsync(cancellationToken);
            }

            ReadOnlySequence<byte> taken = result.Buffer.Slice(0, random.Next(0, (int)result.Buffer.Length + 1));
            if (result.IsCompleted && result.Buffer.IsEmpty)
                return all.WrittenSpan.ToArray();
            foreach (ReadOnlyMemory<byte> part in taken)
                all.Write(part.Span);
            input.AdvanceTo(taken.End);
        }
    }

    private static async Task EchoAsync(Connection connection, CancellationToken stop)
    {
        while (true)
        {
            ReadResult result = await connection.Input.ReadAsync(CancellationToken.None);
            foreach (ReadOnlyMemory<byte> part in result.Buffer)
                await connection.Output.WriteAsync(part, CancellationToken.None);
            connection.Input.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
                return;
        }
    }
}
