using System.Buffers;

namespace Sockeye;

/// <summary>
/// A queue of bytes: a circular array from the pool that grows as needed and goes back when the queue is empty, so that an idle
/// socket holds none. Its owner bounds it.
/// </summary>
internal sealed class MemoryPipe
{
    private const int LengthMin = 256;

    private byte[] _ring = [];
    private int _start;

    /// <summary>The bytes within.</summary>
    public int Length { get; private set; }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length == 0)
            return;
        if (_ring.Length - Length < bytes.Length)
            Grow(checked(Length + bytes.Length));
        int end = (int)(((long)_start + Length) % _ring.Length);
        int first = Math.Min(bytes.Length, _ring.Length - end);
        bytes[..first].CopyTo(_ring.AsSpan(end));
        bytes[first..].CopyTo(_ring);
        Length += bytes.Length;
    }

    /// <summary>Copies from the front what is there and fits, and leaves it.</summary>
    /// <returns>How many bytes.</returns>
    public int Peek(Span<byte> buffer)
    {
        int count = Math.Min(buffer.Length, Length);
        int first = Math.Min(count, _ring.Length - _start);
        _ring.AsSpan(_start, first).CopyTo(buffer);
        _ring.AsSpan(0, count - first).CopyTo(buffer[first..]);
        return count;
    }

    /// <summary>Drops bytes from the front.</summary>
    public void Skip(int count)
    {
        Length -= count;
        if (Length == 0)
            Release();
        else
            _start = (int)(((long)_start + count) % _ring.Length);
    }

    public void Clear() => Skip(Length);

    private void Grow(int needed)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(LengthMin, Math.Max(needed, (int)Math.Min(2L * Length, Array.MaxLength))));
        int length = Peek(larger);
        Release();
        _ring = larger;
        Length = length;
    }

    private void Release()
    {
        if (_ring.Length > 0)
            ArrayPool<byte>.Shared.Return(_ring);
        _ring = [];
        _start = 0;
    }
}
