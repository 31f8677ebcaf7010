namespace Sockeye;

/// <summary>
/// Where the writes of one direction ended at its source, and how they were cut where they went: TCP has no message boundaries, so the two differ. Bounded:
/// of what waits for too long to be passed on, the oldest is forgotten.
/// </summary>
internal sealed class StreamMarks
{
    /// <summary>The most writes that are kept until they are seen at the other side.</summary>
    public const int WritesMax = 1024;

    private readonly Queue<(long Start, long End)> _writes = [];

    /// <summary>A write was seen at the source.</summary>
    public void Wrote(long offset, long length)
    {
        if (_writes.Count == WritesMax)
            _writes.Dequeue();
        _writes.Enqueue((offset, offset + length));
    }

    /// <summary>
    /// The bytes from <paramref name="offset"/> were seen where they went. The lengths of the parts of writes among them; null: they are one write, whole, or it is not known.
    /// </summary>
    public IReadOnlyList<(long Length, bool IsPart)>? Passed(long offset, long length)
    {
        long end = offset + length;
        while (_writes.TryPeek(out (long Start, long End) gone) && gone.End <= offset)
            _writes.Dequeue();
        List<(long, bool)> parts = [];
        foreach ((long start, long stop) in _writes)
        {
            if (start >= end)
                break;
            long from = Math.Max(start, offset), to = Math.Min(stop, end);
            parts.Add((to - from, to - from < stop - start));
        }

        return parts is [] or [(_, false)] ? null : parts;
    }
}
