using Sockeye.Eye.Recording;

namespace Sockeye.Eye.Serving;

/// <summary>Bytes that are searched for.</summary>
/// <param name="Bytes">Not empty.</param>
/// <param name="IgnoresCase">Whether ASCII letters match in either case.</param>
internal sealed record EyePattern(byte[] Bytes, bool IgnoresCase)
{
    /// <summary>Whether they begin in one of these events, and go on in those behind it if need be.</summary>
    public bool BeginsIn(EyeEvent[] said, int at)
    {
        ReadOnlySpan<byte> data = said[at].Data;
        int whole = data.Length - Bytes.Length;
        for (int start = 0; start <= whole; start++)
        {
            if (IsAt(data[start..]))
                return true;
        }

        if (Bytes.Length == 1)
            return false;
        byte[] seam = [.. data[Math.Max(0, whole + 1)..], .. Following(said, at)];
        for (int start = 0; start < data.Length - Math.Max(0, whole + 1) && start + Bytes.Length <= seam.Length; start++)
        {
            if (IsAt(seam.AsSpan(start)))
                return true;
        }

        return false;
    }

    /// <summary>As many of the bytes behind an event as a match can need.</summary>
    private List<byte> Following(EyeEvent[] said, int at)
    {
        List<byte> following = [];
        long offset = said[at].Offset + said[at].Length;
        for (int i = at + 1; i < said.Length && following.Count < Bytes.Length - 1 && said[i].Offset == offset; i++)
        {
            following.AddRange(said[i].Data.AsSpan(0, Math.Min(said[i].Data.Length, Bytes.Length - 1)));
            offset += said[i].Length;
        }

        return following;
    }

    private bool IsAt(ReadOnlySpan<byte> data)
    {
        for (int i = 0; i < Bytes.Length; i++)
        {
            if (data[i] != Bytes[i] && (!IgnoresCase || Lower(data[i]) != Lower(Bytes[i])))
                return false;
        }

        return true;
    }

    private static byte Lower(byte value) => value is >= (byte)'A' and <= (byte)'Z' ? (byte)(value | 0x20) : value;
}
