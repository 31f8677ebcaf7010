using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;

namespace Sockeye.Tests.Conformance;

/// <summary>Unix SEQPACKET sockets: connected, in order, and whole messages.</summary>
public abstract class SeqpacketConformance(NetworkFixture fixture) : ConformanceTests(fixture)
{
    public static TheoryData<StreamKind> Kinds => [StreamKind.Unix, StreamKind.Abstract, StreamKind.Pair];

    [FeatureTheory(Feature.Seqpacket)]
    [MemberData(nameof(Kinds))]
    public Task Messages_keep_their_boundaries(StreamKind kind) => RunPacketsAsync(kind, async (client, server) =>
    {
        await client.SendAsync(Payload.Text("one"));
        await client.SendAsync([Payload.Text("t"), Payload.Text("wo")]);
        Assert.Equal("one", await server.ReceiveTextAsync());
        Assert.Equal("two", await server.ReceiveTextAsync());
    });

    [FeatureTheory(Feature.Seqpacket)]
    [MemberData(nameof(Kinds))]
    public Task An_empty_message_is_no_end(StreamKind kind) => RunPacketsAsync(kind, async (client, server) =>
    {
        Assert.Equal(0, await client.SendAsync(ReadOnlyMemory<byte>.Empty));
        await client.SendAsync(Payload.Text("next"));
        Assert.Equal(0, await server.ReceiveAsync(new byte[8]));
        Assert.Equal("next", await server.ReceiveTextAsync());
    });

    [FeatureTheory(Feature.Seqpacket)]
    [MemberData(nameof(Kinds))]
    public Task A_hang_up_tells_the_end_from_an_empty_message(StreamKind kind) => RunPacketsAsync(kind, async (client, server) =>
    {
        await client.SendAsync(ReadOnlyMemory<byte>.Empty);
        Assert.Equal(SocketEvents.Readable, await server.UntilAsync(SocketEvents.Readable));
        Assert.Equal(0, await server.ReceiveAsync(new byte[8]));
        client.Dispose();
        SocketEvents found = await server.UntilAsync(SocketEvents.Readable);
        Assert.Equal(SocketEvents.HangUp, found & SocketEvents.HangUp);
        Assert.Equal(0, await server.ReceiveAsync(new byte[8]));
    });

    [FeatureTheory(Feature.Seqpacket)]
    [MemberData(nameof(Kinds))]
    public Task A_message_cut_short_says_so(StreamKind kind) => RunPacketsAsync(kind, async (client, server) =>
    {
        await client.SendAsync(Payload.Text("too long"));
        await client.SendAsync(Payload.Text("fits"));
        Assert.Equal(new DatagramResult(4, Truncated: true), await server.ReceiveFromAsync(new byte[4]));
        Assert.Equal(new DatagramResult(4, Truncated: false), await server.ReceiveFromAsync(new byte[4]));
    });

    [FeatureTheory(Feature.Seqpacket)]
    [MemberData(nameof(Kinds))]
    public Task A_connection_reads_over_empty_messages_to_the_end(StreamKind kind) => RunPacketsAsync(kind, async (client, server) =>
    {
        await using Connection reading = Fixture.Server.CreateConnection(server);
        await client.SendAsync(Payload.Text("one"));
        await client.SendAsync(ReadOnlyMemory<byte>.Empty);
        await client.SendAsync(Payload.Text("two"));
        client.Dispose();
        Assert.Equal("onetwo", Payload.Text(await reading.Input.ReadToEndAsync()));
    });

    [FeatureTheory(Feature.Seqpacket)]
    [MemberData(nameof(Kinds))]
    public Task A_connection_waits_on_after_an_empty_message(StreamKind kind) => RunPacketsAsync(kind, async (client, server) =>
    {
        await using Connection reading = Fixture.Server.CreateConnection(server);
        Task<ReadResult> read = reading.Input.ReadAsync().AsTask();
        await client.SendAsync(ReadOnlyMemory<byte>.Empty);
        await client.SendAsync(Payload.Text("x"));
        ReadResult result = await read;
        while (result.Buffer.IsEmpty)
        {
            Assert.False(result.IsCompleted);
            reading.Input.AdvanceTo(result.Buffer.End);
            result = await reading.Input.ReadAsync();
        }

        Assert.Equal("x", Payload.Text(result.Buffer.ToArray()));
        client.Dispose();
    });

    [FeatureTheory(Feature.Seqpacket)]
    [MemberData(nameof(Kinds))]
    public Task A_peer_that_only_sends_no_more_ends_a_connections_reading(StreamKind kind) => RunPacketsAsync(kind, async (client, server) =>
    {
        await using Connection reading = Fixture.Server.CreateConnection(server);
        await client.SendAsync(Payload.Text("one"));
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal("one", Payload.Text(await reading.Input.ReadToEndAsync()));
        await reading.WriteAsync(Payload.Text("two"));
        byte[] buffer = new byte[8];
        Assert.Equal("two", Payload.Text(buffer.AsSpan(0, await client.ReceiveAsync(buffer)).ToArray()));
        client.Dispose();
    });

    private Task RunPacketsAsync(StreamKind kind, Func<NetworkSocket, NetworkSocket, Task> scenario)
    {
        if (!Fixture.Has(kind))
            return Task.CompletedTask;
        return RunAsync(async () =>
        {
            await using SocketPair pair = await Fixture.ConnectedPairAsync(kind, SocketType.Seqpacket);
            Assert.Equal(SocketType.Seqpacket, pair.Server.SocketType);
            await scenario(pair.Client, pair.Server);
        });
    }
}
