namespace Sockeye;

/// <summary>What <see cref="Network.ConnectAsync(Address, ConnectorOptions?, CancellationToken)"/> can be told.</summary>
public sealed record ConnectorOptions : StreamOptions
{
    internal static readonly ConnectorOptions Default = new();

    /// <summary>How long connecting may take over all addresses, resolving included; null leaves it to the network.</summary>
    public TimeSpan? ConnectTimeout { get; init; }

    /// <summary>How long one address may keep the next waiting: the Connection Attempt Delay of RFC 8305, section 5. 250 ms.</summary>
    public TimeSpan AttemptDelay { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The WebSocket's own, when connecting with <c>ws://</c> or <c>wss://</c>.</summary>
    public WebSocketOptions WebSocket { get; init; } = WebSocketOptions.Default;
}
