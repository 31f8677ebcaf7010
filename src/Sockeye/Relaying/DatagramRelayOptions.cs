namespace Sockeye;

/// <summary>What a <see cref="DatagramRelay"/> can be told.</summary>
public sealed record DatagramRelayOptions
{
    /// <summary>The default of <see cref="SessionLimit"/>.</summary>
    public const int SessionLimitDefault = 1024;

    internal static readonly DatagramRelayOptions Default = new();

    /// <summary>
    /// The most senders that are kept apart at a time, each with a socket of its own to the target. One more takes the place of the one that has been quiet
    /// the longest. 1,024.
    /// </summary>
    public int SessionLimit { get; init; } = SessionLimitDefault;

    /// <summary>
    /// How long a session may be without a datagram either way before it ends; looked at four times as often, so it may last a quarter longer. 60 s,
    /// 1 ms to 49 days.
    /// </summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>What goes wrong with the datagrams of every session; null for nothing.</summary>
    public FaultControl? Faults { get; init; }

    /// <summary>
    /// Is told of the sockets towards the target, beside the network's observer, and for which sender each is (<see cref="SocketObserver.Joined"/>). The senders'
    /// own socket is observed by <see cref="DatagramSocket.Observe"/>. Null for none.
    /// </summary>
    public SocketObserver? Observer { get; init; }

    /// <summary>Told of each session that begins.</summary>
    public Action<DatagramSession>? OnOpened { get; init; }

    /// <summary>Told of each session that has ended, and why. What it throws is dropped.</summary>
    public Action<DatagramSession, DatagramSessionEnd>? OnEnded { get; init; }

    /// <summary>
    /// Told of what could not be passed on, with its session if there is one: the target refuses, a datagram is too long, a reader is too slow. The relay
    /// goes on. What it throws is dropped.
    /// </summary>
    public Action<DatagramSession?, Exception>? OnError { get; init; }
}
