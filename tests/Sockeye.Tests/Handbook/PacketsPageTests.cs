using System.Net;
using System.Net.Sockets;
using System.Text;
using Sockeye.Tests.Packets;

namespace Sockeye.Tests.Handbook;

public class PacketsPageTests : HandbookTests
{
    [Fact]
    public void A_datagram_by_hand()
    {
        RawSockets.Create(AddressFamily.InterNetwork, ProtocolType.Udp).Dispose();
        using NetworkSocket receiver = Network.Host.CreateSocket(AddressFamily.InterNetwork, SocketType.Dgram);
        receiver.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        int port = ((IPEndPoint)receiver.LocalEndPoint!).Port;
        // snippet: 07 datagram
        IPv4Header ip = new()
        {
            Source = IPAddress.Parse("127.0.0.7"),
            Destination = IPAddress.Loopback,
            Protocol = ProtocolType.Udp,
            TimeToLive = 3,
            Options = new byte[] { 1, 1, 1, 0 },
        };
        UdpHeader udp = new(SourcePort: 7777, DestinationPort: (ushort)port);
        byte[] packet = ip.Emit(udp.Emit("by hand"u8, ip.PseudoHeader));

        using NetworkSocket raw = Network.Host.CreateSocket(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Udp);
        raw.HeaderIncluded = true;
        raw.SendTo(packet, new IPEndPoint(ip.Destination, 0));
        // end snippet
        receiver.Timeout = TimeSpan.FromSeconds(20);
        byte[] buffer = new byte[100];
        SocketAddress from = receiver.CreateAddress();
        int count = receiver.ReceiveFrom(buffer, from).Count;
        Assert.Equal("by hand", Encoding.UTF8.GetString(buffer, 0, count));
        Assert.Equal(new IPEndPoint(IPAddress.Parse("127.0.0.7"), 7777), EndPoints.FromAddress(from));
    }

    [Fact]
    public async Task A_SYN_that_is_seen()
    {
        using NetworkSocket raw = RawSockets.Create(AddressFamily.InterNetwork, ProtocolType.Tcp);
        await using Listener listener = await Network.Host.ListenAsync("tcp://127.0.0.1:0", cancellationToken: Stop);
        await using Connection client = await Network.Host.ConnectAsync(listener.Address, cancellationToken: Stop);
        byte[] buffer = new byte[65536];
        while (true)
        {
            int count = (await raw.ReceiveFromAsync(buffer, cancellationToken: Stop)).Count;
            if (Describe(buffer.AsSpan(0, count), listener.Address.Port) is { } text)
            {
                Assert.Matches(@"^127\.0\.0\.1:\d+ opens with segments of \d+ bytes, window scale \d+, SACK True$", text);
                return;
            }
        }
    }

    [Fact]
    public void Malformed_packets()
    {
        byte[] bytes = [0x45, 0, 0, 99];
        // snippet: 07 faults
        if (!IPv4View.TryParse(bytes, out IPv4View view, out PacketFault fault))
            Console.WriteLine($"dropped: {fault}");
        // end snippet
        Assert.Equal((PacketFault.TooShort, 0), (fault, view.Bytes.Length));
    }

    [Fact]
    public async Task An_echo()
    {
        RawSockets.Create(AddressFamily.InterNetwork, ProtocolType.Icmp).Dispose();
        CancellationToken stop = Stop;
        // snippet: 07 echo
        using IcmpEcho echo = IcmpEcho.Open(Network.Host, IPAddress.Loopback);
        await echo.SendAsync(stop);
        IcmpEchoAnswer answer = await echo.ReceiveAsync(stop);
        string text = $"{answer.Kind} from {answer.From} in {answer.RoundTrip.TotalMilliseconds} ms";
        // end snippet
        Assert.StartsWith("Reply from 127.0.0.1 in ", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_capture()
    {
        RawSockets.Create(AddressFamily.InterNetwork, ProtocolType.Tcp).Dispose();
        CancellationToken stop = Stop;
        List<string> lines = [];
        await using Listener listener = await Network.Host.ListenAsync("tcp://127.0.0.1:0", cancellationToken: Stop);
        IPEndPoint server = (IPEndPoint)listener.LocalEndPoints[0];
        // snippet: 07 capture
        using PacketCapture capture = PacketCapture.Open(new PacketFilter(server));
        await using Connection connection = await Network.Host.ConnectAsync($"tcp://{server}", cancellationToken: stop);
        await foreach (CapturedPacket packet in capture.ReadAllAsync(stop))
        {
            lines.Add($"{(packet.IsFromRemote ? "<" : ">")} {packet.Tcp?.Flags} seq {packet.RelativeSequenceNumber} ack {packet.RelativeAcknowledgmentNumber}");
            if (lines.Count == 3)
                break;
        }
        // end snippet
        Assert.Equal(["> Syn seq 0 ack ", "< Syn, Ack seq 0 ack 1", "> Ack seq 1 ack 1"], lines);
    }

    // snippet: 07 syn
    private static string? Describe(ReadOnlySpan<byte> packet, int port)
    {
        if (!IPv4View.TryParse(packet, out IPv4View ip, out _) || !TcpView.TryParse(ip.Payload, out TcpView tcp, out _))
            return null;
        if (tcp.Flags != TcpFlags.Syn || tcp.DestinationPort != port)
            return null;
        TcpOptions options = tcp.ParseOptions();
        return $"{ip.Source}:{tcp.SourcePort} opens with segments of {options.MaximumSegmentSize} bytes, window scale {options.WindowScale}, SACK {options.SackPermitted}";
    }
    // end snippet
}
