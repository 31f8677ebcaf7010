using System.Net;
using System.Text;
using Sockeye.Hub.Domain;
using Sockeye.Hub.Gateways;
using Sockeye.Hub.Gateways.Udp;
using Sockeye.Hub.Running;
using Sockeye.Hub.Storage;

namespace Sockeye.Hub.Tests.Gateways.Udp;

/// <summary>One client by itself, over a chat that does not answer and a network that takes nothing until it is told to.</summary>
public sealed class UdpClientTests : IAsyncDisposable
{
    private static readonly UdpLimits Limits = new();
    private static readonly Member Tom = new(new MemberId(1), "TOM");

    private readonly StuckSocket _socket = new();
    private readonly UdpDoor _door;
    private readonly UdpClient _client;
    private readonly MemoryNetwork _network = new();

    public UdpClientTests()
    {
        ChatLimits limits = new() { PerClient = Rate.Unlimited };
        HubLoop loop = new(new Chat(new HubId("one"), limits, new NameRules()), new MemoryStore(), new LocalBus(), _network.TimeProvider);
        UdpDoor door = _door = new(new GatewayContext(loop, _network, new HubOptions { Limits = new() { Chat = limits } }), _socket, Limits);
        _client = new UdpClient(door, new IPEndPoint(IPAddress.Loopback, 4711));
        Assert.Null(door.Clients.TryAdd(_client));
    }

    public ValueTask DisposeAsync() => _network.DisposeAsync();

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    public void What_is_done_counts_by_the_same_as_connections_and_names_by_the_whole_address(string address, string host)
    {
        UdpClient client = new(_door, new IPEndPoint(IPAddress.Parse(address), 4711));

        Assert.Equal((address, host), (client.Origin, client.Host));
    }

    [Fact]
    public void Beyond_the_bound_datagrams_that_wait_are_refused_at_once()
    {
        _socket.Release();
        _client.Begin(UdpRequest.Read("/name TOM"u8));
        for (int i = 0; i < Limits.WaitingMax; i++)
            Assert.True(_client.TryReceive(UdpRequest.Read("hello"u8)));
        Assert.Empty(_socket.Sent);

        Assert.True(_client.TryReceive(UdpRequest.Read("#1 hello"u8)));
        Assert.Equal($"#1 {UdpTexts.TooManyWait}\n", Assert.Single(_socket.Sent));
    }

    [Fact]
    public void Their_bytes_are_bounded_too()
    {
        _socket.Release();
        _client.Begin(UdpRequest.Read("/name TOM"u8));
        byte[] datagram = new byte[4000];
        Array.Fill(datagram, (byte)'x');
        for (int i = 0; i < Limits.WaitingBytesMax / datagram.Length; i++)
            Assert.True(_client.TryReceive(UdpRequest.Read(datagram)));
        Assert.Empty(_socket.Sent);

        Assert.True(_client.TryReceive(UdpRequest.Read(datagram)));
        Assert.Equal($"{UdpTexts.TooManyWait}\n", Assert.Single(_socket.Sent));
    }

    [Fact]
    public void Answers_that_the_network_does_not_take_do_not_pile_up()
    {
        _client.Begin(UdpRequest.Read("/help"u8));
        for (int i = 0; i < Limits.OutgoingMax * 2; i++)
            Assert.True(_client.TryReceive(UdpRequest.Read("/help"u8)));

        _socket.Release();
        Assert.Equal(Limits.OutgoingMax + 1, _socket.Sent.Count);
        Assert.True(_client.TryReceive(UdpRequest.Read("#7 /more"u8)));
        Assert.StartsWith("#7 ", _socket.Sent[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Places_are_kept_of_so_many_conversations()
    {
        for (int i = 1; i <= Limits.ConversationsMax * 4; i++)
        {
            Conversation conversation = new(new ConversationId(i), null, Tom, new Member(new MemberId(i + 1), $"N{i}"));
            _client.Show(new ChatEvent.Posted(new Message(conversation, 1, new MemberId(i + 1), $"N{i}", "hello", DateTimeOffset.UnixEpoch)));
        }

        Assert.Equal(Limits.ConversationsMax, _client.Conversations);
    }

    /// <summary>A socket that takes datagrams one at a time, and after the first only when it is released.</summary>
    private sealed class StuckSocket : DatagramSocket
    {
        private readonly TaskCompletionSource _released = new();

        public List<string> Sent { get; } = [];

        public override Address Address => "udp://127.0.0.1:9000";

        public override IReadOnlyList<EndPoint> LocalEndPoints => [Address.EndPoint];

        public override EndPoint? RemoteEndPoint => null;

        public override TimeProvider TimeProvider => TimeProvider.System;

        public override NetworkSocket? Socket => null;

        /// <summary>Takes what waits, within the call, and from now on everything.</summary>
        public void Release() => _released.TrySetResult();

        public override async ValueTask SendAsync(ReadOnlyMemory<byte> datagram, EndPoint to, CancellationToken cancellationToken = default)
        {
            await _released.Task.ConfigureAwait(false);
            Sent.Add(Encoding.UTF8.GetString(datagram.Span));
        }

        public override ValueTask SendAsync(ReadOnlyMemory<byte> datagram, SocketAddress to, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public override ValueTask SendAsync(ReadOnlyMemory<byte> datagram, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public override ValueTask<DatagramResult> ReceiveAsync(Memory<byte> buffer, SocketAddress from, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public override SocketAddress CreateAddress() => throw new NotSupportedException();

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
