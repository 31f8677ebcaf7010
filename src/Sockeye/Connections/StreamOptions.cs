namespace Sockeye;

/// <summary>What every connection can be told, whichever side opened it.</summary>
public record StreamOptions
{
    /// <summary>The default of <see cref="InputBufferMax"/>: 16 MiB.</summary>
    public const int InputBufferMaxDefault = 16 * 1024 * 1024;

    /// <summary>The default of <see cref="OutputBufferMax"/>: 16 MiB.</summary>
    public const int OutputBufferMaxDefault = 16 * 1024 * 1024;

    internal static readonly StreamOptions Standard = new();

    /// <summary>
    /// The most bytes a reader may examine without consuming any, in bytes. Reading pulls: nothing more is received while the handler does
    /// not read, so the peer's sending stalls; this bounds a handler that asks for more and more. Over it, reading throws <see cref="ProtocolException"/>.
    /// </summary>
    public int InputBufferMax { get; init; } = InputBufferMaxDefault;

    /// <summary>
    /// The most bytes that may be written without flushing, in bytes. A flush waits until the network has taken all, so a slow peer slows the
    /// writer; this bounds a handler that never flushes. Over it, writing throws <see cref="InvalidOperationException"/>. One
    /// <see cref="System.IO.Pipelines.PipeWriter.WriteAsync"/> flushes and may be of any length: it is sent from where it is.
    /// </summary>
    public int OutputBufferMax { get; init; } = OutputBufferMaxDefault;

    /// <summary>
    /// How long <see cref="Connection.DisposeAsync"/> lets the peer take the last bytes and end its side before it closes anyway. 2 s.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, or over 24 days: a close that waits for ever is none.</exception>
    public TimeSpan LingerTimeout
    {
        get;
        init
        {
            if (value < TimeSpan.Zero || value.TotalMilliseconds > int.MaxValue)
                throw new ArgumentOutOfRangeException(nameof(value), value, "LingerTimeout is zero (do not linger) or up to 24 days.");
            field = value;
        }
    } = TimeSpan.FromSeconds(2);

    /// <summary>Whether small writes leave at once (TCP_NODELAY). True: a flush is meant.</summary>
    public bool NoDelay { get; init; } = true;

    /// <summary>The kernel's send buffer in bytes; null leaves the kernel's own tuning.</summary>
    public int? SendBufferSize { get; init; }

    /// <summary>The kernel's receive buffer in bytes; null leaves the kernel's own tuning.</summary>
    public int? ReceiveBufferSize { get; init; }
}
