namespace Sockeye.Hub.Domain;

/// <summary>What every hub on the bus hears, the one that tells it too, in one order for each conversation.</summary>
internal abstract record BusEvent
{
    private BusEvent()
    {
    }

    /// <summary>Something was said, and is on disk.</summary>
    /// <param name="Message">What was said.</param>
    /// <param name="Client">Who of this hub said it, and has its receipt instead; null on all other hubs.</param>
    public sealed record Posted(Message Message, IChatClient? Client) : BusEvent;

    /// <summary>A member is in a room, by way of one hub.</summary>
    public sealed record Entered(HubId Hub, Conversation Room, Person Who) : BusEvent;

    /// <summary>A member is no longer in a room by way of one hub.</summary>
    public sealed record LeftRoom(HubId Hub, Conversation Room, Member Who) : BusEvent;

    /// <summary>A member of one hub is here, has another name, is away or back.</summary>
    public sealed record Changed(HubId Hub, Person Who) : BusEvent;

    /// <summary>A member is no longer here by way of one hub.</summary>
    public sealed record Gone(HubId Hub, Member Who) : BusEvent;

    /// <summary>A hub is no longer there, and with it all whose presence it owned.</summary>
    public sealed record HubGone(HubId Hub) : BusEvent;

    /// <summary>A member has read a conversation up to a number.</summary>
    /// <param name="Who">Who.</param>
    /// <param name="Where">Where.</param>
    /// <param name="Number">Up to which number.</param>
    /// <param name="Client">By way of which client of this hub; null on all other hubs.</param>
    public sealed record HasRead(MemberId Who, ConversationId Where, long Number, IChatClient? Client) : BusEvent;

    /// <summary>Somebody is writing.</summary>
    public sealed record Typing(Conversation Where, Member Who) : BusEvent;

    /// <summary>Somebody is writing to one person.</summary>
    public sealed record TypingTo(MemberId To, Member Who) : BusEvent;
}
