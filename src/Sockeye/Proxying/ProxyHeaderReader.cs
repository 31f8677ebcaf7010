using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sockeye;

/// <summary>Reads PROXY headers, which come from whoever connects: every byte is checked.</summary>
internal static class ProxyHeaderReader
{
    private const int QuotedMax = 24;
    private static readonly SearchValues<byte> HexAndColons = SearchValues.Create("0123456789abcdefABCDEF:."u8);

    /// <summary>The length of the header at the beginning; 0 and no header when it is right so far but not whole.</summary>
    /// <exception cref="ProtocolException">It is none.</exception>
    public static int Read(ReadOnlySpan<byte> bytes, ProxyVersions accepted, out ProxyHeader? header)
    {
        header = null;
        if (bytes.IsEmpty)
            return 0;
        if (Begins(bytes, ProxyFormat.Signature))
        {
            ThrowUnlessAccepted(accepted, ProxyVersions.V2);
            return ReadBinary(bytes, out header);
        }

        if (Begins(bytes, ProxyFormat.TextBeginning))
        {
            ThrowUnlessAccepted(accepted, ProxyVersions.V1);
            return ReadText(bytes, out header);
        }

        throw new ProtocolException($"no PROXY header came but {Quote(bytes)}");
    }

    /// <summary>Whether the bytes begin so, as far as there are any.</summary>
    private static bool Begins(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> beginning)
    {
        int length = Math.Min(bytes.Length, beginning.Length);
        return bytes[..length].SequenceEqual(beginning[..length]);
    }

    private static void ThrowUnlessAccepted(ProxyVersions accepted, ProxyVersions version)
    {
        if ((accepted & version) == 0)
            throw new ProtocolException($"a PROXY header of version {(int)version} came, version {(int)accepted} was expected");
    }

    private static int ReadText(ReadOnlySpan<byte> bytes, out ProxyHeader? header)
    {
        header = null;
        ReadOnlySpan<byte> line = bytes[..Math.Min(bytes.Length, ProxyHeader.TextLengthMax)];
        int end = line.IndexOf("\r\n"u8);
        if (end < 0)
            return line.Length < ProxyHeader.TextLengthMax ? 0 : throw new ProtocolException($"a PROXY line has no end within {ProxyHeader.TextLengthMax} bytes");
        line = line[..end];
        header = ReadLine(line) ?? throw new ProtocolException($"a PROXY line is malformed: {Quote(line, ProxyHeader.TextLengthMax)}");
        return end + 2;
    }

    private static ProxyHeader? ReadLine(ReadOnlySpan<byte> line)
    {
        // What follows UNKNOWN is to be ignored (section 2.1).
        if (line.SequenceEqual("PROXY UNKNOWN"u8) || line.StartsWith("PROXY UNKNOWN "u8))
            return new ProxyHeader(null, null);
        string[] parts = Encoding.Latin1.GetString(line).Split(' ');
        if (parts is not [_, "TCP4" or "TCP6", var from, var to, var fromPort, var toPort])
            return null;
        bool isIPv4 = parts[1] == "TCP4";
        return ReadAddress(from, isIPv4) is { } source && ReadAddress(to, isIPv4) is { } destination
            && ReadPort(fromPort) is { } sourcePort && ReadPort(toPort) is { } destinationPort
                ? new ProxyHeader(new IPEndPoint(source, sourcePort), new IPEndPoint(destination, destinationPort))
                : null;
    }

    private static IPAddress? ReadAddress(string text, bool isIPv4)
    {
        if (isIPv4)
        {
            // Leading zeros would be octal to some (section 2.1), and .NET would read one number as an address.
            string[] numbers = text.Split('.');
            byte[] bytes = new byte[4];
            for (int i = 0; i < numbers.Length && numbers.Length == bytes.Length; i++)
            {
                if (!DecimalNumber.TryParse(numbers[i], byte.MaxValue, out int number))
                    return null;
                bytes[i] = (byte)number;
            }

            return numbers.Length == bytes.Length ? new IPAddress(bytes) : null;
        }

        // Neither brackets nor scopes, which .NET would take.
        bool isPlain = text.Contains(':') && !Encoding.Latin1.GetBytes(text).AsSpan().ContainsAnyExcept(HexAndColons);
        return isPlain && IPAddress.TryParse(text, out IPAddress? address) && address.AddressFamily == AddressFamily.InterNetworkV6 ? address : null;
    }

    private static int? ReadPort(string text) =>
        DecimalNumber.TryParse(text, ushort.MaxValue, out int port) ? port : null;

