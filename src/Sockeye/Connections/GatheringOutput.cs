using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;

namespace Sockeye;

/// <summary>A connection's writer up to the flush: what is written gathers in one buffer from the pool.</summary>
/// <remarks>
/// Disposing may come from another thread between a writer's calls, and sends what is buffered then: the lock on this keeps the two from sending the same twice.
/// </remarks>
[SuppressMessage("Design", "MA0064", Justification = "A lock of its own would cost 32 bytes a connection; nobody else locks a writer.")]
internal abstract class GatheringOutput : PipeWriter
{
    private WriteBuffer _buffer;

    public sealed override bool CanGetUnflushedBytes => true;

    public sealed override long UnflushedBytes => _buffer.Length;

    /// <summary>The most that may gather, in bytes: <see cref="StreamOptions.OutputBufferMax"/>.</summary>
    protected abstract int BufferMax { get; }

    /// <summary>What was written and not sent; whoever changes it locks this.</summary>
    protected ref WriteBuffer Buffer => ref _buffer;

    /// <summary>Whether nothing more may be written.</summary>
    protected abstract bool IsCompleted { get; set; }

    public sealed override Memory<byte> GetMemory(int sizeHint = 0)
    {
        lock (this)
        {
            ThrowIfCompleted();
            return _buffer.GetMemory(sizeHint, BufferMax);
        }
    }

    public sealed override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public sealed override void Advance(int bytes)
    {
        lock (this)
            _buffer.Advance(bytes);
    }

    /// <summary>The rest of a write that was cancelled: the caller asked for a flush, so OutputBufferMax is not meant.</summary>
    protected void Keep(ReadOnlySpan<byte> rest)
    {
        lock (this)
            _buffer.Append(rest);
    }

    protected void ThrowIfCompleted()
    {
        if (IsCompleted)
            throw new InvalidOperationException("This writer is completed: nothing more can be written.");
    }
}
