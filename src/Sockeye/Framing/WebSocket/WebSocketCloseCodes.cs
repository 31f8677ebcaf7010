using System.Buffers.Binary;
using System.Net.WebSockets;
using System.Text;
using System.Text.Unicode;

namespace Sockeye;

/// <summary>The body of a Close frame: RFC 6455, sections 5.5.1 and 7.4.</summary>
internal static class WebSocketCloseCodes
{
    /// <summary>The longest reason, in bytes of UTF-8.</summary>
    public const int ReasonMax = WebSocketFrameHeader.ControlPayloadMax - CodeLength;

    private const int CodeLength = sizeof(ushort);

    /// <summary>1006: the connection ended without a Close frame. Never sent.</summary>
    private const int Abnormal = 1006;

    /// <summary>Whether a Close frame may carry the code: those of section 7.4.1 and of IANA's registry, and those of libraries and applications.</summary>
    public static bool MayBeSent(int code) =>
        code is >= 1000 and <= 1014 and not (1004 or (int)WebSocketCloseStatus.Empty or Abnormal) or >= 3000 and <= 4999;

    /// <exception cref="WebSocketFailure">It breaks section 5.5.1 or 7.4.</exception>
    public static (WebSocketCloseStatus Status, string Reason) Parse(ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty)
            return (WebSocketCloseStatus.Empty, "");
        if (payload.Length < CodeLength)
            throw new WebSocketFailure(WebSocketCloseStatus.ProtocolError, "A Close frame of one byte: a code has two (RFC 6455, 5.5.1).");
        int code = BinaryPrimitives.ReadUInt16BigEndian(payload);
        if (!MayBeSent(code))
            throw new WebSocketFailure(WebSocketCloseStatus.ProtocolError, $"A Close frame with the code {code}, which no frame may carry (RFC 6455, 7.4).");
        ReadOnlySpan<byte> reason = payload[CodeLength..];
        if (!Utf8.IsValid(reason))
            throw new WebSocketFailure(WebSocketCloseStatus.InvalidPayloadData, "A Close frame whose reason is no UTF-8 (RFC 6455, 5.5.1).");
        return ((WebSocketCloseStatus)code, Encoding.UTF8.GetString(reason));
    }

    /// <summary>Writes code and reason; how many bytes they took.</summary>
    /// <exception cref="ArgumentException">The code may not be sent, or the reason is longer than <see cref="ReasonMax"/> bytes.</exception>
    public static int Emit(WebSocketCloseStatus status, string reason, Span<byte> destination)
    {
        if (status == WebSocketCloseStatus.Empty && reason.Length == 0)
            return 0;
        if (!MayBeSent((int)status))
            throw new ArgumentOutOfRangeException(nameof(status), status, "A Close frame carries 1000 to 1003, 1007 to 1014, or 3000 to 4999.");
        int length = Encoding.UTF8.GetByteCount(reason);
        if (length > ReasonMax)
            throw new ArgumentException($"The reason has {length} bytes in UTF-8; a Close frame has room for {ReasonMax}.", nameof(reason));
        BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)status);
        return CodeLength + Encoding.UTF8.GetBytes(reason, destination[CodeLength..]);
    }
}
