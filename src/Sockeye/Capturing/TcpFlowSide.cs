namespace Sockeye;

/// <summary>What one side of a <see cref="TcpFlow"/> has sent.</summary>
internal sealed class TcpFlowSide(uint initialSequenceNumber)
{
    private const int AcknowledgeBytes = 256 * 1024;
    private const int AcknowledgeSegments = 16;

    private long _acknowledged;
    private int _segments;

    /// <summary>How many bytes had gone before the flow was first seen; null: nothing of this side is known yet.</summary>
    public long? Start { get; set; }

    /// <summary>How many bytes of data have gone since, those that are missing included.</summary>
    public long Position { get; set; }

    /// <summary>It has ended its direction.</summary>
    public bool HasEnded { get; set; }

    /// <summary>The sequence number of its next byte. A SYN stands before the first, a FIN behind the last.</summary>
    public uint Next => unchecked(initialSequenceNumber + 1 + (uint)Position + (HasEnded ? 1u : 0u));

    /// <summary>The sequence number of data at a position.</summary>
    public uint SequenceAt(long position) => unchecked(initialSequenceNumber + 1 + (uint)position);

    /// <summary>A segment has gone.</summary>
    /// <returns>So much has gone unanswered that the other side says that it has it: else a reader wonders whether the window is full.</returns>
    public bool Advance(int length)
    {
        Position += length;
        _segments++;
        return _segments >= AcknowledgeSegments || Position - _acknowledged >= AcknowledgeBytes;
    }

    /// <summary>The other side has said that it has all.</summary>
    public void Acknowledge()
    {
        _acknowledged = Position;
        _segments = 0;
    }
}
