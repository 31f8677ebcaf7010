using System.Net.WebSockets;

namespace Sockeye;

/// <summary>What a WebSocket's side can be told: RFC 6455, and permessage-deflate, RFC 7692.</summary>
public sealed record WebSocketOptions
{
    /// <summary>The default of <see cref="MessageSizeMax"/>: 16 MiB.</summary>
    public const int MessageSizeMaxDefault = 16 * 1024 * 1024;

    /// <summary>The default of <see cref="HandshakeSizeMax"/>: 16 KiB.</summary>
    public const int HandshakeSizeMaxDefault = 16 * 1024;

    /// <summary>The default of <see cref="KeepAliveTimeout"/>: 20 s.</summary>
    public static readonly TimeSpan KeepAliveTimeoutDefault = TimeSpan.FromSeconds(20);

    internal static readonly WebSocketOptions Default = new();

    /// <summary>The longest time of a timer.</summary>
    private static readonly TimeSpan TimeMax = TimeSpan.FromDays(24);

    private static readonly string[] HeadersOfTheHandshake =
    [
        "Host", "Upgrade", "Connection", "Sec-WebSocket-Key", "Sec-WebSocket-Accept", "Sec-WebSocket-Version", "Sec-WebSocket-Protocol",
        "Sec-WebSocket-Extensions", "Content-Length", "Transfer-Encoding",
    ];

    /// <summary>The subprotocols: a client offers them, a server takes the first of its own that the client offers.</summary>
    /// <exception cref="ArgumentException">One is no token of HTTP, or there twice.</exception>
    public IReadOnlyList<string> SubProtocols
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            if (value.FirstOrDefault(name => !HttpHead.IsToken(name)) is { } wrong)
                throw new ArgumentException($"{Display.Quote(wrong)} is no subprotocol: it has letters, digits and !#$%&'*+-.^_`|~ only.", nameof(value));
            if (value.Distinct().Count() != value.Count)
                throw new ArgumentException("A subprotocol is named twice.", nameof(value));
            field = value;
        }
    } = [];

    /// <summary>Further headers of the request, or of a server's answer that agrees.</summary>
    /// <exception cref="ArgumentException">One is the handshake's own, or holds what no header may.</exception>
    public IReadOnlyDictionary<string, string> Headers
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            foreach ((string name, string text) in value)
            {
                if (!HttpHead.IsToken(name) || !HttpHead.IsValue(text))
                    throw new ArgumentException($"{Display.Quote($"{name}: {text}")} is no HTTP header.", nameof(value));
                if (HeadersOfTheHandshake.Contains(name, StringComparer.OrdinalIgnoreCase))
                    throw new ArgumentException($"{name} is the handshake's own header.", nameof(value));
            }

            field = value;
        }
    } = new Dictionary<string, string>();

    /// <summary>
    /// A server's choice which pages may connect, given the Origin header, null when there is none: programs other than browsers need not send it. Null
    /// lets all in. A server that trusts a browser's cookies or its place in the network must ask (RFC 6455, section 10.2). Refused ones get a 403.
    /// </summary>
    public Func<string?, bool>? AcceptOrigin { get; init; }

    /// <summary>
    /// The largest message that <see cref="WebSocketConnection.ReceiveAsync"/> takes, in bytes, after decompression. One byte more closes
    /// the connection with 1009 and throws <see cref="FrameTooLargeException"/>. Read as a stream (<see cref="Connection.Input"/>), messages have no limit: they pass through.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not positive.</exception>
    public int MessageSizeMax
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            field = value;
        }
    } = MessageSizeMaxDefault;

    /// <summary>The most bytes of the peer's part of the opening handshake: its start line and headers. A larger one is refused.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 256 bytes, which hold no handshake.</exception>
    public int HandshakeSizeMax
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 256);
            field = value;
        }
    } = HandshakeSizeMaxDefault;

    /// <summary>
    /// Compresses messages by permessage-deflate where the peer agrees; null never does. Null: a compressor that remembers takes some 256 KiB
    /// a connection, and a secret compressed beside what an attacker chose can be guessed from the length (the CRIME attack).
    /// </summary>
    public WebSocketDeflateOptions? Deflate { get; init; }

    /// <summary>
    /// Whether what is written as a stream (<see cref="Connection.Output"/>) goes as text messages instead of binary ones. The bytes must then be UTF-8; a
    /// flush within a character sends it up to there and leaves its message open.
    /// </summary>
    public bool StreamsText { get; init; }

    /// <summary>How long a peer may be silent before it is pinged, so that it, and what is in between, keeps the connection; null never pings.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not positive, or more than 24 days.</exception>
    public TimeSpan? KeepAliveInterval
    {
        get;
        init
        {
            if (value is { } interval)
                ThrowIfNoTime(interval);
            field = value;
        }
    }

    /// <summary>
    /// How long a peer that was pinged may stay silent; then the connection is aborted, and reads throw <see cref="SocketTimeoutException"/>. Anything that comes
    /// will do. Time in which nobody reads does not count: pongs would not be seen. 20 s.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not positive, or more than 24 days.</exception>
    public TimeSpan KeepAliveTimeout
    {
        get;
        init
        {
            ThrowIfNoTime(value);
            field = value;
        }
    } = KeepAliveTimeoutDefault;

    private static void ThrowIfNoTime(TimeSpan value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeMax);
    }
}
