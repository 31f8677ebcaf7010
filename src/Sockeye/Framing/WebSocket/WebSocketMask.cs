using System.Numerics;
using System.Runtime.InteropServices;

namespace Sockeye;

/// <summary>Masks and unmasks: each byte XOR the key's byte at its place (RFC 6455, section 5.3), a vector at a time.</summary>
internal static class WebSocketMask
{
    private const int KeyBytesMask = 3;
    private const int BitsPerByte = 8;

    /// <summary>Masks <paramref name="source"/> into <paramref name="destination"/>, which may be the same memory.</summary>
    /// <param name="source">The bytes.</param>
    /// <param name="destination">At least as long.</param>
    /// <param name="key">The key's four bytes as a little-endian number.</param>
    /// <param name="offset">How many bytes of the payload came before these.</param>
    public static void Apply(ReadOnlySpan<byte> source, Span<byte> destination, uint key, long offset)
    {
        // Turned so that its first byte is the one for the first byte here.
        uint turned = BitOperations.RotateRight(key, BitsPerByte * (int)(offset & KeyBytesMask));
        int done = 0;
        if (Vector.IsHardwareAccelerated && BitConverter.IsLittleEndian && source.Length >= Vector<byte>.Count)
        {
            Vector<byte> keys = Vector.AsVectorByte(new Vector<uint>(turned));
            ref byte from = ref MemoryMarshal.GetReference(source);
            ref byte to = ref MemoryMarshal.GetReference(destination[..source.Length]);
            for (; done <= source.Length - Vector<byte>.Count; done += Vector<byte>.Count)
                Vector.StoreUnsafe(Vector.LoadUnsafe(ref from, (nuint)done) ^ keys, ref to, (nuint)done);
        }

        for (; done < source.Length; done++)
            destination[done] = (byte)(source[done] ^ (byte)(turned >> (BitsPerByte * (done & KeyBytesMask))));
    }
}
