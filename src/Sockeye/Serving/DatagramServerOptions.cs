namespace Sockeye;

/// <summary>What a <see cref="DatagramServer"/> can be told.</summary>
public sealed record DatagramServerOptions
{
    internal static readonly DatagramServerOptions Default = new();

    /// <summary>
    /// The most handlers at work at a time. While as many are, no more is received, and what does not fit the kernel's buffer is lost, as datagrams
    /// may be. 64; with 1 they are served in order.
    /// </summary>
    public int ConcurrencyMax { get; init; } = 64;

    /// <summary>The longest datagram in bytes; a longer one is cut. 65,535.</summary>
    public int DatagramSizeMax { get; init; } = 65_535;

    /// <summary>
    /// How long handlers have to end after stopping began, before the socket is closed under them: 10 s, up to 49 days, zero for at once;
    /// <see cref="Timeout.InfiniteTimeSpan"/> waits for ever.
    /// </summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Asked before a datagram is served; false or an exception drops it. It is asked where receiving goes on, so it must not wait.</summary>
    public Func<ServedDatagram, bool>? Verify { get; init; }

    /// <summary>
    /// Told of an exception of a handler or of <see cref="Verify"/>, with its datagram, or of an error that an earlier send left on the socket.
    /// What it throws itself is dropped.
    /// </summary>
    public Action<ServedDatagram?, Exception>? OnError { get; init; }
}
