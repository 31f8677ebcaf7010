using System.Buffers;

namespace Sockeye;

/// <summary>Bytes that were received and not consumed, in one array from the pool, which it holds only while there are some.</summary>
internal sealed class PayloadBuffer
{
    private const int SizeMin = 4 * 1024;
    private const int RoomMin = 1024;
    private const int RoomMax = 64 * 1024;

    private byte[]? _array;
    private int _start;
    private int _end;

    public int Length => _end - _start;

    public ReadOnlyMemory<byte> Memory => _array.AsMemory(_start, Length);

    public ReadOnlySequence<byte> Sequence => Length == 0 ? ReadOnlySequence<byte>.Empty : new ReadOnlySequence<byte>(_array!, _start, Length);

    /// <summary>Room behind the bytes, for about as many as are expected.</summary>
    public Span<byte> GetRoom(long expected)
    {
        int wanted = (int)Math.Clamp(expected, RoomMin, RoomMax);
        if (_array is null)
        {
            _array = ArrayPool<byte>.Shared.Rent(Math.Max(wanted, SizeMin));
        }
        else if (_array.Length - _end < RoomMin)
        {
            int length = Length;

            // Doubled where it is full; moved to the front where consuming left room there.
            byte[] other = ArrayPool<byte>.Shared.Rent(length + wanted > _array.Length / 2 ? Math.Max((int)Math.Min(_array.Length * 2L, Array.MaxLength), length + wanted) : _array.Length);
            _array.AsSpan(_start, length).CopyTo(other);
            ArrayPool<byte>.Shared.Return(_array);
            (_array, _start, _end) = (other, 0, length);
        }

        return _array.AsSpan(_end);
    }

    /// <summary>So many bytes were written to the room.</summary>
    public void Commit(int count) => _end += count;

    /// <summary>So many bytes at the front are done with.</summary>
    public void Consume(int count)
    {
        _start += count;
        if (_start == _end)
            Release();
    }

    /// <summary>Gives the array back, where no bytes are in it.</summary>
    public void ReleaseIfEmpty()
    {
        if (Length == 0)
            Release();
    }

    /// <summary>Gives the array back, whatever is in it.</summary>
    public void Release()
    {
        if (_array is { } array)
            ArrayPool<byte>.Shared.Return(array);
        (_array, _start, _end) = (null, 0, 0);
    }

    /// <summary>The index of a position in what <see cref="Sequence"/> gave, counted from the first byte there.</summary>
    public int IndexOf(SequencePosition position) =>
        Length == 0 ? 0 : (int)Sequence.GetOffset(position) - (int)Sequence.GetOffset(Sequence.Start);
}
