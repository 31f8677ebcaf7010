using System.Buffers.Binary;
using System.Net.WebSockets;
using System.Runtime.InteropServices;

namespace Sockeye;

/// <summary>A frame's header: RFC 6455, section 5.2.</summary>
/// <param name="IsFinal">FIN: the last frame of its message.</param>
/// <param name="Reserved">RSV1 to RSV3 where they stand in the first byte: <see cref="Reserved1"/> and the two below.</param>
/// <param name="Opcode">What it carries; as it came, so possibly one that is not defined.</param>
/// <param name="IsMasked">Whether a masking key follows the length.</param>
/// <param name="PayloadLength">In bytes.</param>
/// <param name="MaskKey">The key's four bytes as a little-endian number; 0 without a mask.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct WebSocketFrameHeader(
    bool IsFinal, byte Reserved, WebSocketOpcode Opcode, bool IsMasked, long PayloadLength, uint MaskKey)
{
    /// <summary>The longest header: two bytes, a length of eight, a key of four.</summary>
    public const int LengthMax = 14;

    /// <summary>The longest payload of a control frame, in bytes (section 5.5).</summary>
    public const int ControlPayloadMax = 125;

    /// <summary>RSV1, which permessage-deflate uses (RFC 7692, section 6).</summary>
    public const byte Reserved1 = 0x40;

    private const int FixedLength = 2;
    private const int KeyLength = 4;
    private const byte Final = 0x80;
    private const byte ReservedBits = 0x70;
    private const byte OpcodeBits = 0x0F;
    private const byte Masked = 0x80;
    private const byte LengthBits = 0x7F;
    private const byte LengthIn16Bits = 126;
    private const byte LengthIn64Bits = 127;

    /// <summary>Close, ping, pong and what is reserved beside them.</summary>
    public bool IsControl => ((byte)Opcode & 0x8) != 0;

    /// <summary>How many bytes the header takes.</summary>
    public int Length => FixedLength + LengthFieldSize(PayloadLength) + (IsMasked ? KeyLength : 0);

    /// <summary>Reads the two bytes that every frame has: all but the length, if it is longer, and the key. They suffice to refuse most that is wrong.</summary>
    public static WebSocketFrameHeader ParseFixed(byte first, byte second) => new(
        (first & Final) != 0, (byte)(first & ReservedBits), (WebSocketOpcode)(first & OpcodeBits), (second & Masked) != 0, second & LengthBits, 0);

    /// <summary>Reads a header; false when more bytes are needed.</summary>
    /// <exception cref="WebSocketFailure">The length is not written in the fewest bytes, or has the top bit set.</exception>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out WebSocketFrameHeader header)
    {
        header = default;
        if (bytes.Length < FixedLength)
            return false;
        WebSocketFrameHeader start = ParseFixed(bytes[0], bytes[1]);
        int lengthSize = start.PayloadLength switch { LengthIn16Bits => sizeof(ushort), LengthIn64Bits => sizeof(ulong), _ => 0 };
        int keyAt = FixedLength + lengthSize;
        if (bytes.Length < keyAt)
            return false;
        ulong length = lengthSize switch
        {
            sizeof(ushort) => BinaryPrimitives.ReadUInt16BigEndian(bytes[FixedLength..]),
            sizeof(ulong) => BinaryPrimitives.ReadUInt64BigEndian(bytes[FixedLength..]),
            _ => (ulong)start.PayloadLength,
        };
        if (length > long.MaxValue)
            throw new WebSocketFailure(WebSocketCloseStatus.ProtocolError, "A WebSocket frame's 64-bit length has its top bit set (RFC 6455, 5.2).");
        if (LengthFieldSize((long)length) != lengthSize)
            throw new WebSocketFailure(WebSocketCloseStatus.ProtocolError, $"A WebSocket frame's length {length} is not written in the fewest bytes (RFC 6455, 5.2).");
        if (start.IsMasked && bytes.Length < keyAt + KeyLength)
            return false;
        header = start with { PayloadLength = (long)length, MaskKey = start.IsMasked ? BinaryPrimitives.ReadUInt32LittleEndian(bytes[keyAt..]) : 0 };
        return true;
    }

    /// <summary>Writes the header to the front of <paramref name="destination"/>; how many bytes it took.</summary>
    public int Emit(Span<byte> destination)
    {
        int lengthSize = LengthFieldSize(PayloadLength);
        destination[0] = (byte)((IsFinal ? Final : 0) | Reserved | (byte)Opcode);
        destination[1] = (byte)((IsMasked ? Masked : 0) | lengthSize switch { sizeof(ushort) => LengthIn16Bits, sizeof(ulong) => LengthIn64Bits, _ => (int)PayloadLength });
        if (lengthSize == sizeof(ushort))
            BinaryPrimitives.WriteUInt16BigEndian(destination[FixedLength..], (ushort)PayloadLength);
        else if (lengthSize == sizeof(ulong))
            BinaryPrimitives.WriteInt64BigEndian(destination[FixedLength..], PayloadLength);
        if (IsMasked)
            BinaryPrimitives.WriteUInt32LittleEndian(destination[(FixedLength + lengthSize)..], MaskKey);
        return Length;
    }

    private static int LengthFieldSize(long length) => length switch
    {
        < LengthIn16Bits => 0,
        <= ushort.MaxValue => sizeof(ushort),
        _ => sizeof(ulong),
    };
}
