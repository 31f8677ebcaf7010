using Sockeye.Hub.Domain;

namespace Sockeye.Hub.Gateways.Udp;

/// <summary>How far one client has been given a conversation.</summary>
internal sealed class UdpConversation(Conversation conversation, long last)
{
    public Conversation Conversation { get; } = conversation;

    /// <summary>The number of the last message that is sent, waits to be, or was counted as missed.</summary>
    public long Last { get; set; } = last;

    /// <summary>The greatest number that was heard of.</summary>
    public long Known { get; set; } = last;

    /// <summary>The number up to which the store was told that it is read.</summary>
    public long Marked { get; set; } = last;

    /// <summary>Whether the store is asked for what is missing just now.</summary>
    public bool IsFetching { get; set; }
}
