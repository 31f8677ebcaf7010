using Sockeye.Hub.Domain;
using Sockeye.Hub.Running;

namespace Sockeye.Hub.Gateways.Text;

/// <summary>What all clients of the plain-text door share.</summary>
internal sealed class TextDoor(GatewayContext context)
{
    /// <summary>How many messages of a room are shown to who comes into it.</summary>
    public const int HistoryShown = 20;

    /// <summary>How many messages one client may have said that are not kept yet. They are kept together, and leave in one send for each who reads them.</summary>
    public const int UnansweredMax = 200;

    /// <summary>How many missed messages are shown to who was slow or away; older ones are only counted.</summary>
    public const int CaughtUpMax = 200;

    /// <summary>How many messages are read from the store at a time.</summary>
    public const int PageMessages = 100;

    /// <summary>A line so long, in bytes, is no line any more.</summary>
    public const int EndlessLineBytesMax = 1024 * 1024;

    /// <summary>How many wrong passwords a client may say.</summary>
    public const int PasswordTriesMax = 3;

    /// <summary>How many connections beyond the limit are told so at a time; more are closed without a word.</summary>
    public const int RefusalsMax = 100;

    /// <summary>The longest command before what is said.</summary>
    private const int CommandBytesMax = 256;

    /// <summary>How long a client that may be a browser is not greeted.</summary>
    public static readonly TimeSpan GreetingDelay = TimeSpan.FromMilliseconds(200);

    /// <summary>How long a TLS handshake may take.</summary>
    public static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);

    /// <summary>How often it is told that somebody came without TLS to a door that has it.</summary>
    public static readonly Rate PlainClientNotices = new(Burst: 3, PerSecond: 1 / 600.0);

    /// <summary>How long a client may be connected without a name.</summary>
    public static readonly TimeSpan NamelessTimeout = TimeSpan.FromMinutes(2);

    /// <summary>How long after the history could not be read it is tried again.</summary>
    public static readonly TimeSpan HistoryRetryDelay = TimeSpan.FromSeconds(3);

    /// <summary>How often it is noted up to where one who says something has read; of one who only reads, when it goes.</summary>
    public static readonly TimeSpan MarkReadInterval = TimeSpan.FromSeconds(10);

    /// <summary>How long one that goes has to take what waits for it.</summary>
    public static readonly TimeSpan FarewellTimeout = TimeSpan.FromSeconds(2);

    /// <summary>How long a connection is silent before the system asks whether its peer is still there.</summary>
    public static readonly TimeSpan KeepAliveTime = TimeSpan.FromMinutes(5);

    public HubLoop Loop => context.Loop;

    public TimeProvider Time => context.Network.TimeProvider;

    public ChatLimits Limits => context.Limits;

    public string? PageAddress => context.PageAddress;

    public TextDialects Dialects { get; } = new(context.Network.TimeProvider);

    public int LineBytesMax { get; } = context.Limits.MessageBytesMax + CommandBytesMax;

    public OutboxSharing Outboxes { get; } = new(context.Options.QueueMessagesMax, context.Options.QueueBytesMax);

    /// <summary>
    /// How fast lines are taken: so much below what the chat allows that it never refuses one, even if all that may be under way arrives at once.
    /// </summary>
    public Rate Pace { get; } = context.Limits.PerClient with { Burst = Math.Max(1, context.Limits.PerClient.Burst - UnansweredMax) };
}
