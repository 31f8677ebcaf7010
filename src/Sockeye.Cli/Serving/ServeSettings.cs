namespace Sockeye.Cli.Serving;

/// <summary>What the options of <c>sockeye serve</c> say.</summary>
internal sealed record ServeSettings
{
    public static readonly TimeSpan DrainTimeoutDefault = TimeSpan.FromSeconds(2);

    public int ConnectionLimit { get; init; } = ServerOptions.ConnectionLimitDefault;

    public int? ConnectionLimitPerAddress { get; init; }

    public TimeSpan? IdleTimeout { get; init; }

    public TimeSpan DrainTimeout { get; init; } = DrainTimeoutDefault;

    /// <summary>How to speak TLS; null where no address asks for it.</summary>
    public TlsServerOptions? Tls { get; init; }

    /// <summary>A WebSocket's own.</summary>
    public WebSocketOptions WebSocket { get; init; } = new();
}
