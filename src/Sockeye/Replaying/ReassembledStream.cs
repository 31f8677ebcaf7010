namespace Sockeye;

/// <summary>The bytes of one direction, in order: what comes early waits for what is before it.</summary>
internal sealed class ReassembledStream
{
    /// <summary>The most bytes that wait for one that is missing; with more it is given up, and is a gap.</summary>
    public const int WaitingBytesMax = 16 * 1024 * 1024;

    // By the place in the stream; of two that begin at one place the longer is kept.
    private readonly SortedDictionary<long, byte[]> _waiting = [];
    private readonly List<(long Offset, long Length)> _gaps = [];
    private uint _begin;
    private bool _hasBegun;
    private bool _hasSyn;
    private long _position;
    private long? _end;
    private long _waitingBytes;

    /// <summary>It has ended, and all before that is there.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>What was given up, in bytes of the stream.</summary>
    public IReadOnlyList<(long Offset, long Length)> Gaps => _gaps;

    /// <summary>Whether a SYN with this number is not the one that this stream began with.</summary>
    public bool IsBegunByOther(uint sequence) => _hasSyn ? unchecked(sequence + 1) != _begin : _hasBegun;

    /// <summary>A SYN: its number is that before the first byte's.</summary>
    public void Begin(uint sequence)
    {
        _hasSyn = true;
        BeginAt(unchecked(sequence + 1));
    }

    /// <param name="sequence">The number of the first byte.</param>
    /// <param name="data">The bytes that were recorded.</param>
    /// <param name="missing">How many follow them that were not.</param>
    /// <param name="isEnd">The direction ends behind all of them.</param>
    public void Add(uint sequence, ReadOnlySpan<byte> data, int missing, bool isEnd)
    {
        BeginAt(sequence);

        // As far as half of all numbers ahead it is new, else it was sent before: so they may run over any number of times.
        long place = _position + unchecked((int)(sequence - (_begin + (uint)_position)));
        if (isEnd)
            _end ??= place + data.Length + missing;
        if (place < _position)
        {
            int known = (int)Math.Min(data.Length, _position - place);
            data = data[known..];
            place += known;
        }

        if (data.IsEmpty || (_waiting.TryGetValue(place, out byte[]? other) && other.Length >= data.Length))
            return;
        _waitingBytes += data.Length - (other?.Length ?? 0);
        _waiting[place] = data.ToArray();
        if (_waitingBytes > WaitingBytesMax && _waiting.Keys.First() > _position)
            TryPassGap();
    }

    /// <summary>The next bytes, if they are there.</summary>
    public bool TryTake(out byte[] data)
    {
        data = [];
        while (_waiting.Count > 0)
        {
            (long place, byte[] bytes) = _waiting.First();
            if (place > _position)
                return false;
            _waiting.Remove(place);
            _waitingBytes -= bytes.Length;
            if (place + bytes.Length <= _position)
                continue;
            data = bytes[(int)(_position - place)..];
            _position += data.Length;
            return true;
        }

        return false;
    }

    /// <summary>The end, once, if all before it is there.</summary>
    public bool TryTakeEnd()
    {
        if (HasEnded || _end is not { } end || _position < end)
            return false;
        return HasEnded = true;
    }

    /// <summary>Gives up what is missing before the next that is there.</summary>
    /// <returns>False: nothing waits behind it.</returns>
    public bool TryPassGap()
    {
        long? next = _waiting.Count > 0 ? _waiting.Keys.First() : HasEnded ? null : _end;
        if (next is not { } place || place <= _position)
            return false;
        _gaps.Add((_position, place - _position));
        _position = place;
        return true;
    }

    private void BeginAt(uint sequence)
    {
        if (_hasBegun)
            return;
        _hasBegun = true;
        _begin = sequence;
    }
}
