namespace Sockeye;

/// <summary>One extension of a PROXY header of version 2, section 2.2 of the specification: a type, a length and a value.</summary>
/// <param name="Type">What it is: 0x01 ALPN, 0x02 authority, 0x03 CRC-32C, 0x04 padding, 0x05 unique ID, 0x20 TLS, 0x30 network namespace; 0xE0 to 0xEF are an application's own.</param>
/// <param name="Value">Its bytes, up to 65,535.</param>
public readonly record struct ProxyTlv(byte Type, ReadOnlyMemory<byte> Value)
{
    /// <summary>The type of the checksum over the whole header (PP2_TYPE_CRC32C).</summary>
    public const byte ChecksumType = 0x03;

    /// <summary>Asks <see cref="ProxyHeader.Emit"/> for a checksum: its four bytes are filled in there.</summary>
    public static ProxyTlv Checksum { get; } = new(ChecksumType, new byte[sizeof(uint)]);
}
