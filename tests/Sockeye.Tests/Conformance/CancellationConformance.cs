using System.Net;
using System.Net.Sockets;

namespace Sockeye.Tests.Conformance;

/// <summary>Cancelling, aborting and disposing end what waits, and cancelling loses nothing.</summary>
public abstract class CancellationConformance(NetworkFixture fixture) : WaitingConformance(fixture)
{
    [Theory]
    [MemberData(nameof(StreamKinds))]
    public Task Cancelling_a_receive_a_thousand_times_loses_no_byte(StreamKind kind) => RunAsync(kind, async (client, server) =>
    {
        const int Times = 1000;
        List<byte> received = [];
        byte[] payload = Payload.Of(Times);
        int cancelled = 0;
        for (int i = 0; i < Times; i++)
        {
            using CancellationTokenSource stop = new();
            byte[] buffer = new byte[16];
            Task<int> receiving = server.ReceiveAsync(buffer, SocketFlags.None, stop.Token).AsTask();

            // Every second time the byte races the cancelling.
            if (i % 2 == 0)
                await client.SendAllAsync(payload.AsMemory(i, 1));
            await stop.CancelAsync();
            if (i % 2 != 0)
                await client.SendAllAsync(payload.AsMemory(i, 1));
            try
            {
                int count = await receiving;
                received.AddRange(buffer.AsSpan(0, count));
            }
            catch (OperationCanceledException)
            {
                cancelled++;
            }
        }

        client.Shutdown(SocketShutdown.Send);
        received.AddRange(await server.ReceiveToEndAsync());
        Assert.Equal(payload, received);
        Assert.True(cancelled > 0);
    });

    [Theory]
    [MemberData(nameof(DatagramKinds))]
    public Task Cancelling_a_receive_loses_no_datagram(DatagramKind kind) => RunAsync(kind, async (client, server) =>
    {
        const int Times = 100;
        List<byte> received = [];
        for (int i = 0; i < Times; i++)
        {
            using CancellationTokenSource stop = new();
            byte[] buffer = new byte[16];
            Task<DatagramResult> receiving = server.ReceiveFromAsync(buffer, null, SocketFlags.None, stop.Token).AsTask();
            await client.SendToAsync(new[] { (byte)i }, server.LocalEndPoint!);
            await stop.CancelAsync();
            try
            {
                DatagramResult result = await receiving;
                received.AddRange(buffer.AsSpan(0, result.Count));
            }
            catch (OperationCanceledException)
            {
                await server.ReceiveFromAsync(buffer);
                received.Add(buffer[0]);
            }
        }

        Assert.Equal(Payload.Of(Times), received);
    });

    [Theory]
    [MemberData(nameof(Calls))]
    public Task A_cancelled_call_names_its_token_and_the_socket_goes_on(WaitingCall call) => RunBlockedAsync(call, async blocked =>
    {
        using CancellationTokenSource stop = new();
        Task waiting = blocked.Start(stop.Token);
        Assert.False(waiting.IsCompleted);
        await stop.CancelAsync();
        OperationCanceledException e = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal(stop.Token, e.CancellationToken);
        Assert.False(blocked.Socket.IsClosed);
        if (blocked.UnblockAsync is { } unblockAsync)
        {
            waiting = blocked.Start(CancellationToken.None);
            await unblockAsync();
            await waiting;
        }
    });

    [Theory]
    [MemberData(nameof(Calls))]
    public Task A_token_cancelled_before_wins_over_what_is_there(WaitingCall call) => RunBlockedAsync(call, async blocked =>
    {
        CancellationToken cancelled = new(canceled: true);
        if (blocked.UnblockAsync is { } unblockAsync)
            await unblockAsync();
        await CancelledAsync(blocked.Start(cancelled));
        blocked.Socket.Timeout = TimeSpan.Zero;
        await CancelledAsync(blocked.Start(cancelled));
    });

    [Theory]
    [MemberData(nameof(Calls))]
    public Task The_token_wins_a_tie_with_the_deadline(WaitingCall call) => RunBlockedAsync(call, async blocked =>
    {
        blocked.Socket.Timeout = Second;
        using CancellationTokenSource stop = new(Second, Fixture.Time);
        Task waiting = blocked.Start(stop.Token);
        await Fixture.ElapseAsync(Second);
        await CancelledAsync(waiting);
    });

    [Theory]
    [MemberData(nameof(Calls))]
    public Task Aborting_ends_what_waits(WaitingCall call) => RunBlockedAsync(call, async blocked =>
    {
        Task waiting = blocked.Start(CancellationToken.None);
        blocked.Socket.Abort();
        await FailsAsync(SocketError.OperationAborted, () => waiting);
        blocked.Socket.Abort();
        blocked.Socket.Dispose();
    });

    [Theory]
    [MemberData(nameof(Calls))]
    public Task Disposing_ends_what_waits(WaitingCall call) => RunBlockedAsync(call, async blocked =>
    {
        Task waiting = blocked.Start(CancellationToken.None);
        await blocked.Socket.DisposeAsync();
        await FailsAsync(SocketError.OperationAborted, () => waiting);
        await blocked.Socket.DisposeAsync();
        blocked.Socket.Abort();
    });

