namespace Sockeye;

/// <summary>What <see cref="Network.ConnectAsync(Address, ConnectorOptions?, CancellationToken)"/> can be told.</summary>
public sealed record ConnectorOptions : StreamOptions
{
    internal static readonly ConnectorOptions Default = new();

    /// <summary>How long connecting may take over all addresses, resolving included; null leaves it to the network.</summary>
    public TimeSpan? ConnectTimeout { get; init; }

    /// <summary>
    /// Is told of this connect and of the sockets it makes, beside the network's observer: how the name was resolved, every address that was tried, and the life of the
    /// connection. Null for none.
    /// </summary>
    public SocketObserver? Observer { get; init; }

    /// <summary>
    /// For which connection this one is made, as a relay does it: observers are told (<see cref="SocketObserver.Joined"/>), so that both appear as one
    /// conversation. Null for none.
    /// </summary>
    public Connection? OnBehalfOf { get; init; }

    /// <summary>How long one address may keep the next waiting: the Connection Attempt Delay of RFC 8305, section 5. 250 ms.</summary>
    public TimeSpan AttemptDelay { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// For whom this connects, for an address with <c>?proxy=v1</c> or <c>?proxy=v2</c>: it is sent before anything else. Null says that the proxy
    /// connects for itself. Without that option nothing is sent.
    /// </summary>
    public ProxyHeader? ProxyHeader { get; init; }

    /// <summary>How to speak TLS, where the address asks for it; null verifies the server as usual.</summary>
    public TlsClientOptions? Tls { get; init; }

    /// <summary>The WebSocket's own, when connecting with <c>ws://</c> or <c>wss://</c>.</summary>
    public WebSocketOptions WebSocket { get; init; } = WebSocketOptions.Default;
}
