using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using static Sockeye.SocketEventKind;

namespace Sockeye.Tests.Observing;

/// <summary>Every event is told where <see cref="SocketObserver"/> says, and not twice.</summary>
public sealed class ObserverEventsTests : IAsyncDisposable
{
    private static readonly IPEndPoint Loopback = new(IPAddress.Loopback, 0);

    private readonly HostNetwork _network = new();
    private readonly MemoryRecorder _events = new();
    private readonly CancellationTokenSource _stop = new(Hang.Limit);

    public ObserverEventsTests() => _network.Observer = _events;

    public async ValueTask DisposeAsync()
    {
        _stop.Dispose();
        await _network.DisposeAsync();
    }

    [Fact]
    public void Accepted_sockets_have_the_listeners_observer()
    {
        _network.Observer = null;
        using NetworkSocket listener = Listen();
        listener.Observer = _events;
        _network.Observer = new MemoryRecorder();
        using NetworkSocket client = Connect(listener);
        using NetworkSocket accepted = listener.Accept();
        Assert.Same(_events, accepted.Observer);
        SocketEvent told = Assert.Single(_events.Events);
        Assert.Equal((Accepted, listener, accepted, client.LocalEndPoint), (told.Kind, told.Socket, told.AcceptedSocket, told.Remote));
    }

    [Fact]
    public async Task Accepted_sockets_have_the_networks_observer_where_the_listener_has_none()
    {
        _network.Observer = null;
        await using Listener listener = await _network.ListenAsync("tcp://127.0.0.1:0", cancellationToken: _stop.Token);
        _network.Observer = _events;
        await using Connection client = await _network.ConnectAsync(listener.Address, cancellationToken: _stop.Token);
        await using Connection server = (await listener.AcceptAsync(_stop.Token))!;
        Assert.Same(_events, server.Socket!.Observer);
        Assert.Equal([Opened, Connecting, Connected, Accepted], Kinds());
        client.Abort();
    }

    [Fact]
    public void A_connect_that_nobody_waits_for_is_told_when_it_is_asked_for()
    {
        using NetworkSocket listener = Listen();
        using NetworkSocket client = _network.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
        client.Timeout = TimeSpan.Zero;
        Assert.Equal(SocketError.InProgress, client.TryConnect(listener.LocalEndPoint!));
        Poll(client, SocketEvents.Writable);
        Assert.Equal([Opened, Connecting], Kinds(client));
        Assert.Equal(SocketError.Success, client.TakeError());
        Assert.Equal(SocketError.Success, client.TakeError());
        Assert.Equal([Opened, Connecting, Connected], Kinds(client));
        Assert.Equal(client.HandshakeTime, _events.Events[^1].Handshake);
        Assert.Equal(listener.LocalEndPoint, _events.Events[^1].Remote);
    }

    [Fact]
    public void A_connect_that_nobody_waits_for_and_fails_is_told_too()
    {
        EndPoint closed = ClosedPort();
        using NetworkSocket client = _network.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
        client.Timeout = TimeSpan.Zero;
        Assert.Equal(SocketError.InProgress, client.TryConnect(closed));
        Poll(client, SocketEvents.Writable);
        Assert.Equal(SocketError.ConnectionRefused, client.TakeError());
        Assert.Equal([Opened, Connecting, Error], Kinds(client));
        Assert.Equal(SocketError.ConnectionRefused, _events.Events[^1].Error);
    }

    [Fact]
    public void Every_way_to_send_and_to_receive()
    {
        (NetworkSocket one, NetworkSocket two) = Pair();
        byte[] buffer = new byte[10];
        one.TrySend("a"u8, out _);
        one.SendAll("b"u8);
        one.Send([Encoding.UTF8.GetBytes("c"), Encoding.UTF8.GetBytes("d")]);
        one.SendDescriptors("e"u8, ReadOnlySpan<SafeHandle>.Empty);
        Assert.Equal(["a", "b", "cd", "e"], Data(Sent));
        two.Receive(buffer, SocketFlags.Peek);
        Assert.Empty(Data(Received));
        two.TryReceive(buffer.AsSpan(0, 1), out _);
        two.ReceiveFrom(buffer.AsSpan(0, 1), two.CreateAddress());
        two.Receive([buffer.AsMemory(0, 1), buffer.AsMemory(1, 1)]);
        two.ReceiveDescriptors(buffer, 1);
        Assert.Equal(["a", "b", "cd", "e"], Data(Received));
        Assert.All(_events.Events, item => Assert.Null(item.Remote));
    }

