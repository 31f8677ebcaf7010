namespace Sockeye.Cli.Tests.Programs;

/// <summary>Any number of bytes in pieces that are all different, and are known to whoever has the seed.</summary>
internal static class CountedBytes
{
    public const int PieceBytes = 64 * 1024;

    public static async Task SendAsync(Stream to, long pieces, int seed, CancellationToken stop)
    {
        byte[] piece = First(seed);
        for (long i = 0; i < pieces; i++)
        {
            BitConverter.TryWriteBytes(piece, i);
            await to.WriteAsync(piece, stop);
        }

        await to.FlushAsync(stop);
    }

    /// <exception cref="InvalidDataException">Other bytes came.</exception>
    /// <exception cref="EndOfStreamException">Fewer came.</exception>
    public static async Task CheckAsync(Stream from, long pieces, int seed, CancellationToken stop)
    {
        byte[] piece = First(seed);
        byte[] received = new byte[PieceBytes];
        for (long i = 0; i < pieces; i++)
        {
            BitConverter.TryWriteBytes(piece, i);
            await from.ReadExactlyAsync(received, stop);
            if (!received.AsSpan().SequenceEqual(piece))
                throw new InvalidDataException($"Other bytes came than were sent, in piece {i}.");
        }
    }

    private static byte[] First(int seed)
    {
        byte[] piece = new byte[PieceBytes];
        new Random(seed).NextBytes(piece);
        return piece;
    }
}
