using System.Runtime.InteropServices;

namespace Sockeye.Interop;

/// <summary>What the kernel says beside a message (cmsg(3)): length, level, type, data, and up to the next multiple of a word.</summary>
internal readonly ref struct ControlMessages(ReadOnlySpan<byte> bytes)
{
    private static readonly int HeaderLength = IntPtr.Size + (2 * sizeof(int));

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>The data of the first message of this kind; empty if there is none.</summary>
    public ReadOnlySpan<byte> Find(int level, int type)
    {
        ReadOnlySpan<byte> rest = _bytes;
        while (rest.Length >= HeaderLength)
        {
            long length = IntPtr.Size == 8 ? MemoryMarshal.Read<long>(rest) : MemoryMarshal.Read<int>(rest);
            if (length < HeaderLength || length > rest.Length)
                return [];
            ReadOnlySpan<byte> kind = rest[IntPtr.Size..];
            if (MemoryMarshal.Read<int>(kind) == level && MemoryMarshal.Read<int>(kind[sizeof(int)..]) == type)
                return rest[HeaderLength..(int)length];
            rest = rest[Math.Min(rest.Length, ((int)length + IntPtr.Size - 1) / IntPtr.Size * IntPtr.Size)..];
        }

        return [];
    }

    /// <summary>The number in the first message of this kind.</summary>
    public int? FindInteger(int level, int type) =>
        Find(level, type) is { Length: >= sizeof(int) } data ? MemoryMarshal.Read<int>(data) : null;
}
