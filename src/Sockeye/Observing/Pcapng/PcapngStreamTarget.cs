namespace Sockeye;

/// <summary>A stream that remains the caller's. What a failing write left is cut off where the stream can seek; where it cannot, nothing follows it.</summary>
internal sealed class PcapngStreamTarget(Stream stream) : PcapngTarget
{
    private bool _isTorn;

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> blocks)
    {
        if (_isTorn)
            Mend();
        try
        {
            stream.Write(blocks);
            stream.Flush();
        }
        catch
        {
            _isTorn = true;
            MendIfPossible();
            throw;
        }

        Length += blocks.Length;
    }

    /// <inheritdoc/>
    public override bool IsFullWith(long more) => false;

    /// <inheritdoc/>
    public override void Rotate() => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Dispose()
    {
    }

    /// <summary>Cuts off the beginning of blocks that were not written to their end: behind it nobody could read on.</summary>
    private void Mend()
    {
        if (!stream.CanSeek)
            throw new IOException("What was written last is cut short, and this stream cannot go back to mend it.");
        stream.SetLength(Origin + Length);
        stream.Position = Origin + Length;
        _isTorn = false;
    }

    private void MendIfPossible()
    {
        try
        {
            Mend();
        }
        catch (IOException)
        {
            // Tried again before the next write.
        }
    }

    /// <summary>Where the recording begins in the stream.</summary>
    private long Origin { get; } = stream.CanSeek ? stream.Position : 0;
}
