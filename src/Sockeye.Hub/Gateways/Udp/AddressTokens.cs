using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Sockeye.Hub.Gateways.Udp;

/// <summary>
/// Tokens that show whoever sends one back to receive what is sent to an address: a keyed hash over the address and the time, so the hub keeps nothing of an address
/// until then. What QUIC does (RFC 9000, 8.1.4), short enough to be typed.
/// </summary>
/// <param name="key">The secret; another for each start of the hub.</param>
/// <param name="time">The clock.</param>
/// <param name="lifetime">How long a token is good for, at least; at most twice as long.</param>
internal sealed class AddressTokens(byte[] key, TimeProvider time, TimeSpan lifetime)
{
    /// <summary>12 characters of 5 bits: who guesses a million times a second does not find one in its time.</summary>
    public const int Characters = 12;

    /// <summary>Without those that are read for others.</summary>
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    private const int AddressBytes = 16;

    public string Make(IPEndPoint address) => Make(address, Period);

    public bool IsGood(string token, IPEndPoint address)
    {
        byte[] given = Encoding.UTF8.GetBytes(token.ToLowerInvariant());
        long period = Period;
        return IsEqual(given, Make(address, period)) | IsEqual(given, Make(address, period - 1));
    }

    private long Period => time.GetUtcNow().Ticks / lifetime.Ticks;

    private static bool IsEqual(byte[] given, string token) => CryptographicOperations.FixedTimeEquals(given, Encoding.UTF8.GetBytes(token));

    private string Make(IPEndPoint address, long period)
    {
        Span<byte> input = stackalloc byte[AddressBytes + sizeof(int) + sizeof(long)];
        address.Address.MapToIPv6().TryWriteBytes(input, out _);
        BinaryPrimitives.WriteInt32BigEndian(input[AddressBytes..], address.Port);
        BinaryPrimitives.WriteInt64BigEndian(input[(AddressBytes + sizeof(int))..], period);
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, input, hash);
        Span<char> token = stackalloc char[Characters];
        for (int i = 0; i < Characters; i++)
            token[i] = Alphabet[hash[i] % Alphabet.Length];
        return new string(token);
    }
}
