using Sockeye.Hub.Domain;

namespace Sockeye.Hub.Gateways.Text;

/// <summary>How far one client has been shown a conversation. Written by the hub's loop only.</summary>
internal sealed class ConversationCursor(Conversation conversation, long last)
{
    private long _last = last;

    public Conversation Conversation { get; } = conversation;

    public ConversationCursor? Next { get; init; }

    /// <summary>The number of the last message that it was shown.</summary>
    public long Last
    {
        get => Volatile.Read(ref _last);
        set => Volatile.Write(ref _last, value);
    }

    /// <summary>The greatest number that was heard of; what lies between is to be fetched.</summary>
    public long Known { get; set; }

    /// <summary>Whether the store is asked for what is missing just now.</summary>
    public bool IsFetching { get; set; }

    public bool IsBehind => Known > Last;
}