    [FeatureFact(Feature.Silence)]
    public Task Disposing_ends_a_try_to_connect_with_a_result() => RunAsync(async () =>
    {
        (IPEndPoint silent, IAsyncDisposable keeper) = await Fixture.OpenSilenceAsync(Fixture.Address4);
        await using IAsyncDisposable kept = keeper;
        NetworkSocket socket = Fixture.Client.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
        Task<SocketError> connecting = socket.TryConnectAsync(silent).AsTask();
        Assert.False(connecting.IsCompleted);
        socket.Dispose();
        Assert.Equal(SocketError.OperationAborted, await connecting);
        Assert.Null(socket.HandshakeTime);
    });

    [Fact]
    public Task Aborting_a_call_that_was_just_woken_is_no_misuse() => RunAsync(async () =>
    {
        for (int i = 0; i < 100; i++)
        {
            await using SocketPair pair = await Fixture.ConnectedPairAsync();
            Task<int> receiving = pair.Server.ReceiveAsync(new byte[1]).AsTask();
            await pair.Client.SendAllAsync(new byte[1]);
            pair.Server.Abort();
            try
            {
                Assert.Equal(1, await receiving);
            }
            catch (SocketException e)
            {
                Assert.Equal(SocketError.OperationAborted, e.SocketErrorCode);
            }
        }
    });

    [Theory]
    [MemberData(nameof(Calls))]
    public Task After_closing_calls_say_that_the_socket_is_disposed(WaitingCall call) => RunBlockedAsync(call, async blocked =>
    {
        blocked.Socket.Dispose();
        Assert.True(blocked.Socket.IsClosed);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => blocked.Start(CancellationToken.None));
        Assert.Throws<ObjectDisposedException>(blocked.Run);
    });

    [Fact]
    public Task A_cancelled_SendAll_says_what_was_sent_before() => RunAsync(StreamKind.Tcp4, async (client, server) =>
    {
        byte[] payload = Payload.Of(16 * 1024 * 1024);
        using CancellationTokenSource stop = new();
        Task sending = client.SendAllAsync(payload, stop.Token).AsTask();
        await server.UntilAsync(SocketEvents.Readable);
        await stop.CancelAsync();
        OperationCanceledException e = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        int sent = NetworkSocket.SentBefore(e);
        Assert.InRange(sent, 1, payload.Length - 1);
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal(payload[..sent], await server.ReceiveToEndAsync());
    });

    [Fact]
    public Task A_cancelled_ReceiveAll_says_what_came_before() => RunAsync(StreamKind.Tcp4, async (client, server) =>
    {
        await client.SendTextAsync("abc");
        await server.UntilAsync(SocketEvents.Readable);
        using CancellationTokenSource stop = new();
        byte[] buffer = new byte[8];
        Task<int> receiving = server.ReceiveAllAsync(buffer, stop.Token).AsTask();
        await stop.CancelAsync();
        OperationCanceledException e = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => receiving);
        Assert.Equal(3, NetworkSocket.ReceivedBefore(e));
        Assert.Equal("abc", Payload.Text(buffer.AsSpan(0, 3)));
    });

    [Fact]
    public Task Cancelling_an_accept_loses_no_connection() => RunAsync(async () =>
    {
        using NetworkSocket listener = Fixture.Listen(StreamKind.Tcp4);
        for (int i = 0; i < 20; i++)
        {
            using CancellationTokenSource stop = new();
            Task<NetworkSocket> accepting = listener.AcceptAsync(stop.Token).AsTask();
            using NetworkSocket client = Fixture.NewClient(listener);
            ValueTask connecting = client.ConnectAsync(listener.LocalEndPoint!);
            await stop.CancelAsync();
            await connecting;
            NetworkSocket accepted;
            try
            {
                accepted = await accepting;
            }
            catch (OperationCanceledException)
            {
                accepted = await listener.AcceptAsync();
            }

            Assert.Equal(client.LocalEndPoint, accepted.RemoteEndPoint);
            accepted.Dispose();
        }
    });

    [Fact]
    public Task Closing_one_side_while_both_wait_ends_both() => RunAsync(StreamKind.Tcp4, async (client, server) =>
    {
        Task<int> there = server.ReceiveAsync(new byte[1]).AsTask();
        Task<int> here = client.ReceiveAsync(new byte[1]).AsTask();
        client.Dispose();
        await FailsAsync(SocketError.OperationAborted, () => here);
        Assert.Equal(0, await there);
    });

    [Fact]
    public Task A_closed_socket_is_nowhere() => RunAsync(StreamKind.Tcp4, (client, _) =>
    {
        EndPoint remote = client.RemoteEndPoint!;
        client.Dispose();
        Assert.Null(client.LocalEndPoint);
        Assert.Null(client.RemoteEndPoint);
        Assert.Throws<ObjectDisposedException>(() => client.NoDelay);
        Assert.Throws<ObjectDisposedException>(() => client.TakeError());
        Assert.Throws<ObjectDisposedException>(() => client.Shutdown(SocketShutdown.Both));
        Assert.Throws<ObjectDisposedException>(() => client.Connect(remote));
        Assert.Throws<ObjectDisposedException>(() => client.Bind(remote));
        Assert.Throws<ObjectDisposedException>(() => client.Listen());
        return Task.CompletedTask;
    });
}
