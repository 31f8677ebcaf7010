using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Sockeye;

/// <summary>How a server proves that it read the request: RFC 6455, section 4.2.2.</summary>
internal static class WebSocketKey
{
    private const string Guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private const int KeyBytes = 16;

    public static string Create(Action<Span<byte>> random)
    {
        Span<byte> key = stackalloc byte[KeyBytes];
        random(key);
        return Convert.ToBase64String(key);
    }

    /// <summary>Whether it is 16 bytes in Base64.</summary>
    public static bool IsValid(string? key)
    {
        Span<byte> bytes = stackalloc byte[KeyBytes];
        return key is not null && key.Length == (KeyBytes + 2) / 3 * 4 && Convert.TryFromBase64String(key, bytes, out int count) && count == KeyBytes;
    }

    [SuppressMessage("Security", "CA5350", Justification = "The RFC prescribes SHA-1; nothing rests on its strength.")]
    public static string Accept(string key) => Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + Guid)));
}
