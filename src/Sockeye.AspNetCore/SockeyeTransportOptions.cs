namespace Sockeye;

/// <summary>What Kestrel's transport on a network of Sockeye can be told.</summary>
public sealed class SockeyeTransportOptions
{
    /// <summary>The default of <see cref="ReadAheadMax"/>: 1 MiB.</summary>
    public const int ReadAheadMaxDefault = 1024 * 1024;

    /// <summary>The <see cref="StreamOptions.OutputBufferMax"/> of <see cref="Listener"/> unless set: 1 GiB.</summary>
    public const int OutputBufferMaxDefault = 1024 * 1024 * 1024;

    /// <summary>
    /// How connections are listened for and accepted: backlog, buffers, how long a close lingers, who observes, and the server's side of TLS for addresses that ask
    /// for it. An application may write much before it flushes, so the limit of that is <see cref="OutputBufferMaxDefault"/> here.
    /// </summary>
    public ListenerOptions Listener { get; set; } = new() { OutputBufferMax = OutputBufferMaxDefault };

    /// <summary>
    /// How many bytes of each connection are read before the application asks for them, so that a client's leaving is noticed behind them. Beyond it the
    /// client waits. In bytes, at least 1, and below <see cref="StreamOptions.InputBufferMax"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not positive.</exception>
    public int ReadAheadMax
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            field = value;
        }
    } = ReadAheadMaxDefault;

    /// <summary>
    /// Whether the application's code runs where the network's calls resume, on its reactor if it has one, and not always on the thread pool. Faster for
    /// applications that never block a thread; one that does holds up every connection of that reactor. False.
    /// </summary>
    public bool RunsInline { get; set; }

    /// <summary>How long accepting pauses when the machine has run out of descriptors or memory, on the network's clock. 100 ms.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not positive, or over 24 days.</exception>
    public TimeSpan AcceptBackoff
    {
        get;
        set
        {
            if (value <= TimeSpan.Zero || value.TotalMilliseconds > int.MaxValue)
                throw new ArgumentOutOfRangeException(nameof(value), value, "AcceptBackoff is more than zero and up to 24 days.");
            field = value;
        }
    } = TimeSpan.FromMilliseconds(100);
}
