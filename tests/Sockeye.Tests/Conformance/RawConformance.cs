using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Sockeye.Tests.Conformance;

/// <summary>Raw sockets: packets of the program's own making, and those of everybody as they came.</summary>
public abstract class RawConformance(NetworkFixture fixture) : ConformanceTests(fixture)
{
    private const int HeaderLength = 20;
    private const byte EchoRequest = 8;
    private const byte EchoReply = 0;

    [FeatureFact(Feature.Raw)]
    public Task An_ICMP_echo_is_answered() => RunAsync(async () =>
    {
        using NetworkSocket socket = Fixture.Client.CreateSocket(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Icmp);
        byte[] request = Echo(identifier: 0x5091);
        await socket.SendToAsync(request, new IPEndPoint(Fixture.Address4, 0));
        byte[] packet = await ReceiveReplyAsync(socket, identifier: 0x5091);
        Assert.Equal(0, Checksum(packet.AsSpan(HeaderLength)));
        Assert.Equal(request.AsSpan(8).ToArray(), packet[(HeaderLength + 8)..]);
    });

    [FeatureFact(Feature.Raw)]
    public Task A_header_of_ones_own_goes_out_as_it_is() => RunAsync(async () =>
    {
        using NetworkSocket socket = Fixture.Client.CreateSocket(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Icmp);
        socket.HeaderIncluded = true;
        Assert.True(socket.HeaderIncluded);
        byte[] echo = Echo(identifier: 0x5092);
        byte[] packet = [.. Header(echo.Length, timeToLive: 33), .. echo];
        await socket.SendToAsync(packet, new IPEndPoint(Fixture.Address4, 0));

        // On loopback the socket hears its own request too, with the time to live that the header gave.
        byte[] heard = await ReceiveAsync(socket, EchoRequest, 0x5092);
        Assert.Equal(33, heard[8]);
        await ReceiveReplyAsync(socket, 0x5092);
    });

    [FeatureFact(Feature.Raw)]
    public Task A_raw_socket_of_ICMPv6_gets_its_checksum_from_the_kernel() => RunAsync(async () =>
    {
        const byte EchoRequest6 = 128, EchoReply6 = 129;
        using NetworkSocket socket = Fixture.Client.CreateSocket(AddressFamily.InterNetworkV6, SocketType.Raw, ProtocolType.IcmpV6);
        byte[] request = [EchoRequest6, 0, 0, 0, 0x50, 0x93, 0, 1, 1, 2, 3];
        await socket.SendToAsync(request, new IPEndPoint(Fixture.Address6, 0));
        byte[] buffer = new byte[128];
        DatagramResult result;
        do
        {
            result = await socket.ReceiveFromAsync(buffer);
        }
        while (result.Count < 8 || buffer[0] != EchoReply6 || buffer[5] != 0x93);
        Assert.Equal([1, 2, 3], buffer[8..result.Count]);
    });

    private static Task<byte[]> ReceiveReplyAsync(NetworkSocket socket, ushort identifier) => ReceiveAsync(socket, EchoReply, identifier);

    /// <summary>A raw socket hears everybody's pings: ours has our identifier.</summary>
    private static async Task<byte[]> ReceiveAsync(NetworkSocket socket, byte type, ushort identifier)
    {
        byte[] buffer = new byte[256];
        while (true)
        {
            DatagramResult result = await socket.ReceiveFromAsync(buffer);
            ReadOnlyMemory<byte> icmp = buffer.AsMemory(HeaderLength, result.Count - HeaderLength);
            if (icmp.Span[0] == type && BinaryPrimitives.ReadUInt16BigEndian(icmp.Span[4..]) == identifier)
                return buffer[..result.Count];
        }
    }

    /// <summary>RFC 792: type, code, checksum, identifier, sequence number, data.</summary>
    private static byte[] Echo(ushort identifier)
    {
        byte[] packet = new byte[8 + 32];
        packet[0] = EchoRequest;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), identifier);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(6), 1);
        Payload.Of(32).CopyTo(packet, 8);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), Checksum(packet));
        return packet;
    }

    /// <summary>RFC 791, 3.1: the kernel fills in length, checksum and, being zero, the identification and source.</summary>
    private byte[] Header(int payload, byte timeToLive)
    {
        byte[] header = new byte[HeaderLength];
        header[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(2), (ushort)(HeaderLength + payload));
        header[8] = timeToLive;
        header[9] = (byte)ProtocolType.Icmp;
        Fixture.ClientAddress4.GetAddressBytes().CopyTo(header, 12);
        Fixture.Address4.GetAddressBytes().CopyTo(header, 16);
        return header;
    }

    /// <summary>RFC 1071.</summary>
    private static ushort Checksum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (int i = 0; i < bytes.Length; i += 2)
            sum += i + 1 < bytes.Length ? BinaryPrimitives.ReadUInt16BigEndian(bytes[i..]) : (uint)bytes[i] << 8;
        while (sum > 0xFFFF)
            sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)~sum;
    }
}
