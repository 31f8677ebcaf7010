using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Connections;

namespace Sockeye.AspNetCore.Tests.Transport;

/// <summary>What Kestrel's transports promise, once more where the connection is TLS: Kestrel's own above the transport, or ours below it.</summary>
public abstract class TlsTransportTests(NetworkFixture fixture) : NetworkTests(fixture)
{
    private const int Connections = 100;

    /// <summary>Far over what all buffers of a connection hold together.</summary>
    private const int Flood = 64 * 1024 * 1024;

    private static readonly byte[] Hello = "hello"u8.ToArray();

    public static TheoryData<TlsBy> Both => [.. Enum.GetValues<TlsBy>()];

    [Theory]
    [MemberData(nameof(Both))]
    public Task Nothing_is_lost_on_dispose(TlsBy by) => RunAsync(by, async pair =>
    {
        byte[] sent = Pattern(4 * 1024 * 1024);

        // What it never reads must not make the end a reset, as it does with Kestrel's own transport if that has not come to read it.
        if (!Fixture.IsStock)
            await pair.Client.WriteAsync(Hello);
        pair.Server.Output().Write(sent);
        Task flushing = pair.Server.Output().FlushAsync().AsTask();
        Task<byte[]> receiving = ReadAllAsync(pair.Client, by);

        // Its own TLS goes with the application, whatever that has not waited for.
        if (by == TlsBy.Kestrel)
            await WithinAsync(flushing);
        pair.Return();

        Assert.Equal(sent, await receiving);
        await pair.Client.DisposeAsync();
        await WithinAsync(flushing);
    });

    [Theory]
    [MemberData(nameof(Both))]
    public Task The_clients_close_notify_is_read_as_the_end_and_it_still_gets_its_answer(TlsBy by) => RunAsync(by, async pair =>
    {
        await pair.Client.WriteAsync(Hello);
        await pair.Client.Output.CompleteAsync();

        await FiresAsync(pair.Server.ConnectionClosed);
        byte[] read = await pair.Server.Input().ReadToEndAsync();
        await pair.Server.Output().WriteAsync(read);
        pair.Return();

        Assert.Equal(Hello, read);
        Assert.Equal(Hello, await ReadAllAsync(pair.Client, by));
    });

    /// <summary>Somebody on the way may have done it: our TLS does not take it for the end. Kestrel's does.</summary>
    [Theory]
    [MemberData(nameof(Both))]
    public Task An_end_without_close_notify_is_told_as_each_does(TlsBy by) => RunAsync(by, async pair =>
    {
        await pair.Client.WriteAsync(Hello);
        await pair.Below.Output.CompleteAsync();

        Assert.Equal(Hello, await pair.Server.Input().ReadExactlyAsync(Hello.Length));
        if (by == TlsBy.Sockeye)
            await Assert.ThrowsAsync<IOException>(() => WithinAsync(pair.Server.Input().ReadAsync()));
        else
            Assert.Empty(await pair.Server.Input().ReadToEndAsync());
        await FiresAsync(pair.Server.ConnectionClosed);
    });

    [Theory]
    [MemberData(nameof(Both))]
    public Task A_clients_reset_ends_reading_and_nobody_takes_what_is_written(TlsBy by) => RunAsync(by, async pair =>
    {
        Task<ReadResult> reading = pair.Server.Input().ReadAsync().AsTask();
        pair.Client.Abort();

        await Assert.ThrowsAsync<ConnectionResetException>(() => WithinAsync(reading));
        await FiresAsync(pair.Server.ConnectionClosed);
        if (by == TlsBy.Kestrel)
            return; // The pipe of its middleware takes what is written until the application returns.
        FlushResult flushed;
        do
            flushed = await WithinAsync(pair.Server.Output().WriteAsync(Hello));
        while (!flushed.IsCompleted);
    });

    [Theory]
    [MemberData(nameof(Both))]
    public Task An_abort_resets_the_client_and_ends_all_here(TlsBy by) => RunAsync(by, async pair =>
    {
        Task<ReadResult> reading = pair.Server.Input().ReadAsync().AsTask();
        pair.Server.Abort(new ConnectionAbortedException("enough"));

        Exception? aborted = await Record.ExceptionAsync(() => WithinAsync(reading));
        if (by == TlsBy.Kestrel)
            aborted = Assert.IsType<IOException>(aborted).InnerException;
        Assert.Equal("enough", Assert.IsType<ConnectionAbortedException>(aborted).Message);
        await FiresAsync(pair.Server.ConnectionClosed);
        SocketException reset = await Assert.ThrowsAsync<SocketException>(() => WithinAsync(pair.Client.Input.ReadAsync()));
        Assert.Equal(SocketError.ConnectionReset, reset.SocketErrorCode);
    });

    [Theory]
    [MemberData(nameof(Both))]
    public Task A_client_that_stops_reading_makes_the_server_wait_and_loses_nothing(TlsBy by) => RunAsync(by, async pair =>
    {

        // More than goes anywhere while nobody reads: that it has not ended is no matter of time.
        byte[] sent = Pattern(Flood);
        Task<FlushResult> writing = pair.Server.Output().WriteAsync(sent).AsTask();
        await pair.Client.WriteAsync(Hello);
        Assert.Equal(Hello, await pair.Server.Input().ReadExactlyAsync(Hello.Length));
        Assert.False(writing.IsCompleted);

        byte[] received = new byte[sent.Length];
        await WithinAsync(pair.Client.AsStream().ReadExactlyAsync(received));
        Assert.Equal(SHA256.HashData(sent), SHA256.HashData(received));
        await WithinAsync(writing);
    });

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Many_connections_are_served_at_once(TlsBy by)
    {
        if (IsMissing(by))
            return;
        await using TlsServer server = await TlsServer.StartAsync(Fixture, by);
        TlsPair[] pairs = new TlsPair[Connections];
        for (int i = 0; i < Connections; i++)
            pairs[i] = await server.PairAsync();

        // All of them are open when the first one speaks.
        await WithinAsync(Parallel.ForAsync(0, Connections, async (index, _) =>
        {
            byte[] question = BitConverter.GetBytes(index);
            await pairs[index].Client.WriteAsync(question, CancellationToken.None);
            byte[] read = await pairs[index].Server.Input().ReadExactlyAsync(question.Length);
            await pairs[index].Server.Output().WriteAsync(read, CancellationToken.None);
            Assert.Equal(question, await pairs[index].Client.Input.ReadExactlyAsync(question.Length));
        }));
        foreach (TlsPair pair in pairs)
            await pair.DisposeAsync();
    }

    private async Task RunAsync(TlsBy by, Func<TlsPair, Task> test)
    {
        if (IsMissing(by))
            return;
        await using TlsServer server = await TlsServer.StartAsync(Fixture, by);
        await using TlsPair pair = await server.PairAsync();
        await test(pair);
    }

    /// <summary>Kestrel's transport knows no addresses of ours.</summary>
    private bool IsMissing(TlsBy by) => Fixture.IsStock && by == TlsBy.Sockeye;

    /// <summary>Kestrel's TLS sends no close_notify as its connection ends: the client is told that it cannot know whether that was all.</summary>
    private static async Task<byte[]> ReadAllAsync(Connection client, TlsBy by)
    {
        if (by == TlsBy.Sockeye)
            return await client.Input.ReadToEndAsync();
        using MemoryStream all = new();
        await Assert.ThrowsAsync<TruncatedStreamException>(() => WithinAsync(client.Input.CopyToAsync(all)));
        return all.ToArray();
    }
}
