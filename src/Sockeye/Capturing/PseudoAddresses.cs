using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>
/// Addresses for sockets that have none of IP, in fd73:6f63:6b65::/48 ("socke", RFC 4193): a path has always the same one, a socket without a name
/// one of its own number.
/// </summary>
internal static class PseudoAddresses
{
    /// <summary>In the range that belongs to nobody (RFC 6335, section 6), so that no protocol is guessed from it.</summary>
    public const int Port = 49152;

    private const int Ports = 65536 - Port;
    private const ushort PathNet = 1;
    private const ushort NearNet = 2;
    private const ushort FarNet = 3;

    private static ReadOnlySpan<byte> Prefix => [0xFD, (byte)'s', (byte)'o', (byte)'c', (byte)'k', (byte)'e'];

    /// <summary>An end point as an IP one.</summary>
    /// <param name="endPoint">The end point; null: it is not known, or has no name.</param>
    /// <param name="number">The observed socket's number.</param>
    /// <param name="isNear">It is the observed socket's, not its peer's.</param>
    public static IPEndPoint For(EndPoint? endPoint, int number, bool isNear)
    {
        switch (endPoint)
        {
            case IPEndPoint ip:
                return ip;
            case UnixDomainSocketEndPoint unix when UnixPath.GetBytes(unix) is { Length: > 0 } path:
                return new IPEndPoint(Address(PathNet, Hash(path)), Port);
            default:
                return new IPEndPoint(Address(isNear ? NearNet : FarNet, (ulong)number), Port + (number % Ports));
        }
    }

    private static IPAddress Address(ushort net, ulong host)
    {
        Span<byte> bytes = stackalloc byte[16];
        Prefix.CopyTo(bytes);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[6..], net);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], host);
        return new IPAddress(bytes);
    }

    /// <summary>FNV-1a: the same in every process.</summary>
    private static ulong Hash(ReadOnlySpan<byte> bytes)
    {
        ulong hash = 0xCBF2_9CE4_8422_2325;
        foreach (byte one in bytes)
            hash = unchecked((hash ^ one) * 0x100_0000_01B3);
        return hash;
    }
}
