namespace Sockeye;

/// <summary>What a <see cref="Server"/> can be told.</summary>
public sealed record ServerOptions
{
    /// <summary>The default of <see cref="ConnectionLimit"/>.</summary>
    public const int ConnectionLimitDefault = 50_000;

    internal static readonly ServerOptions Default = new();

    /// <summary>The most connections served at a time. One more is accepted and closed at once, never left in silence. 50,000.</summary>
    public int ConnectionLimit { get; init; } = ConnectionLimitDefault;

    /// <summary>
    /// The most connections served at a time from one IP address; IPv6 counts by /64, which one peer commonly owns whole. Null: no such limit.
    /// Unix peers are not counted. Behind a proxy (<c>?proxy=</c> on the address) its clients count, each after its handshake, and the proxy does not.
    /// </summary>
    public int? ConnectionLimitPerAddress { get; init; }

    /// <summary>
    /// How long a connection may send and receive nothing before it is aborted; looked at four times as often, so it may last a quarter longer.
    /// 1 ms to 49 days; null: for ever.
    /// </summary>
    public TimeSpan? IdleTimeout { get; init; }

    /// <summary>
    /// How long a peer may take over the handshake of TLS or the like, from accepting on, before its connection is aborted; looked at four times as often.
    /// The handler runs once it is done. 10 s; 1 ms to 49 days.
    /// </summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long handlers have to end after stopping began, before their connections are aborted: 10 s, up to 49 days, zero for at once;
    /// <see cref="Timeout.InfiniteTimeSpan"/> waits for ever.
    /// </summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long accepting pauses when descriptors have run out, before it tries again. 100 ms, at least 1 ms.</summary>
    public TimeSpan AcceptBackoff { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Asked before a connection is served and shakes hands, so of a proxy (<c>?proxy=</c>) it sees the proxy; false or an exception refuses it. It runs beside other connections, never in their way, and its
    /// connection counts towards the limits meanwhile. Its token fires when the server begins to drain.
    /// </summary>
    public Func<Connection, CancellationToken, ValueTask<bool>>? Verify { get; init; }

    /// <summary>
    /// Run every <see cref="ServiceInterval"/> until draining begins, one at a time; the server waits for one under way. Its token fires when
    /// the server shall stop. An exception of it goes to <see cref="OnError"/>.
    /// </summary>
    public Func<CancellationToken, ValueTask>? ServiceAction { get; init; }

    /// <summary>How often <see cref="ServiceAction"/> runs. 1 s, at least 1 ms.</summary>
    public TimeSpan ServiceInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Wrap the handler, the first outermost.</summary>
    public IReadOnlyList<Middleware> Middleware { get; init; } = [];

    /// <summary>Told of each connection before its handler runs, and after its handshake: behind a proxy its end points are those of the proxy's client.</summary>
    public Action<Connection>? OnServing { get; init; }

    /// <summary>
    /// Told how each served connection ended, when it is closed and its slot free; the exception is the handler's, if it threw. A connection that
    /// was aborted while it was verified, or failed to shake hands, is told of too.
    /// </summary>
    public Action<Connection, EndReason, Exception?>? OnEnded { get; init; }

    /// <summary>Told of each connection that was closed at once, before it is closed.</summary>
    public Action<Connection, RefusalReason>? OnRefused { get; init; }

    /// <summary>Told when accepting failed and pauses: as a rule descriptors have run out.</summary>
    public Action<Listener, Exception>? OnAcceptError { get; init; }

    /// <summary>
    /// Told of an exception of <see cref="Verify"/>, of <see cref="ServiceAction"/>, of a callback, of what a program hung on a token, of
    /// disposing a listener: the server counts it and goes on. What a handler throws goes to <see cref="OnEnded"/>.
    /// </summary>
    public Action<Exception>? OnError { get; init; }
}
