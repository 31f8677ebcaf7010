using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>
/// What the checksums of UDP, TCP and ICMPv6 cover besides their own bytes: both addresses, the protocol and the length (RFC 9293 section 3.1,
/// RFC 8200 section 8.1). Made once for a pair of addresses, it serves every packet between them, in both directions.
/// </summary>
public readonly struct PseudoHeader
{
    private readonly ushort _sum;

    /// <summary>The pseudo-header for packets between two addresses of one family.</summary>
    /// <exception cref="ArgumentException">The families differ.</exception>
    public PseudoHeader(IPAddress source, IPAddress destination)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(destination);
        if (source.AddressFamily != destination.AddressFamily)
            throw new ArgumentException($"{source} and {destination} are of two families; a packet has one.", nameof(destination));
        AddressFamily = source.AddressFamily;
        Span<byte> bytes = stackalloc byte[16];
        source.TryWriteBytes(bytes, out int length);
        ushort sum = InternetChecksum.Sum(bytes[..length]);
        destination.TryWriteBytes(bytes, out length);
        _sum = InternetChecksum.Sum(bytes[..length], sum);
    }

    internal PseudoHeader(AddressFamily family, ReadOnlySpan<byte> bothAddresses) =>
        (AddressFamily, _sum) = (family, InternetChecksum.Sum(bothAddresses));

    /// <summary>The family of the addresses.</summary>
    public AddressFamily AddressFamily { get; }

    /// <summary>The checksum of an upper-layer packet.</summary>
    /// <param name="protocol">Its protocol number.</param>
    /// <param name="packet">The whole of it, header and payload, with its checksum field zero. With the field filled: 0 if it is right.</param>
    public ushort Checksum(ProtocolType protocol, ReadOnlySpan<byte> packet)
    {
        // The length is 16 bits in one family and 32 in the other; its halves are added either way.
        uint length = (uint)packet.Length;
        ushort initial = InternetChecksum.Fold((ulong)_sum + (byte)protocol + (length >> 16) + (length & 0xFFFF));
        return (ushort)~InternetChecksum.Sum(packet, initial);
    }
}
