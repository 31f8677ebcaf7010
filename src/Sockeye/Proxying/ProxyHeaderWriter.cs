using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sockeye;

/// <summary>Writes PROXY headers.</summary>
internal static class ProxyHeaderWriter
{
    /// <summary>The longest IPv6 address without an IPv4 one in it: eight groups of four digits.</summary>
    private const int IPv6TextMax = 39;

    public static void WriteText(ProxyHeader header, IBufferWriter<byte> output)
    {
        string line = "PROXY UNKNOWN\r\n";
        if (header is { SocketType: SocketType.Stream, Source: IPEndPoint source, Destination: IPEndPoint destination })
        {
            bool isIPv4 = IsIPv4(source, destination);
            line = string.Create(
                CultureInfo.InvariantCulture,
                $"PROXY {(isIPv4 ? "TCP4" : "TCP6")} {Text(source.Address, isIPv4)} {Text(destination.Address, isIPv4)} {source.Port} {destination.Port}\r\n");
        }

        Debug.Assert(line.Length <= ProxyHeader.TextLengthMax, "Two IPv6 addresses and ports take 104 bytes at most.");
        Encoding.ASCII.GetBytes(line, output);
    }

    public static void WriteBinary(ProxyHeader header, IBufferWriter<byte> output)
    {
        int addresses = AddressesLength(header);
        IReadOnlyList<ProxyTlv> tlvs = header.IsLocal ? [] : header.Tlvs;
        long length = ProxyFormat.HeadLength + addresses + tlvs.Sum(tlv => (long)ProxyFormat.TlvHeadLength + tlv.Value.Length);
        if (length > ProxyHeader.BinaryLengthMax)
            throw new ArgumentException($"The extensions make the PROXY header {length} bytes long; {ProxyHeader.BinaryLengthMax} is the most.", nameof(header));

        Span<byte> bytes = output.GetSpan((int)length)[..(int)length];
        bytes.Clear();
        ProxyFormat.Signature.CopyTo(bytes);
        bytes[ProxyFormat.CommandOffset] = header.IsLocal ? ProxyFormat.LocalCommand : ProxyFormat.ProxyCommand;
        bytes[ProxyFormat.FamilyOffset] = Family(header);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[ProxyFormat.LengthOffset..], (ushort)(length - ProxyFormat.HeadLength));
        WriteAddresses(header, bytes.Slice(ProxyFormat.HeadLength, addresses));
        int? checksum = WriteTlvs(tlvs, bytes, ProxyFormat.HeadLength + addresses);
        if (checksum is { } at)
            ProxyFormat.WriteChecksum(bytes, at);
        output.Advance((int)length);
    }

    private static bool IsIPv4(IPEndPoint source, IPEndPoint destination) =>
        source.AddressFamily == AddressFamily.InterNetwork && destination.AddressFamily == AddressFamily.InterNetwork;

    private static byte Family(ProxyHeader header)
    {
        int family = (header.Source, header.Destination) switch
        {
            (IPEndPoint source, IPEndPoint destination) => IsIPv4(source, destination) ? ProxyFormat.IPv4 : ProxyFormat.IPv6,
            (UnixDomainSocketEndPoint, _) => ProxyFormat.Unix,
            _ => 0,
        };
        int transport = header.SocketType == SocketType.Dgram ? ProxyFormat.DatagramTransport : ProxyFormat.StreamTransport;
        return family == 0 ? (byte)0 : (byte)(family << 4 | transport);
    }

    private static int AddressesLength(ProxyHeader header) => (Family(header) >> 4) switch
    {
        ProxyFormat.IPv4 => 2 * (4 + sizeof(ushort)),
        ProxyFormat.IPv6 => 2 * (16 + sizeof(ushort)),
        ProxyFormat.Unix => 2 * ProxyFormat.UnixPathLength,
        _ => 0,
    };

    private static void WriteAddresses(ProxyHeader header, Span<byte> output)
    {
        switch (header.Source, header.Destination)
        {
            case (IPEndPoint source, IPEndPoint destination):
                bool isIPv4 = IsIPv4(source, destination);
                byte[] from = Bytes(source.Address, isIPv4);
                byte[] to = Bytes(destination.Address, isIPv4);
                from.CopyTo(output);
                to.CopyTo(output[from.Length..]);
                BinaryPrimitives.WriteUInt16BigEndian(output[^4..], (ushort)source.Port);
                BinaryPrimitives.WriteUInt16BigEndian(output[^2..], (ushort)destination.Port);
                break;
            case (UnixDomainSocketEndPoint source, UnixDomainSocketEndPoint destination):
                WritePath(source, output[..ProxyFormat.UnixPathLength]);
                WritePath(destination, output[ProxyFormat.UnixPathLength..]);
                break;
        }
    }

    private static void WritePath(UnixDomainSocketEndPoint endPoint, Span<byte> output)
    {
        // sockaddr_un: the family, then the path as the kernel knows it.
        SocketAddress address = endPoint.Serialize();
        ReadOnlySpan<byte> path = address.Buffer.Span[sizeof(ushort)..address.Size];
        path[..Math.Min(path.Length, output.Length)].CopyTo(output);
    }

    /// <summary>Where the checksum's value stands, or null if there is none.</summary>
    private static int? WriteTlvs(IReadOnlyList<ProxyTlv> tlvs, Span<byte> bytes, int at)
    {
        int? checksum = null;
        foreach (ProxyTlv tlv in tlvs)
        {
            bytes[at] = tlv.Type;
            BinaryPrimitives.WriteUInt16BigEndian(bytes[(at + 1)..], (ushort)tlv.Value.Length);
            at += ProxyFormat.TlvHeadLength;
            if (tlv.Type == ProxyTlv.ChecksumType && tlv.Value.Length == sizeof(uint))
                checksum = at;
            else
                tlv.Value.Span.CopyTo(bytes[at..]);
            at += tlv.Value.Length;
        }

        return checksum;
    }

    /// <summary>Without the scope: it means something on one machine only.</summary>
    private static byte[] Bytes(IPAddress address, bool isIPv4) => (isIPv4 ? address : address.MapToIPv6()).GetAddressBytes();

    private static string Text(IPAddress address, bool isIPv4)
    {
        byte[] bytes = Bytes(address, isIPv4);
        string text = new IPAddress(bytes).ToString();

        // .NET writes some addresses with an IPv4 one at their end, which may be too long for the line.
        return text.Length <= IPv6TextMax
            ? text
            : string.Join(':', Enumerable.Range(0, 8).Select(group => BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(group * 2)).ToString("x", CultureInfo.InvariantCulture)));
    }
}
