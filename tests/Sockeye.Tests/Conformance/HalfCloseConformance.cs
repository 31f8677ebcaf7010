using System.Net.Sockets;

namespace Sockeye.Tests.Conformance;

/// <summary>Each direction ends by itself, and what ends how is told.</summary>
public abstract class HalfCloseConformance(NetworkFixture fixture) : ConformanceTests(fixture)
{
    [Theory]
    [MemberData(nameof(StreamKinds))]
    public Task After_its_end_a_side_still_receives(StreamKind kind) => RunAsync(kind, async (client, server) =>
    {
        await client.SendTextAsync("question");
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal("question", Payload.Text(await server.ReceiveToEndAsync()));
        await server.SendTextAsync("answer");
        server.Shutdown(SocketShutdown.Send);
        Assert.Equal("answer", Payload.Text(await client.ReceiveToEndAsync()));
    });

    [Theory]
    [MemberData(nameof(StreamKinds))]
    public Task The_peers_end_wakes_a_receive(StreamKind kind) => RunAsync(kind, async (client, server) =>
    {
        Task<int> receiving = server.ReceiveAsync(new byte[1]).AsTask();
        Assert.False(receiving.IsCompleted);
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, await receiving);
    });

    [Theory]
    [MemberData(nameof(StreamKinds))]
    public Task After_its_end_a_side_does_not_send(StreamKind kind) => RunAsync(kind, async (client, _) =>
    {
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal(SocketError.Shutdown, client.TrySend("x"u8, out int count));
        Assert.Equal(0, count);
        await FailsAsync(SocketError.Shutdown, client.SendAllAsync(new byte[1]));
    });

    [Theory]
    [MemberData(nameof(StreamKinds))]
    public Task Ending_twice_is_ending_once(StreamKind kind) => RunAsync(kind, async (client, server) =>
    {
        client.Shutdown(SocketShutdown.Send);
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, await server.ReceiveAsync(new byte[1]));
    });

    [Theory]
    [MemberData(nameof(StreamKinds))]
    public Task Shutting_down_both_ends_both(StreamKind kind) => RunAsync(kind, async (client, server) =>
    {
        client.Shutdown(SocketShutdown.Both);
        Assert.Equal(0, await server.ReceiveAsync(new byte[1]));
        Assert.Equal(0, await client.ReceiveAsync(new byte[1]));
    });

    [Theory]
    [MemberData(nameof(StreamKinds))]
    public Task Closing_ends_the_peers_stream_after_the_last_byte(StreamKind kind) => RunAsync(kind, async (client, server) =>
    {
        await client.SendTextAsync("last words");
        client.Dispose();
        Assert.Equal("last words", Payload.Text(await server.ReceiveToEndAsync()));
    });

    [Theory]
    [MemberData(nameof(StreamKinds))]
    public Task Sending_to_a_peer_that_has_closed_fails_in_the_end(StreamKind kind) => RunAsync(kind, async (client, server) =>
    {
        server.Dispose();
        Assert.Equal(0, await client.ReceiveAsync(new byte[1]));

        // The first may still leave: it is what the peer answers with a reset.
        SocketException e = await Assert.ThrowsAsync<SocketException>(async () =>
        {
            while (true)
            {
                await client.SendAllAsync(new byte[1]);
                await Fixture.ElapseAsync(Second);
            }
        });
        Assert.Contains(e.SocketErrorCode, new[] { SocketError.ConnectionReset, SocketError.Shutdown, SocketError.ConnectionAborted });
    });

    [Theory]
    [InlineData(StreamKind.Tcp4)]
    [InlineData(StreamKind.Tcp6)]
    public Task Aborting_resets_the_peer(StreamKind kind) => RunAsync(kind, async (client, server) =>
    {
        Task<int> receiving = server.ReceiveAsync(new byte[1]).AsTask();
        client.Abort();
        await FailsAsync(SocketError.ConnectionReset, () => receiving);
    });

    [Theory]
    [InlineData(StreamKind.Tcp4)]
    [InlineData(StreamKind.Tcp6)]
    public Task A_reset_is_said_of_the_peer_and_not_of_us(StreamKind kind) => RunAsync(kind, async (client, server) =>
    {
        string peer = $"tcp://{server.LocalEndPoint}";
        server.Abort();
        SocketException e = await FailsAsync(SocketError.ConnectionReset, client.ReceiveAsync(new byte[1]));
        Assert.Contains($"from {peer}: ", e.Message, StringComparison.Ordinal);
    });

    [Theory]
    [InlineData(StreamKind.Tcp4)]
    [InlineData(StreamKind.Tcp6)]
    public Task Closing_with_unread_input_resets_the_peer(StreamKind kind) => RunAsync(kind, async (client, server) =>
    {
        await client.SendTextAsync("never read");
        await server.UntilAsync(SocketEvents.Readable);
        server.Dispose();
        await FailsAsync(SocketError.ConnectionReset, client.ReceiveAsync(new byte[1]));
    });

    [Theory]
    [InlineData(AddressFamily.InterNetwork)]
    [InlineData(AddressFamily.InterNetworkV6)]
    public Task Only_connected_sockets_can_be_shut_down(AddressFamily family) => RunAsync(() =>
    {
        using NetworkSocket socket = Fixture.Server.CreateSocket(family, SocketType.Stream);
        Fails(SocketError.NotConnected, () => socket.Shutdown(SocketShutdown.Send));
        return Task.CompletedTask;
    });
}
