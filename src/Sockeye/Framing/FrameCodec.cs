using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Sockeye;

/// <summary>Finds frames in a byte stream and writes them. Pure: it does no I/O and keeps no state between calls.</summary>
/// <remarks>
/// Instances are immutable and may be shared between connections and threads. Write your own by deriving: the stream
/// may be split anywhere, so <see cref="TryDecode(ref ReadOnlySequence{byte}, out T)"/> is called with more and more bytes
/// until it finds a whole frame.
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
    /// <param name="input">The bytes not decoded yet. On success the frame's bytes are sliced off, at least one. If more
    /// bytes are needed, those on the front that belong to no frame may be sliced off (the fill of an idle line), and nothing else.</param>
    /// <param name="frame">The frame; it may refer to the memory of <paramref name="input"/>.</param>
    /// <returns><see langword="false"/> if more bytes are needed.</returns>
    /// <exception cref="FrameTooLargeException">The frame is larger than <see cref="MaxFrameSize"/>; thrown as soon as that is certain.</exception>
    /// <exception cref="ProtocolException">The bytes are no frame.</exception>
    public abstract bool TryDecode(ref ReadOnlySequence<byte> input, [MaybeNullWhen(false)] out T frame);

    /// <summary>As <see cref="TryDecode(ref ReadOnlySequence{byte}, out T)"/>, told what it has already looked through.</summary>
    /// <remarks>
    /// A codec that searches for the frame's end overrides it to search the new bytes only; otherwise a long frame that comes
    /// byte by byte is searched from its beginning for each of them. What this does on its own is to forget the hint.
    /// </remarks>
    /// <param name="input">The bytes not decoded yet; sliced likewise.</param>
    /// <param name="searched">How many bytes on the front an earlier call was shown, and asked for more; 0 if there was none.</param>
    /// <param name="frame">The frame.</param>
    /// <returns><see langword="false"/> if more bytes are needed.</returns>
    /// <exception cref="FrameTooLargeException">The frame is larger than <see cref="MaxFrameSize"/>.</exception>
    /// <exception cref="ProtocolException">The bytes are no frame.</exception>
    public virtual bool TryDecode(ref ReadOnlySequence<byte> input, long searched, [MaybeNullWhen(false)] out T frame) =>
        TryDecode(ref input, out frame);

    /// <summary>Decides what the bytes are that were left over when the stream ended.</summary>
    /// <remarks>
    /// Called after <see cref="TryDecode(ref ReadOnlySequence{byte}, out T)"/> has asked for more. A codec whose last frame may lack its delimiter overrides it.
    /// </remarks>
    /// <param name="input">The bytes left over, possibly none; sliced as there.</param>
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

    /// <summary>As above, for codecs that find the end step by step and would else take each step again whenever more comes.</summary>
    /// <param name="input">The bytes not decoded yet; sliced likewise.</param>
    /// <param name="progress">What the codec left there when it asked for more; where it has, the front of <paramref name="input"/> is the same since.</param>
    /// <param name="frame">The frame.</param>
    internal virtual bool TryResume(ref ReadOnlySequence<byte> input, ref FrameProgress progress, [MaybeNullWhen(false)] out T frame) =>
        TryDecode(ref input, progress.Searched, out frame);

    /// <summary>Writes one frame, with its delimiter or prefix.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="output">Where to; a frame that is refused has written nothing.</param>
    /// <exception cref="ArgumentException">The frame cannot be written so that the same frame is read: it is larger than
    /// <see cref="MaxFrameSize"/>, or contains the delimiter.</exception>
    public abstract void Encode(T frame, IBufferWriter<byte> output);
}
