namespace Sockeye.Cli.Services.Chat;

/// <summary>Where to cut what is too long, so that no character of UTF-8 is cut in two: a WebSocket has no text for half of one.</summary>
internal static class Utf8Parts
{
    private const int CharacterBytesMax = 4;

    /// <summary>How long the first part is: all, if that is no more than <paramref name="max"/>.</summary>
    public static int LengthOfFirst(ReadOnlySpan<byte> bytes, int max) => bytes.Length <= max ? bytes.Length : LengthBefore(bytes[..max], bytes[max]);

    /// <summary>How much of a part can go without what follows it.</summary>
    public static int LengthBefore(ReadOnlySpan<byte> part, byte next)
    {
        if (!IsContinuation(next))
            return part.Length;
        for (int length = part.Length - 1; length > 0 && length > part.Length - CharacterBytesMax; length--)
        {
            if (!IsContinuation(part[length]))
                return length;
        }

        return part.Length; // no UTF-8
    }

    private static bool IsContinuation(byte value) => (value & 0b1100_0000) == 0b1000_0000;
}