    private static int ReadBinary(ReadOnlySpan<byte> bytes, out ProxyHeader? header)
    {
        header = null;
        if (bytes.Length > ProxyFormat.CommandOffset && bytes[ProxyFormat.CommandOffset] is not (ProxyFormat.LocalCommand or ProxyFormat.ProxyCommand))
            throw new ProtocolException($"a PROXY header has the version and command 0x{bytes[ProxyFormat.CommandOffset]:x2}, which nobody knows");
        if (bytes.Length < ProxyFormat.HeadLength)
            return 0;
        int length = ProxyFormat.HeadLength + BinaryPrimitives.ReadUInt16BigEndian(bytes[ProxyFormat.LengthOffset..]);
        if (length > ProxyHeader.BinaryLengthMax)
            throw new ProtocolException($"a PROXY header is {length} bytes long; {ProxyHeader.BinaryLengthMax} is the most that is read");
        if (bytes.Length < length)
            return 0;
        bytes = bytes[..length];

        // Of a LOCAL one nothing else counts (section 2.2).
        header = bytes[ProxyFormat.CommandOffset] == ProxyFormat.LocalCommand ? ProxyHeader.Local : ReadBlock(bytes);
        return length;
    }

    private static ProxyHeader ReadBlock(ReadOnlySpan<byte> bytes)
    {
        (int family, int transport) = (bytes[ProxyFormat.FamilyOffset] >> 4, bytes[ProxyFormat.FamilyOffset] & 0x0F);
        if (family > ProxyFormat.Unix || transport > ProxyFormat.DatagramTransport)
            throw new ProtocolException($"a PROXY header has the family 0x{bytes[ProxyFormat.FamilyOffset]:x2}, which nobody knows");
        int addresses = family switch
        {
            ProxyFormat.IPv4 => 2 * (4 + sizeof(ushort)),
            ProxyFormat.IPv6 => 2 * (16 + sizeof(ushort)),
            ProxyFormat.Unix => 2 * ProxyFormat.UnixPathLength,
            _ => 0,
        };
        ReadOnlySpan<byte> block = bytes[ProxyFormat.HeadLength..];
        if (block.Length < addresses)
            throw new ProtocolException($"a PROXY header has {block.Length} bytes of addresses; its family takes {addresses}");

        // Without a transport the addresses are not meant: skip them.
        (EndPoint? source, EndPoint? destination) = transport == 0 ? default : ReadAddresses(family, block[..addresses]);
        SocketType type = transport == ProxyFormat.DatagramTransport ? SocketType.Dgram : SocketType.Stream;
        return new ProxyHeader(source, destination, type) { Tlvs = ReadTlvs(bytes, ProxyFormat.HeadLength + addresses) };
    }

    private static (EndPoint? Source, EndPoint? Destination) ReadAddresses(int family, ReadOnlySpan<byte> block)
    {
        if (family == ProxyFormat.Unix)
            return (ReadPath(block[..ProxyFormat.UnixPathLength]), ReadPath(block[ProxyFormat.UnixPathLength..]));
        if (family == 0)
            return default;
        int size = family == ProxyFormat.IPv4 ? 4 : 16;
        return (new IPEndPoint(new IPAddress(block[..size]), BinaryPrimitives.ReadUInt16BigEndian(block[^4..])),
            new IPEndPoint(new IPAddress(block[size..(2 * size)]), BinaryPrimitives.ReadUInt16BigEndian(block[^2..])));
    }

    /// <summary>A path ends at its first NUL; an abstract name begins with one and is padded with more, so the last of them are no part of it.</summary>
    private static UnixDomainSocketEndPoint ReadPath(ReadOnlySpan<byte> field)
    {
        int length = field[0] == 0 ? field.TrimEnd((byte)0).Length : field.IndexOf((byte)0) is >= 0 and int end ? end : field.Length;
        SocketAddress address = new(AddressFamily.Unix, sizeof(ushort) + length);
        field[..length].CopyTo(address.Buffer.Span[sizeof(ushort)..]);
        return (UnixDomainSocketEndPoint)EndPoints.FromAddress(address);
    }

    private static List<ProxyTlv> ReadTlvs(ReadOnlySpan<byte> bytes, int at)
    {
        List<ProxyTlv> tlvs = [];
        while (at < bytes.Length)
        {
            int valueAt = at + ProxyFormat.TlvHeadLength;
            int end = valueAt <= bytes.Length ? valueAt + BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 1)..]) : int.MaxValue;
            if (end > bytes.Length)
                throw new ProtocolException($"an extension of a PROXY header begins at byte {at} and goes beyond the header's {bytes.Length}");
            ProxyTlv tlv = new(bytes[at], bytes[valueAt..end].ToArray());
            if (tlv.Type == ProxyTlv.ChecksumType)
                Check(tlv, bytes, valueAt);
            tlvs.Add(tlv);
            at = end;
        }

        return tlvs;
    }

    private static void Check(ProxyTlv checksum, ReadOnlySpan<byte> bytes, int valueAt)
    {
        bool isRight = checksum.Value.Length == sizeof(uint)
            && BinaryPrimitives.ReadUInt32BigEndian(checksum.Value.Span) == ProxyFormat.Checksum(bytes, valueAt);
        if (!isRight)
            throw new ProtocolException("the checksum of a PROXY header is wrong");
    }

    private static string Quote(ReadOnlySpan<byte> bytes, int max = QuotedMax) => Display.Quote(Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, max)]));
}
