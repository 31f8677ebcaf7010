namespace Sockeye;

/// <summary>What the ring has received for a connection whose reader does not come for it: few have any, so it is an object of its own.</summary>
/// <param name="roomMax">Up to here room doubles; beyond it is as much as is needed.</param>
internal sealed class KeptBytes(int roomMax)
{
    private byte[] _bytes = [];
    private int _start;
    private int _end;

    public int Length => _end - _start;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        int length = Length;
        if (_bytes.Length - _end < bytes.Length)
        {
            byte[] larger = length + bytes.Length <= _bytes.Length ? _bytes : new byte[Math.Max(length + bytes.Length, Math.Min(2 * _bytes.Length, roomMax))];
            _bytes.AsSpan(_start, length).CopyTo(larger);
            (_bytes, _start, _end) = (larger, 0, length);
        }

        bytes.CopyTo(_bytes.AsSpan(_end));
        _end += bytes.Length;
    }

    /// <summary>Takes what fits, and returns how much that is.</summary>
    public int Take(Span<byte> buffer)
    {
        int count = Math.Min(Length, buffer.Length);
        _bytes.AsSpan(_start, count).CopyTo(buffer);
        _start += count;
        return count;
    }

    public byte[] ToArray() => _bytes[_start.._end];
}
