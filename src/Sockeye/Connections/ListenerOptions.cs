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

    /// <summary>The WebSocket's own, when listening at <c>ws://</c> or <c>wss://</c>.</summary>
    public WebSocketOptions WebSocket { get; init; } = WebSocketOptions.Default;
}
