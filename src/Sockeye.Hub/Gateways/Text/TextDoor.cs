using System.Net;
using Sockeye.Hub.Domain;
using Sockeye.Hub.Running;

namespace Sockeye.Hub.Gateways.Text;

/// <summary>What all clients of the plain-text door share.</summary>
internal sealed class TextDoor(GatewayContext context)
{
    /// <summary>How many connections beyond the limit are told so at a time; more are closed without a word.</summary>
    public const int RefusalsMax = 100;

    /// <summary>How long a TLS handshake may take.</summary>
    public static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);

    /// <summary>How often it is told that somebody came without TLS to a door that has it.</summary>
    public static readonly Rate PlainClientNotices = new(Burst: 3, PerSecond: 1 / 600.0);

    /// <summary>How often it is noted up to where one who says something has read; of one who only reads, when it goes.</summary>
    public static readonly TimeSpan MarkReadInterval = TimeSpan.FromSeconds(10);

    public HubLoop Loop => context.Loop;

    public TimeProvider Time => context.Network.TimeProvider;

    public TextLimits Limits { get; } = context.Options.Limits.Text;

    public ChatLimits ChatLimits { get; } = context.Options.Limits.Chat;

    /// <inheritdoc cref="GatewayContext.PageAddressAt"/>
    public string? PageAddressAt(EndPoint? local) => context.PageAddressAt(local);

    public TextDialects Dialects { get; } = new(context.Network.TimeProvider);

    public int LineBytesMax { get; } = context.Options.Limits.Chat.MessageBytesMax + context.Options.Limits.Text.CommandBytesMax;

    public OutboxSharing Outboxes { get; } = new(context.Options.QueueMessagesMax, context.Options.QueueBytesMax);

    /// <summary>
    /// How fast lines are taken: so much below what the chat allows that it never refuses one, even if all that may be under way arrives at once.
    /// </summary>
    public Rate Pace { get; } = PaceOf(context.Options.Limits);

    private static Rate PaceOf(HubLimits limits) => limits.Chat.PerClient with { Burst = Math.Max(1, limits.Chat.PerClient.Burst - limits.Text.UnansweredMax) };
}
