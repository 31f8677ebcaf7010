using System.Net;
using System.Net.Sockets;

namespace Sockeye.Tests.Packets;

public class PacketCaptureTests : IDisposable
{
    private readonly CancellationTokenSource _patience = new(Hang.Limit);

    public void Dispose()
    {
        _patience.Dispose();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task A_connection_is_seen_from_SYN_to_FIN(string host)
    {
        IPAddress address = IPAddress.Parse(host);
        using NetworkSocket listener = Listen(address);
        IPEndPoint server = (IPEndPoint)listener.LocalEndPoint!;
        using PacketCapture capture = Open(new PacketFilter(server));
        DateTimeOffset before = DateTimeOffset.UtcNow;
        await TalkAsync(listener, "hello"u8.ToArray());

        List<CapturedPacket> packets = [];
        await foreach (CapturedPacket packet in capture.ReadAllAsync(_patience.Token))
        {
            packets.Add(packet);
            if (packets.Count(each => each.Tcp!.Value.Flags.HasFlag(TcpFlags.Fin)) == 2 && packet.Tcp!.Value.Flags == TcpFlags.Ack)
                break;
        }

        // The handshake: who, flags, relative numbers.
        Assert.Equal(
            [(false, TcpFlags.Syn, 0u, null), (true, TcpFlags.Syn | TcpFlags.Ack, 0u, 1u), (false, TcpFlags.Ack, 1u, 1u)],
            packets.Take(3).Select(Say));
        TcpOptions options = packets[0].Tcp!.Value.Options;
        Assert.True(options.MaximumSegmentSize > 1000);
        Assert.True(options.SackPermitted);
        Assert.NotNull(options.WindowScale);

        CapturedPacket data = Assert.Single(packets, packet => packet.PayloadLength > 0);
        Assert.Equal((false, 5, 1u), (data.IsFromRemote, data.PayloadLength, data.RelativeSequenceNumber));
        Assert.Equal("hello"u8.ToArray(), data.Bytes[^5..].ToArray());

        // Each direction's FIN stands behind its data, and is acknowledged.
        Assert.Equal([(false, 6u), (true, 1u)], packets.Where(packet => packet.Tcp!.Value.Flags.HasFlag(TcpFlags.Fin)).Select(packet => (packet.IsFromRemote, packet.RelativeSequenceNumber)));
        Assert.Equal((false, TcpFlags.Ack, 7u, 2u), Say(packets[^1]));

        Assert.All(packets, packet => Assert.InRange(packet.Time, before - TimeSpan.FromSeconds(1), DateTimeOffset.UtcNow + TimeSpan.FromSeconds(1)));
        Assert.Equal(0, capture.Dropped);
    }

    [Fact]
    public async Task Other_conversations_are_not_seen()
    {
        using NetworkSocket wanted = Listen(IPAddress.Loopback), other = Listen(IPAddress.Loopback), six = Listen(IPAddress.IPv6Loopback);
        using NetworkSocket holder = Network.Host.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
        holder.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        IPEndPoint server = (IPEndPoint)wanted.LocalEndPoint!, local = (IPEndPoint)holder.LocalEndPoint!;
        using PacketCapture capture = Open(new PacketFilter(server) { Local = local });
        await TalkAsync(other, [1]);
        await TalkAsync(six, [1]);
        await TalkAsync(wanted, [1]);

        holder.Connect(server);
        await foreach (CapturedPacket packet in capture.ReadAllAsync(_patience.Token))
        {
            Assert.Equal((local, server, TcpFlags.Syn), (packet.Source, packet.Destination, packet.Tcp!.Value.Flags & ~(TcpFlags.Ece | TcpFlags.Cwr)));
            break;
        }
    }

    [Fact]
    public async Task Datagrams_are_seen_too()
    {
        using NetworkSocket receiver = Network.Host.CreateSocket(AddressFamily.InterNetwork, SocketType.Dgram);
        receiver.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using PacketCapture capture = Open(new PacketFilter((IPEndPoint)receiver.LocalEndPoint!) { Protocol = ProtocolType.Udp });
        using NetworkSocket sender = Network.Host.CreateSocket(AddressFamily.InterNetwork, SocketType.Dgram);
        await sender.SendToAsync(new byte[300], receiver.LocalEndPoint!, cancellationToken: _patience.Token);
        await foreach (CapturedPacket packet in capture.ReadAllAsync(_patience.Token))
        {
            Assert.Equal((300, null, false), (packet.PayloadLength, packet.Tcp, packet.IsFromRemote));
            break;
        }
    }

    /// <summary>The kernel's filter cannot go through them: what it lets pass is looked at again.</summary>
    [Fact]
    public async Task Behind_IPv6_extension_headers_too()
    {
        using NetworkSocket receiver = Network.Host.CreateSocket(AddressFamily.InterNetworkV6, SocketType.Dgram), other = Network.Host.CreateSocket(AddressFamily.InterNetworkV6, SocketType.Dgram);
        receiver.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
        other.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
        using PacketCapture capture = Open(new PacketFilter((IPEndPoint)receiver.LocalEndPoint!) { Protocol = ProtocolType.Udp });
        using NetworkSocket sender = Network.Host.CreateSocket(AddressFamily.InterNetworkV6, SocketType.Dgram);
        foreach (int header in new[] { 54, 59 }) // IPV6_HOPOPTS, IPV6_DSTOPTS
            sender.SetOption(41, header, [0, 0, 1, 4, 0, 0, 0, 0]);
        await sender.SendToAsync(new byte[10], other.LocalEndPoint!, cancellationToken: _patience.Token);
        await sender.SendToAsync(new byte[300], receiver.LocalEndPoint!, cancellationToken: _patience.Token);
        await foreach (CapturedPacket packet in capture.ReadAllAsync(_patience.Token))
        {
            Assert.Equal((300, false), (packet.PayloadLength, packet.IsFromRemote));
            Assert.Equal(40 + 8 + 8 + 8 + 300, packet.Bytes.Length);
            break;
        }
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task ICMP_errors_about_the_conversation_are_seen(string host)
    {
        IPAddress address = IPAddress.Parse(host);
        IPEndPoint closed, elsewhere;
        using (NetworkSocket one = Network.Host.CreateSocket(address.AddressFamily, SocketType.Dgram), two = Network.Host.CreateSocket(address.AddressFamily, SocketType.Dgram))
        {
            one.Bind(new IPEndPoint(address, 0));
            two.Bind(new IPEndPoint(address, 0));
            (closed, elsewhere) = ((IPEndPoint)one.LocalEndPoint!, (IPEndPoint)two.LocalEndPoint!);
        }

        using NetworkSocket sender = Network.Host.CreateSocket(address.AddressFamily, SocketType.Dgram);
        sender.Bind(new IPEndPoint(address, 0));
        IPEndPoint local = (IPEndPoint)sender.LocalEndPoint!;
        using PacketCapture capture = Open(new PacketFilter(closed) { Local = local, Protocol = ProtocolType.Udp });
        await sender.SendToAsync(new byte[3], elsewhere, cancellationToken: _patience.Token);
        await sender.SendToAsync(new byte[3], closed, cancellationToken: _patience.Token);
        List<CapturedPacket> packets = [];
        await foreach (CapturedPacket packet in capture.ReadAllAsync(_patience.Token))
        {
            packets.Add(packet);
            if (packets.Count == 2)
                break;
        }

        Assert.Equal((local, closed, 3, false), (packets[0].Source, packets[0].Destination, packets[0].PayloadLength, packets[0].IsFromRemote));
        Assert.Equal((local, closed, address, true), (packets[1].QuotedSource, packets[1].QuotedDestination, packets[1].Source.Address, packets[1].IsFromRemote));
        Assert.Equal("the port is not open", packets[1].Icmp!.Value.Explain());
    }

    [Fact]
    public async Task What_is_not_read_waits_in_a_bounded_buffer_and_the_rest_is_counted()
    {
        using NetworkSocket receiver = Network.Host.CreateSocket(AddressFamily.InterNetwork, SocketType.Dgram);
        receiver.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using PacketCapture capture = Open(new PacketFilter((IPEndPoint)receiver.LocalEndPoint!) { Protocol = ProtocolType.Udp });
        using NetworkSocket sender = Network.Host.CreateSocket(AddressFamily.InterNetwork, SocketType.Dgram);
        const int Sent = 1000, Length = 30_000;
        for (int i = 0; i < Sent; i++)
            await sender.SendToAsync(new byte[Length], receiver.LocalEndPoint!, cancellationToken: _patience.Token);

        int seen = 0;
        while (capture.TryReceive(out CapturedPacket? packet) == SocketError.Success)
            seen += packet is null ? 0 : 1;
        Assert.InRange(seen, 1, 4 * PacketCapture.BufferLength / Length);
        Assert.Equal(Sent, seen + capture.Dropped);
    }

    [Fact]
    public async Task Disposing_ends_a_reading_that_waits()
    {
        using NetworkSocket listener = Listen(IPAddress.Loopback);
        PacketCapture capture = Open(new PacketFilter((IPEndPoint)listener.LocalEndPoint!));
        Task reading = Task.Run(async () =>
        {
            await foreach (CapturedPacket packet in capture.ReadAllAsync(_patience.Token))
                Assert.Fail($"{packet}");
        });
        capture.Dispose();
        await reading.WaitAsync(_patience.Token);
    }

    private static (bool, TcpFlags, uint?, uint?) Say(CapturedPacket packet) => (
        packet.IsFromRemote, packet.Tcp!.Value.Flags & ~(TcpFlags.Ece | TcpFlags.Cwr | TcpFlags.Ae), packet.RelativeSequenceNumber, packet.RelativeAcknowledgmentNumber);

    private static NetworkSocket Listen(IPAddress address)
    {
        NetworkSocket listener = Network.Host.CreateSocket(address.AddressFamily, SocketType.Stream);
        listener.Bind(new IPEndPoint(address, 0));
        listener.Listen();
        return listener;
    }

    /// <summary>The client sends and ends, the server ends after it.</summary>
    private async Task TalkAsync(NetworkSocket listener, byte[] data)
    {
        using NetworkSocket client = Network.Host.CreateSocket(listener.AddressFamily, SocketType.Stream);
        await client.ConnectAsync(listener.LocalEndPoint!, _patience.Token);
        using NetworkSocket server = await listener.AcceptAsync(_patience.Token);
        await client.SendAllAsync(data, cancellationToken: _patience.Token);
        client.Shutdown(SocketShutdown.Send);
        byte[] buffer = new byte[100];
        while (await server.ReceiveAsync(buffer, _patience.Token) > 0)
        {
            // To the end.
        }

        server.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, await client.ReceiveAsync(buffer, _patience.Token));
    }

    private static PacketCapture Open(PacketFilter filter)
    {
        try
        {
            return PacketCapture.Open(filter);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AccessDenied)
        {
            Assert.Skip(e.Message);
            throw;
        }
    }
}
