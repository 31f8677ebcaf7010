using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Sockeye;

/// <summary>Finds frames in a byte stream and writes them. Pure: it does no I/O and keeps no state between calls.</summary>
/// <remarks>
/// Instances are immutable and may be shared between connections and threads. Write your own by deriving: the stream
/// may be split anywhere, so <see cref="TryDecode"/> is called with more and more bytes until it finds a whole frame.
/// </remarks>
/// <typeparam name="T">What a frame is to the program. A frame that refers to the input's memory (zero copy) is valid
/// only as long as that memory is: see <see cref="FrameReader{T}"/>.</typeparam>
public abstract class FrameCodec<T>
{
    /// <summary>Creates a codec.</summary>
    /// <param name="maxFrameSize">The largest frame, in bytes: positive.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxFrameSize"/> is not positive.</exception>
    protected FrameCodec(int maxFrameSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxFrameSize);
        MaxFrameSize = maxFrameSize;
    }

    /// <summary>
    /// The largest frame's content in bytes, without its delimiter or prefix. One byte more is a <see cref="FrameTooLargeException"/>.
    /// </summary>
    public int MaxFrameSize { get; }

    /// <summary>Takes the next frame off the front of <paramref name="input"/>, if it is all there.</summary>
    /// <param name="input">The bytes not decoded yet. On success the frame's bytes are sliced off, at least one;
    /// otherwise it is unchanged.</param>
    /// <param name="frame">The frame; it may refer to the memory of <paramref name="input"/>.</param>
    /// <returns><see langword="false"/> if more bytes are needed.</returns>
    /// <exception cref="FrameTooLargeException">The frame is larger than <see cref="MaxFrameSize"/>; thrown as soon as that is certain.</exception>
    /// <exception cref="ProtocolException">The bytes are no frame.</exception>
    public abstract bool TryDecode(ref ReadOnlySequence<byte> input, [MaybeNullWhen(false)] out T frame);

    /// <summary>Decides what the bytes are that were left over when the stream ended.</summary>
    /// <remarks>
    /// Called after <see cref="TryDecode"/> has asked for more. A codec whose last frame may lack its delimiter overrides it.
    /// </remarks>
    /// <param name="input">The bytes left over, possibly none; sliced as by <see cref="TryDecode"/>.</param>
    /// <param name="frame">The last frame.</param>
    /// <returns><see langword="false"/> if there is no further frame.</returns>
    /// <exception cref="ProtocolException">The stream ended within a frame.</exception>
    public virtual bool TryDecodeEnd(ref ReadOnlySequence<byte> input, [MaybeNullWhen(false)] out T frame)
    {
        if (!input.IsEmpty)
            throw new ProtocolException($"The stream ended within a frame, after {input.Length} bytes of it.");
        frame = default;
        return false;
    }

    /// <summary>Writes one frame, with its delimiter or prefix.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="output">Where to; a frame that is refused has written nothing.</param>
    /// <exception cref="ArgumentException">The frame cannot be written so that the same frame is read: it is larger than
    /// <see cref="MaxFrameSize"/>, or contains the delimiter.</exception>
    public abstract void Encode(T frame, IBufferWriter<byte> output);
}
