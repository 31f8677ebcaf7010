using System.Buffers.Binary;
using System.Numerics;

namespace Sockeye;

/// <summary>The numbers of the PROXY protocol: section 2.1 for the text, 2.2 for the binary header.</summary>
internal static class ProxyFormat
{
    public const byte LocalCommand = 0x20;
    public const byte ProxyCommand = 0x21;

    public const int CommandOffset = 12;
    public const int FamilyOffset = 13;
    public const int LengthOffset = 14;
    public const int HeadLength = 16;

    public const int IPv4 = 1;
    public const int IPv6 = 2;
    public const int Unix = 3;
    public const int StreamTransport = 1;
    public const int DatagramTransport = 2;

    public const int UnixPathLength = 108;
    public const int TlvHeadLength = 3;

    public static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    public static ReadOnlySpan<byte> TextBeginning => "PROXY "u8;

    /// <summary>CRC-32C (Castagnoli) over a header whose checksum field, at <paramref name="checksumAt"/>, counts as zeros (section 2.2.3).</summary>
    public static uint Checksum(ReadOnlySpan<byte> header, int checksumAt)
    {
        uint crc = uint.MaxValue;
        for (int i = 0; i < header.Length; i++)
            crc = BitOperations.Crc32C(crc, i >= checksumAt && i < checksumAt + sizeof(uint) ? (byte)0 : header[i]);
        return ~crc;
    }

    public static void WriteChecksum(Span<byte> header, int checksumAt) =>
        BinaryPrimitives.WriteUInt32BigEndian(header[checksumAt..], Checksum(header, checksumAt));
}