    [Theory]
    [InlineData("receive")]
    [InlineData("receive from")]
    [InlineData("gather")]
    [InlineData("descriptors")]
    public void The_peers_end_is_told_once(string how)
    {
        (NetworkSocket one, NetworkSocket two) = Pair();
        one.Shutdown(SocketShutdown.Send);
        one.Shutdown(SocketShutdown.Send);
        byte[] buffer = new byte[10];
        for (int i = 0; i < 2; i++)
        {
            int count = how switch
            {
                "receive" => two.Receive(buffer),
                "receive from" => two.ReceiveFrom(buffer).Count,
                "gather" => two.Receive([buffer.AsMemory()]),
                _ => two.ReceiveDescriptors(buffer, 1).Count,
            };
            Assert.Equal(0, count);
        }

        Assert.Equal([Opened, HalfClosed], Kinds(one));
        Assert.Equal([Opened, HalfClosed], Kinds(two));
        Assert.Equal([false, true], _events.Events.Where(item => item.Kind == HalfClosed).Select(item => item.ByPeer));
    }

    [Fact]
    public void Empty_messages_are_no_end_and_a_hang_up_is()
    {
        (NetworkSocket one, NetworkSocket two) = _network.CreatePair(SocketType.Seqpacket);
        using (two)
        {
            one.Send(""u8);
            Assert.Equal(0, two.Receive(new byte[1]));
            one.Dispose();
            Assert.Equal(0, two.Receive(new byte[1]));
            Assert.Equal([Opened, Received, HalfClosed], Kinds(two));
        }
    }

    [Fact]
    public async Task A_connection_half_closes_frames_and_closes_once()
    {
        (Connection client, Connection server) = await ConnectAsync();
        await client.WriteFrameAsync(Codecs.LengthPrefixed(), new("hello"u8.ToArray()), _stop.Token);
        await client.Output.CompleteAsync();
        FrameResult<ReadOnlySequence<byte>> frame = await server.Frames(Codecs.LengthPrefixed()).ReadAsync(_stop.Token);
        Assert.Equal(5, frame.Frame.Length);
        Assert.Equal(9, Assert.Single(_events.Events, item => item.Kind == Frame && item.Socket == server.Socket).FrameLength);
        await server.DisposeAsync();
        await server.DisposeAsync();
        server.Abort();
        await client.DisposeAsync();
        Assert.Equal([Opened, Connecting, Connected, Sent, HalfClosed, HalfClosed, Closed], Kinds(client.Socket!));
        Assert.Equal([Received, Frame, HalfClosed, HalfClosed, Closed], Kinds(server.Socket!));
    }

    [Fact]
    public async Task A_reset_is_told_by_the_read_that_finds_it()
    {
        (Connection client, Connection server) = await ConnectAsync();
        client.Abort();
        await Assert.ThrowsAsync<SocketException>(async () => await server.Input.ReadAsync(_stop.Token));
        await server.DisposeAsync();
        Assert.Equal([Opened, Connecting, Connected, Closed], Kinds(client.Socket!));
        Assert.True(_events.Events.Single(item => item.Kind == Closed && item.Socket == client.Socket).Aborted);
        Assert.Equal([Reset, Closed], Kinds(server.Socket!));
        Assert.False(_events.Events.Single(item => item.Kind == Closed && item.Socket == server.Socket).Aborted);
    }

