using System.Net;
using System.Net.Sockets;

namespace Sockeye.Tests.Conformance;

/// <summary>What an observer is told, and in which order.</summary>
public abstract class ObserverConformance(NetworkFixture fixture) : ConformanceTests(fixture)
{
    [Fact]
    public Task One_life_is_told_in_order() => RunObservedAsync(async log =>
    {
        NetworkSocket listener = Fixture.Listen(StreamKind.Tcp4);
        EndPoint local = listener.LocalEndPoint!;
        NetworkSocket client = Fixture.NewClient(listener);
        await client.ConnectAsync(local);
        EndPoint remote = client.LocalEndPoint!;
        NetworkSocket server = await listener.AcceptAsync();
        await client.SendTextAsync("ping");
        await server.ReceiveTextAsync();
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, await server.ReceiveAsync(new byte[1]));
        Assert.Equal(0, await server.ReceiveAsync(new byte[1]));
        server.Dispose();
        Assert.Equal(0, await client.ReceiveAsync(new byte[1]));
        client.Dispose();
        client.Dispose();
        listener.Dispose();

        Assert.Equal(["opened", $"bound {local}", "listening", $"accepted {remote}", "closed"], log.Of(listener));
        Assert.Equal(["opened", $"connecting {local}", $"connected {local}", "sent ping", "ended by us", "ended by peer", "closed"], log.Of(client));
        Assert.Equal(["received ping", "ended by peer", "closed"], log.Of(server));
    });

    [FeatureFact(Feature.WholeWrites)]
    public Task A_connections_life_is_told_too_and_its_frames() => RunObservedAsync(async log =>
    {
        await using ConnectionPair pair = await Fixture.ConnectionsAsync();
        FrameReader<string> frames = pair.Server.Frames(Codecs.Lines());
        await pair.Client.WriteLineAsync("one");
        await pair.Client.WriteLineAsync("three");
        await pair.Client.Output.CompleteAsync();
        Assert.True((await frames.ReadAsync()).TryGetFrame(out _));
        Assert.True((await frames.ReadAsync()).TryGetFrame(out _));
        Assert.False((await frames.ReadAsync()).TryGetFrame(out _));
        ValueTask closing = pair.Server.DisposeAsync();
        await pair.Client.DisposeAsync();
        await closing;

        string[] client = log.Of(pair.Client.Socket!);
        Assert.Equal(["sent one\n", "sent three\n", "ended by us", "ended by peer", "closed"], client[^5..]);
        string[] server = log.Of(pair.Server.Socket!);
        Assert.Equal("one\nthree\n", string.Concat(server.Where(e => e.StartsWith("received ", StringComparison.Ordinal)).Select(e => e["received ".Length..])));
        Assert.Equal(["frame 4", "frame 6"], server.Where(e => e.StartsWith("frame", StringComparison.Ordinal)));
        Assert.Equal(["ended by peer", "ended by us", "closed"], server[^3..]);
    });

    [Fact]
    public Task A_refusal_is_an_error() => RunObservedAsync(async log =>
    {
        using NetworkSocket holder = Fixture.Server.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
        holder.Bind(new IPEndPoint(Fixture.Address4, 0));
        EndPoint remote = holder.LocalEndPoint!;
        using NetworkSocket client = Fixture.Client.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
        await client.TryConnectAsync(remote);
        client.Dispose();
        Assert.Equal(["opened", $"connecting {remote}", "error ConnectionRefused", "closed"], log.Of(client));
    });

    [Fact]
    public Task Binding_in_vain_is_an_error() => RunObservedAsync(log =>
    {
        using NetworkSocket listener = Fixture.Listen(StreamKind.Tcp4);
        using NetworkSocket second = Fixture.Server.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
        Fails(SocketError.AddressAlreadyInUse, () => second.Bind(listener.LocalEndPoint!));
        Assert.Equal(["opened", "error AddressAlreadyInUse"], log.Of(second));
        return Task.CompletedTask;
    });

    [Fact]
    public Task A_reset_is_told_on_both_sides() => RunObservedAsync(async log =>
    {
        await using SocketPair pair = await Fixture.ConnectedPairAsync();
        pair.Client.Abort();
        await FailsAsync(SocketError.ConnectionReset, pair.Server.ReceiveAsync(new byte[1]));
        Assert.Equal("closed with reset", log.Of(pair.Client)[^1]);
        Assert.Equal(["reset"], log.Of(pair.Server));
    });

    [Fact]
    public Task Waiting_and_peeking_are_not_told() => RunObservedAsync(async log =>
    {
        await using SocketPair pair = await Fixture.ConnectedPairAsync();
        pair.Server.TryReceive(new byte[1], out int _);
        Task<int> receiving = pair.Server.ReceiveAsync(new byte[4], SocketFlags.Peek).AsTask();
        await pair.Client.SendTextAsync("peek");
        await receiving;
        Assert.Empty(log.Of(pair.Server));
        await pair.Server.ReceiveTextAsync();
        Assert.Equal(["received peek"], log.Of(pair.Server));
    });

    [Fact]
    public Task Several_buffers_are_told_as_one() => RunObservedAsync(async log =>
    {
        await using SocketPair pair = await Fixture.ConnectedPairAsync();
        await pair.Client.SendAsync([Payload.Text("ab"), Payload.Text("cd")]);
        await pair.Server.UntilAsync(SocketEvents.Readable);
        await pair.Server.ReceiveAsync([new byte[1], new byte[9]]);
        Assert.Equal("sent abcd", log.Of(pair.Client)[^1]);
        Assert.Equal(["received abcd"], log.Of(pair.Server));
    });

    [Theory]
    [MemberData(nameof(DatagramKinds))]
    public Task Datagrams_are_told_with_their_other_end(DatagramKind kind) => RunObservedAsync(async log =>
    {
        if (!Fixture.Has(kind))
            return;
        await using SocketPair pair = Fixture.BoundPair(kind);
        await pair.Client.SendToAsync(Payload.Text("data"), pair.Server.LocalEndPoint!);
        await pair.Server.ReceiveFromAsync(new byte[8], pair.Server.CreateAddress());
        await pair.Client.SendToAsync(ReadOnlyMemory<byte>.Empty, pair.Server.LocalEndPoint!);
        await pair.Server.ReceiveFromAsync(new byte[8]);
        Assert.Equal([$"sent data to {pair.Server.LocalEndPoint}", $"sent  to {pair.Server.LocalEndPoint}"], log.Of(pair.Client)[^2..]);
        Assert.Equal([$"received data from {pair.Client.LocalEndPoint}", "received "], log.Of(pair.Server)[^2..]);
    });

    [Fact]
    public Task An_accepted_socket_has_its_listeners_observer() => RunAsync(async () =>
    {
        EventLog log = new();
        using NetworkSocket listener = Fixture.Listen(StreamKind.Tcp4);
        listener.Observer = log;
        await using SocketPair pair = await Fixture.ConnectedPairAsync(listener);
        Assert.Same(log, pair.Server.Observer);
        Assert.Null(pair.Client.Observer);
        Assert.Equal([$"accepted {pair.Client.LocalEndPoint}"], log.Of(listener));
    });

    [Fact]
    public Task Sockets_made_before_have_no_observer() => RunAsync(() =>
    {
        using NetworkSocket before = Fixture.Server.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
        Fixture.Server.Observer = new EventLog();
        using NetworkSocket after = Fixture.Server.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
        Assert.Null(before.Observer);
        Assert.Same(Fixture.Server.Observer, after.Observer);
        (NetworkSocket one, NetworkSocket two) = Fixture.Server.CreatePair();
        Assert.Same(Fixture.Server.Observer, one.Observer);
        Assert.Same(Fixture.Server.Observer, two.Observer);
        one.Dispose();
        two.Dispose();
        return Task.CompletedTask;
    });

    private Task RunObservedAsync(Func<EventLog, Task> scenario) => RunAsync(async () =>
    {
        EventLog log = new();
        Fixture.Server.Observer = log;
        Fixture.Client.Observer = log;
        await scenario(log);
    });

    /// <summary>The events of each socket as text.</summary>
    private sealed class EventLog : SocketObserver
    {
        private readonly Lock _lock = new();
        private readonly List<(NetworkSocket Socket, string Text)> _events = [];

        public string[] Of(NetworkSocket socket)
        {
            lock (_lock)
                return [.. _events.Where(e => e.Socket == socket).Select(e => e.Text)];
        }

        public override void Opened(NetworkSocket socket) => Add(socket, "opened");

        public override void Bound(NetworkSocket socket, EndPoint local) => Add(socket, $"bound {local}");

        public override void Listening(NetworkSocket socket) => Add(socket, "listening");

        public override void Accepted(NetworkSocket listener, NetworkSocket accepted) => Add(listener, $"accepted {accepted.RemoteEndPoint}");

        public override void Connecting(NetworkSocket socket, EndPoint remote) => Add(socket, $"connecting {remote}");

        public override void Connected(NetworkSocket socket, EndPoint remote, TimeSpan handshake) => Add(socket, $"connected {remote}");

        public override void Sent(NetworkSocket socket, ReadOnlySpan<byte> data, SocketAddress? remote) =>
            Add(socket, $"sent {Payload.Text(data)}{(remote is null ? "" : " to " + EndPoints.FromAddress(remote))}");

        public override void Received(NetworkSocket socket, ReadOnlySpan<byte> data, SocketAddress? remote) =>
            Add(socket, $"received {Payload.Text(data)}{(remote is null ? "" : " from " + EndPoints.FromAddress(remote))}");

        public override void Frame(NetworkSocket socket, long length) => Add(socket, $"frame {length}");

        public override void HalfClosed(NetworkSocket socket, bool byPeer) => Add(socket, byPeer ? "ended by peer" : "ended by us");

        public override void Reset(NetworkSocket socket) => Add(socket, "reset");

        public override void Error(NetworkSocket socket, SocketError error) => Add(socket, $"error {error}");

        public override void Closed(NetworkSocket socket, bool aborted) => Add(socket, aborted ? "closed with reset" : "closed");

        private void Add(NetworkSocket socket, string text)
        {
            lock (_lock)
                _events.Add((socket, text));
        }
    }
}
