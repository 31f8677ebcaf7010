using System.Buffers.Binary;
using System.Text;

namespace Sockeye.Tests.Framing.WebSocket;

/// <summary>Frames written by hand, right or wrong, without the code under test.</summary>
internal static class WebSocketBytes
{
    public const int Continuation = 0, Text = 1, Binary = 2, Close = 8, Ping = 9, Pong = 10;
    public const int Fin = 0x80, Rsv1 = 0x40, Rsv2 = 0x20, Rsv3 = 0x10;

    private static readonly byte[] Key = [0x37, 0xFA, 0x21, 0x3D];

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    public static byte[] Hex(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

    /// <summary>A frame; the length in as many bytes as <paramref name="lengthSize"/> says, else in the fewest.</summary>
    public static Func<bool, byte[]> Frame(int first, byte[] payload, int? lengthSize = null, bool wrongMask = false) => toServer =>
    {
        bool masked = toServer != wrongMask;
        int size = lengthSize ?? payload.Length switch { < 126 => 0, < 65536 => 2, _ => 8 };
        List<byte> bytes = [(byte)first, (byte)((masked ? 0x80 : 0) | (size == 0 ? payload.Length : size == 2 ? 126 : 127))];
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(length, payload.Length);
        bytes.AddRange(length.AsSpan(8 - size));
        if (masked)
            bytes.AddRange(Key);
        bytes.AddRange(payload.Select((value, index) => masked ? (byte)(value ^ Key[index % 4]) : value));
        return [.. bytes];
    };

    public static Func<bool, byte[]> Frame(int first, string payload) => Frame(first, Utf8(payload));

    /// <summary>Only a header, which announces a length.</summary>
    public static Func<bool, byte[]> Header(int first, ulong length) => toServer =>
    {
        byte[] bytes = new byte[toServer ? 14 : 10];
        bytes[0] = (byte)first;
        bytes[1] = (byte)((toServer ? 0x80 : 0) | 127);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(2), length);
        return bytes;
    };

    public static Func<bool, byte[]> All(params Func<bool, byte[]>[] frames) => toServer => [.. frames.SelectMany(frame => frame(toServer))];

    public static byte[] CloseBody(int code, string reason = "") => [(byte)(code >> 8), (byte)code, .. Utf8(reason)];
}
