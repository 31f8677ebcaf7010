namespace Sockeye;

/// <summary>The peer's frame is larger than the codec allows. It is thrown before anything is allocated for the frame.</summary>
public sealed class FrameTooLargeException : ProtocolException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="limit">The codec's limit, in bytes.</param>
    /// <param name="size">The frame's size in bytes, or <see langword="null"/> where it is not known or no <see cref="long"/>.</param>
    public FrameTooLargeException(int limit, long? size = null)
        : base(size is null ? $"A frame is larger than the limit of {limit} bytes." : $"A frame of {size} bytes is larger than the limit of {limit} bytes.")
    {
        Limit = limit;
        Size = size;
    }

    internal FrameTooLargeException(string message, int limit)
        : base(message) => Limit = limit;

    /// <summary>The codec's limit, in bytes: its <see cref="FrameCodec{T}.MaxFrameSize"/>; of a WebSocket's messages, <see cref="WebSocketOptions.MessageSizeMax"/>.</summary>
    public int Limit { get; }

    /// <summary>
    /// The frame's size in bytes if the peer announced it; <see langword="null"/> where only its end would tell, as for a line.
    /// </summary>
    public long? Size { get; }
}
