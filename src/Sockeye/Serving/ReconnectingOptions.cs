namespace Sockeye;

/// <summary>What a <see cref="ReconnectingClient"/> can be told.</summary>
public sealed record ReconnectingOptions
{
    internal static readonly ReconnectingOptions Default = new();

    /// <summary>The ceiling of the first wait; it doubles with each failure. 500 ms, from 1 ms to <see cref="BackoffMax"/>.</summary>
    public TimeSpan BackoffMin { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The ceiling of every wait, however many attempts have failed. 30 s, up to 24 days.</summary>
    public TimeSpan BackoffMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a connection must have lasted, after <see cref="OnConnected"/>, before the waits begin anew and <see cref="GiveUpAfter"/> counts from
    /// its end. A server that accepts and closes at once is no better than one that refuses. 10 s, zero for at once.
    /// </summary>
    public TimeSpan GoodAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long there may be no good connection before the client gives up, up to 24 days; null: it never does. An attempt under way is ended by it too,
    /// and a wait that would be longer than what is left is not begun.
    /// </summary>
    public TimeSpan? GiveUpAfter { get; init; }

    /// <summary>How to connect.</summary>
    public ConnectorOptions? Connecting { get; init; }

    /// <summary>Where the random part of a wait comes from, for runs that can be repeated; null: a stream of its own for each run.</summary>
    public Random? Random { get; init; }

    /// <summary>
    /// Run on each connection before its handler, to subscribe again or log in again. Its failure counts as a failed attempt. Its token fires when the
    /// client shall stop, or <see cref="GiveUpAfter"/> has passed.
    /// </summary>
    public Func<Connection, CancellationToken, ValueTask>? OnConnected { get; init; }

    /// <summary>Told when a connection that was handed to the handler has ended, and is closed; null: in order.</summary>
    public Action<Exception?>? OnLost { get; init; }

    /// <summary>
    /// Told before each wait how long it is, how many attempts in a row have failed, and the last one's error; null when the connection ended in order.
    /// </summary>
    public Action<TimeSpan, int, Exception?>? OnWaiting { get; init; }

    /// <summary>
    /// Whether an error cannot pass by itself, so that the client ends with it. By default these may pass: <see cref="System.Net.Sockets.SocketException"/>
    /// (but not of a family, a protocol or a kind of socket that this machine does not have), <see cref="IOException"/>, <see cref="ProtocolException"/>,
    /// <see cref="TimeoutException"/> and <see cref="OperationCanceledException"/>; and all others are final: a certificate that is refused, a scheme that
    /// is unknown, a fault in the handler.
    /// </summary>
    public Func<Exception, bool>? IsFinal { get; init; }
}
