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
    /// How long a peer has to send the PROXY header that <c>?proxy=</c> asks for, from when it is first waited for; then the connection is aborted. 10 s;
    /// <see cref="Timeout.InfiniteTimeSpan"/> waits for ever.
    /// </summary>
    public TimeSpan ProxyHeaderTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How to speak TLS: needed where the address asks for it.</summary>
    public TlsServerOptions? Tls { get; init; }

    /// <summary>The WebSocket's own, when listening at <c>ws://</c> or <c>wss://</c>.</summary>
    public WebSocketOptions WebSocket { get; init; } = WebSocketOptions.Default;
}
