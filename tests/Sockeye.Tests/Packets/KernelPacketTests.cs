using System.Net;
using System.Net.Sockets;

namespace Sockeye.Tests.Packets;

/// <summary>The kernel as the judge: it drops what has a wrong checksum, and answers what is right.</summary>
public class KernelPacketTests : IDisposable
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
    public async Task A_SYN_made_by_hand_is_answered(string host)
    {
        IPAddress address = IPAddress.Parse(host);
        using NetworkSocket raw = RawSockets.Create(address.AddressFamily, ProtocolType.Tcp);
        using NetworkSocket listener = Network.Host.CreateSocket(address.AddressFamily, SocketType.Stream);
        listener.Bind(new IPEndPoint(address, 0));
        listener.Listen();
        ushort port = (ushort)((IPEndPoint)listener.LocalEndPoint!).Port;

        // A port of ours that nobody else gets meanwhile.
        using NetworkSocket holder = Network.Host.CreateSocket(address.AddressFamily, SocketType.Stream);
        holder.Bind(new IPEndPoint(address, 0));
        TcpHeader syn = new()
        {
            SourcePort = (ushort)((IPEndPoint)holder.LocalEndPoint!).Port,
            DestinationPort = port,
            SequenceNumber = 0x0102_0304,
            Flags = TcpFlags.Syn,
            Window = 64000,
            Options = new TcpOptions { MaximumSegmentSize = 1460, SackPermitted = true, WindowScale = 5 },
        };
        await raw.SendToAsync(syn.Emit([], new PseudoHeader(address, address)), new IPEndPoint(address, 0), cancellationToken: _patience.Token);

        TcpHeader answer = await ReceiveAsync(raw, address.AddressFamily, port, syn.SourcePort);
        Assert.Equal(TcpFlags.Syn | TcpFlags.Ack, answer.Flags & ~(TcpFlags.Ece | TcpFlags.Cwr | TcpFlags.Ae));
        Assert.Equal(syn.SequenceNumber + 1, answer.AcknowledgmentNumber);
        Assert.NotNull(answer.Options.MaximumSegmentSize);
        Assert.True(answer.Options.SackPermitted);
        Assert.NotNull(answer.Options.WindowScale);
        Assert.Null(answer.Options.Timestamps);
    }

    [Fact]
    public async Task An_error_of_the_kernel_quotes_our_datagram()
    {
        using NetworkSocket raw = RawSockets.Create(AddressFamily.InterNetwork, ProtocolType.Icmp);
        using NetworkSocket closed = Network.Host.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
        closed.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using NetworkSocket sender = Network.Host.CreateSocket(AddressFamily.InterNetwork, SocketType.Dgram);
        sender.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        int from = ((IPEndPoint)sender.LocalEndPoint!).Port;

        // Port 1 of UDP has no owner on any machine this runs on.
        await sender.SendToAsync(new byte[] { 1 }, new IPEndPoint(IPAddress.Loopback, 1), cancellationToken: _patience.Token);
        byte[] buffer = new byte[2048];
        while (true)
        {
            DatagramResult result = await raw.ReceiveFromAsync(buffer, cancellationToken: _patience.Token);
            if (Judge(buffer.AsSpan(0, result.Count), from))
                return;
        }
    }

    private static bool Judge(ReadOnlySpan<byte> packet, int from)
    {
        Assert.True(IPv4View.TryParse(packet, out IPv4View ip, out _));
        if (!IcmpView.TryParse(ip.Payload, AddressFamily.InterNetwork, out IcmpView icmp, out _) || !icmp.TryGetQuoted(out IPPacketView quoted) || quoted.SourcePort != from)
            return false;
        Assert.True(ip.IsChecksumValid);
        Assert.True(icmp.IsChecksumValid(default));
        Assert.Equal(((byte)3, (byte)3, (int?)1), (icmp.Type, icmp.Code, quoted.DestinationPort));
        return true;
    }

    /// <summary>Raw IPv4 sockets give the IP header, raw IPv6 sockets do not (raw(7), RFC 3542 section 3).</summary>
    private async Task<TcpHeader> ReceiveAsync(NetworkSocket raw, AddressFamily family, ushort from, ushort to)
    {
        byte[] buffer = new byte[65536];
        while (true)
        {
            DatagramResult result = await raw.ReceiveFromAsync(buffer, cancellationToken: _patience.Token);
            ReadOnlyMemory<byte> segment = buffer.AsMemory(0, result.Count);
            if (family == AddressFamily.InterNetwork)
                segment = segment[((buffer[0] & 0xF) * 4)..];
            if (TcpHeader.TryParse(segment.Span, out TcpHeader header, out _) && header.SourcePort == from && header.DestinationPort == to)
                return header;
        }
    }
}
