namespace Sockeye;

/// <summary>Which byte of a number comes first.</summary>
public enum ByteOrder
{
    /// <summary>The most significant byte: network byte order (RFC 1700).</summary>
    BigEndian,

    /// <summary>The least significant byte.</summary>
    LittleEndian,
}
