namespace Sockeye;

/// <summary>What <see cref="Network.ListenAsync(Address, ListenerOptions?, CancellationToken)"/> can be told. What the address's own options say goes before.</summary>
public sealed record ListenerOptions : StreamOptions
{
    internal static readonly ListenerOptions Default = new();

    /// <summary>How many connections may wait to be accepted.</summary>
    public int Backlog { get; init; } = NetworkSocket.DefaultBacklog;

    /// <summary>The permissions of a Unix socket's file; null leaves them to the umask.</summary>
    public UnixFileMode? UnixFileMode { get; init; }

    /// <summary>Whether several listeners may share the port (SO_REUSEPORT).</summary>
    public bool ReusePort { get; init; }

    /// <summary>
    /// How long a peer may take over everything that comes before the first byte, together: the PROXY header that <c>?proxy=</c> asks for, TLS, and the
    /// WebSocket's request. From when it is first waited for, on the network's clock; then the connection is aborted. 10 s;
    /// <see cref="Timeout.InfiniteTimeSpan"/> waits for ever. A <see cref="Server"/> has <see cref="ServerOptions.HandshakeTimeout"/> besides: what ends first counts.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not positive, or over 24 days.</exception>
    public TimeSpan HandshakeTimeout
    {
        get;
        init
        {
            if (value != Timeout.InfiniteTimeSpan && (value <= TimeSpan.Zero || value.TotalMilliseconds > int.MaxValue))
                throw new ArgumentOutOfRangeException(nameof(value), value, "HandshakeTimeout is more than zero and up to 24 days, or infinite.");
            field = value;
        }
    } = TimeSpan.FromSeconds(10);

    /// <summary>Is told of the sockets that listen and of those they accept, beside the network's observer. Null for none.</summary>
    public SocketObserver? Observer { get; init; }

    /// <summary>
    /// Whether what is accepted is passed on to another, as a relay does it. Recorders then take whoever connects for the client of that other from the start, and not this
    /// program for the server, also where it comes to no connection behind it: it was refused, or there is no such name.
    /// </summary>
    public bool IsForRelay { get; init; }

    /// <summary>How to speak TLS: needed where the address asks for it.</summary>
    public TlsServerOptions? Tls { get; init; }

    /// <summary>The WebSocket's own, when listening at <c>ws://</c> or <c>wss://</c>.</summary>
    public WebSocketOptions WebSocket { get; init; } = WebSocketOptions.Default;
}
