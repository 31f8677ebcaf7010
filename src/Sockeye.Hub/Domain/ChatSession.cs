namespace Sockeye.Hub.Domain;

/// <summary>What the chat keeps of a client.</summary>
internal sealed class ChatSession(IChatClient client, long number)
{
    /// <summary>The bucket of <see cref="ChatLimits.PerClient"/>.</summary>
    public TokenBucket Said;

    public IChatClient Client { get; } = client;

    /// <summary>1, 2, 3, … in the order the clients came.</summary>
    public long Number { get; } = number;

    /// <summary>Who it is; null before it has a name.</summary>
    public Member? Member { get; set; }

    /// <summary>The name that the store is asked about just now, as it is compared.</summary>
    public string? NameAsked { get; set; }

    /// <summary>The rooms it is in, and where it stands in each one's list of clients.</summary>
    public List<(Room Room, int Index)> Rooms { get; } = new(1);

    /// <summary>When it last said that it was writing.</summary>
    public DateTimeOffset TypedAt { get; set; }

    /// <summary>Those with whom its member has one-to-one conversations, if it is told of them; null: it is told of nobody.</summary>
    public HashSet<MemberId>? Partners { get; set; }

    public int PlaceOf(Room room) => Rooms.FindIndex(entry => entry.Room == room);
}
