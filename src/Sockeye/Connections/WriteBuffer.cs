using System.Buffers;

namespace Sockeye;

/// <summary>
/// What was written to a connection and not sent: one buffer from the pool, held only while bytes are in it. A field of the writer it is for, which locks it.
/// </summary>
internal struct WriteBuffer
{
    private const int SizeMin = 4 * 1024;

    private byte[]? _bytes;
    private int _start;
    private int _end;

    /// <summary>Whether nothing was written since all was sent.</summary>
    public readonly bool IsUnused => _bytes is null;

    public readonly int Length => _end - _start;

    public readonly ReadOnlyMemory<byte> Memory => _bytes.AsMemory(_start, _end - _start);

    /// <summary>Room behind what is there.</summary>
    /// <param name="sizeHint">At least so much; 0 for any.</param>
    /// <param name="lengthMax">The most that may be there: <see cref="StreamOptions.OutputBufferMax"/>.</param>
    /// <exception cref="InvalidOperationException">It would be more.</exception>
    public Memory<byte> GetMemory(int sizeHint, int lengthMax)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sizeHint);
        sizeHint = Math.Max(sizeHint, 1);
        if ((_bytes?.Length ?? 0) - _end < sizeHint)
        {
            if (Length + (long)sizeHint > lengthMax)
                throw new InvalidOperationException($"{Length} bytes are written and not flushed, {sizeHint} more are asked for; OutputBufferMax is {lengthMax}: flush in between.");
            Grow(sizeHint);
        }

        return _bytes.AsMemory(_end);
    }

    public void Advance(int bytes)
    {
        if (bytes < 0 || bytes > (_bytes?.Length ?? 0) - _end)
            throw new ArgumentOutOfRangeException(nameof(bytes), bytes, "More than the memory that was got.");
        _end += bytes;
    }

    /// <summary>Without a limit: the rest of a write that was cancelled, whose caller asked for a flush.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length == 0)
            return;
        if ((_bytes?.Length ?? 0) - _end < bytes.Length)
            Grow(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(_end));
        _end += bytes.Length;
    }

    public void Consume(int bytes) => _start += bytes;

    /// <summary>Empty again, without a buffer.</summary>
    /// <param name="toPool">Not when another thread may still write into it.</param>
    public void Release(bool toPool)
    {
        if (toPool && _bytes is { } bytes)
            ArrayPool<byte>.Shared.Return(bytes);
        this = default;
    }

    private void Grow(int sizeHint)
    {
        int length = Length;
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(SizeMin, Math.Max(length + sizeHint, length * 2)));
        if (_bytes is { } old)
        {
            old.AsSpan(_start, length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(old);
        }

        (_bytes, _start, _end) = (larger, 0, length);
    }
}
