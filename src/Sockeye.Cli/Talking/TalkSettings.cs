using Sockeye.Cli.Talking.Formats;

namespace Sockeye.Cli.Talking;

/// <summary>What the options of <c>sockeye listen</c> and <c>sockeye connect</c> say.</summary>
internal sealed record TalkSettings
{
    public static readonly TimeSpan ReplyWaitDefault = TimeSpan.FromSeconds(1);

    /// <summary>A process and two threads each.</summary>
    public const int ConnectionLimitDefault = 64;

    /// <summary>How long connecting, or waiting for a client, may take; null as long as it likes.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How long nothing may move in either direction; null as long as it likes.</summary>
    public TimeSpan? Idle { get; init; }

    /// <summary>How long one direction may go on after the other has ended; null as long as it likes.</summary>
    public TimeSpan? Linger { get; init; }

    /// <summary>How bytes are typed and shown.</summary>
    public TalkFormat Format { get; init; } = new();

    /// <summary>How long answers to datagrams are waited for after the end of the input; of a WebSocket's messages, before it is closed.</summary>
    public TimeSpan ReplyWait { get; init; } = ReplyWaitDefault;

    /// <summary>The command that each client is given; null gives it the standard streams.</summary>
    public string? Command { get; init; }

    /// <summary>How many clients are given the command at a time.</summary>
    public int ConnectionLimit { get; init; } = ConnectionLimitDefault;

    /// <summary>Whether standard input is left alone.</summary>
    public bool NoStdin { get; init; }

    /// <summary>How to speak TLS as a client; null verifies the server as usual.</summary>
    public TlsClientOptions? ClientTls { get; init; }

    /// <summary>How to speak TLS as a server; null where the address does not ask for it.</summary>
    public TlsServerOptions? ServerTls { get; init; }

    /// <summary>A WebSocket's own.</summary>
    public WebSocketOptions WebSocket { get; init; } = new();

    /// <summary>Whether the next client is served after this one.</summary>
    public bool KeepOpen { get; init; }
}
