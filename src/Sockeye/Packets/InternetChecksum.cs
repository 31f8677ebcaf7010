using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Sockeye;

/// <summary>The checksum of IPv4, ICMP, UDP and TCP: the one's complement of the one's complement sum of 16-bit words (RFC 1071).</summary>
public static class InternetChecksum
{
    /// <summary>The checksum of <paramref name="bytes"/>; an odd last byte counts as if a zero followed.</summary>
    /// <returns>What to write into the checksum field, big-endian. Over bytes that hold their checksum already: 0 if it is right.</returns>
    public static ushort Compute(ReadOnlySpan<byte> bytes) => (ushort)~Sum(bytes);

    /// <summary>The one's complement sum itself, for data in several parts: of all but the last part an even number of bytes.</summary>
    /// <param name="bytes">The next part.</param>
    /// <param name="initial">The sum of the parts before.</param>
    public static ushort Sum(ReadOnlySpan<byte> bytes, ushort initial = 0)
    {
        // The sum does not depend on the byte order (RFC 1071, 2 B): words are added as the machine reads them, eight bytes at a time, and the end
        // is swapped once. Four sums side by side, because each add with carry has to wait for the one before.
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
        ulong a = 0, b = 0, c = 0, d = 0;
        int i = 0;
        for (; i <= words.Length - 4; i += 4)
        {
            a = AddWithCarry(a, words[i]);
            b = AddWithCarry(b, words[i + 1]);
            c = AddWithCarry(c, words[i + 2]);
            d = AddWithCarry(d, words[i + 3]);
        }

        for (; i < words.Length; i++)
            a = AddWithCarry(a, words[i]);
        ulong sum = AddWithCarry(AddWithCarry(a, b), AddWithCarry(c, d));

        ReadOnlySpan<byte> rest = bytes[(words.Length * sizeof(ulong))..];
        if (rest.Length > 0)
        {
            Span<byte> last = stackalloc byte[sizeof(ulong)];
            last.Clear();
            rest.CopyTo(last);
            sum = AddWithCarry(sum, MemoryMarshal.Read<ulong>(last));
        }

        ushort folded = Fold(sum);
        return Fold((ulong)(BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(folded) : folded) + initial);
    }

    /// <summary>The checksum after one 16-bit word of the data has changed, without the rest of the data (RFC 1624, equation 3).</summary>
    /// <param name="checksum">The checksum as it was.</param>
    /// <param name="before">The word as it was, at an even offset.</param>
    /// <param name="after">The word as it is now.</param>
    public static ushort Update(ushort checksum, ushort before, ushort after) =>
        (ushort)~Fold((ulong)(ushort)~checksum + (ushort)~before + after);

    /// <summary>The same for a 32-bit word, such as an address or a sequence number.</summary>
    public static ushort Update(ushort checksum, uint before, uint after) =>
        Update(Update(checksum, (ushort)(before >> 16), (ushort)(after >> 16)), (ushort)before, (ushort)after);

    internal static ushort Fold(ulong sum)
    {
        sum = (sum & 0xFFFF_FFFF) + (sum >> 32);
        sum = (sum & 0xFFFF) + ((sum >> 16) & 0xFFFF) + (sum >> 32);
        sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)((sum & 0xFFFF) + (sum >> 16));
    }

    private static ulong AddWithCarry(ulong sum, ulong word)
    {
        sum += word;
        return sum < word ? sum + 1 : sum;
    }
}