    [Fact]
    public async Task Completing_with_an_exception_closes_with_a_reset()
    {
        (Connection client, Connection server) = await ConnectAsync();
        await client.Output.CompleteAsync(new InvalidOperationException("changed my mind"));
        Assert.True(_events.Events.Single(item => item.Kind == Closed && item.Socket == client.Socket).Aborted);
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_detached_connection_is_not_closed_but_a_detached_socket_is()
    {
        (Connection client, Connection server) = await ConnectAsync();
        NetworkSocket socket = client.Detach().Socket;
        Assert.DoesNotContain(Closed, Kinds(socket));
        socket.Detach().Dispose();
        socket.Dispose();
        Assert.Single(Kinds(socket), Closed);
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Datagrams_name_the_other_end()
    {
        await using DatagramSocket one = await _network.OpenDatagramAsync("udp://127.0.0.1:0", _stop.Token);
        await using DatagramSocket two = await _network.ConnectDatagramAsync(one.Address, _stop.Token);
        await two.SendAsync("a"u8.ToArray(), _stop.Token);
        ReceivedDatagram got = await one.ReceiveAsync(new byte[10], _stop.Token);
        await one.SendAsync("b"u8.ToArray(), got.From, _stop.Token);
        await two.ReceiveAsync(new byte[10], _stop.Token);
        Assert.Equal([Opened, Bound, Received, Sent], Kinds(one.Socket!));
        Assert.Equal([Opened, Connecting, Connected, Sent, Received], Kinds(two.Socket!));
        EndPoint first = one.LocalEndPoints[0], second = two.LocalEndPoints[0];
        Assert.Equal([null, second, second, first], _events.Events.Where(item => item.Kind is Sent or Received).Select(item => item.Remote));
    }

    [Fact]
    public async Task A_name_that_the_kernel_chose_is_told()
    {
        await using DatagramSocket one = await _network.OpenDatagramAsync($"abstract://sockeye-{Guid.NewGuid():N}?type=dgram", _stop.Token);
        await using DatagramSocket two = await _network.ConnectDatagramAsync(one.Address, _stop.Token);
        SocketEvent bound = Assert.Single(_events.Events, item => item.Kind == Bound && item.Socket == two.Socket);
        Assert.Equal(two.LocalEndPoints[0], bound.Local);
    }

    [Fact]
    public async Task Failures_are_told()
    {
        using NetworkSocket listener = Listen();
        using NetworkSocket socket = _network.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
        Assert.Throws<SocketException>(() => socket.Bind(listener.LocalEndPoint!));
        Assert.Throws<SocketException>(() => socket.Accept());
        Assert.Throws<SocketException>(() => socket.Send("x"u8));
        Assert.Throws<SocketException>(() => socket.Receive(new byte[1]));
        Assert.Throws<SocketException>(() => socket.Shutdown(SocketShutdown.Both));
        Assert.Equal(5, Kinds(socket).Count(kind => kind == Error));
        Assert.Equal(SocketError.AddressAlreadyInUse, _events.Events.First(item => item.Kind == Error).Error);

        (NetworkSocket one, _) = Pair();
        one.Timeout = TimeSpan.Zero;
        Assert.Equal(SocketError.WouldBlock, one.TryReceive(new byte[1], out _));
        Assert.Throws<SocketException>(() => one.Receive(new byte[1]));
        Assert.Equal([Opened], Kinds(one));
        one.Timeout = TimeSpan.FromTicks(1);
        Assert.Throws<SocketTimeoutException>(() => one.Receive(new byte[1]));
        await Assert.ThrowsAsync<SocketTimeoutException>(async () => await one.ReceiveAsync(new byte[1]));
        Assert.Throws<SocketTimeoutException>(() => one.ReceiveAll(new byte[1]));
        Assert.Equal([Opened, Error, Error, Error], Kinds(one));
        Assert.Equal(SocketError.TimedOut, _events.Events[^1].Error);
    }

    [Fact]
    public async Task A_wait_that_our_close_ends_is_no_failure()
    {
        (NetworkSocket one, _) = Pair();
        ValueTask<int> receive = one.ReceiveAsync(new byte[1], SocketFlags.None, _stop.Token);
        one.Dispose();
        await Assert.ThrowsAnyAsync<Exception>(async () => await receive);
        Assert.Equal([Opened, Closed], Kinds(one));
    }

    private NetworkSocket Listen()
    {
        NetworkSocket listener = _network.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
        listener.Bind(Loopback);
        listener.Listen();
        return listener;
    }

    private NetworkSocket Connect(NetworkSocket listener)
    {
        NetworkSocket client = Network.Host.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
        client.Connect(listener.LocalEndPoint!);
        return client;
    }

    private (NetworkSocket One, NetworkSocket Two) Pair()
    {
        (NetworkSocket one, NetworkSocket two) = _network.CreatePair();
        one.Timeout = two.Timeout = Hang.Limit;
        return (one, two);
    }

    private async Task<(Connection Client, Connection Server)> ConnectAsync()
    {
        await using Listener listener = await _network.ListenAsync("tcp://127.0.0.1:0", cancellationToken: _stop.Token);
        Connection client = await _network.ConnectAsync(listener.Address, cancellationToken: _stop.Token);
        return (client, (await listener.AcceptAsync(_stop.Token))!);
    }

    /// <summary>Bound, so that nobody else gets it, and not listening.</summary>
    private EndPoint ClosedPort()
    {
        NetworkSocket socket = _network.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
        socket.Bind(Loopback);
        return socket.LocalEndPoint!;
    }

    private void Poll(NetworkSocket socket, SocketEvents events) => Assert.Equal(1, _network.Poll([new SocketPoll(socket, events)], Hang.Limit));

    private IEnumerable<SocketEventKind> Kinds() => _events.Events.Select(item => item.Kind);

    private IEnumerable<SocketEventKind> Kinds(NetworkSocket socket) => _events.Events.Where(item => item.Socket == socket).Select(item => item.Kind);

    private IEnumerable<string> Data(SocketEventKind kind) =>
        _events.Events.Where(item => item.Kind == kind).Select(item => Encoding.UTF8.GetString(item.Data.Span));
}
