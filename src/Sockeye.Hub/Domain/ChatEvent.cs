namespace Sockeye.Hub.Domain;

/// <summary>What a client is shown.</summary>
internal abstract record ChatEvent
{
    private ChatEvent()
    {
    }

    /// <summary>The client has a name now, and these are its conversations.</summary>
    public sealed record Named(Member Member, IReadOnlyList<ConversationView> Conversations) : ChatEvent;

    /// <summary>Something was said: after it is on disk.</summary>
    public sealed record Posted(Message Message) : ChatEvent;

    /// <summary>What this client said is on disk.</summary>
    /// <param name="Message">What it became.</param>
    /// <param name="Key">The client's own number for it.</param>
    /// <param name="IsRepeated">It had been said before under this key.</param>
    public sealed record Accepted(Message Message, string? Key, bool IsRepeated) : ChatEvent;

    /// <summary>What the client asked for is not done.</summary>
    /// <param name="Refusal">Why, and what to do.</param>
    /// <param name="Key">The number of the message that was refused, if it was one and had one.</param>
    /// <param name="Tag">What came with the question, if it was for history.</param>
    public sealed record Refused(Refusal Refusal, string? Key = null, object? Tag = null) : ChatEvent;

    /// <summary>The client has the other name that it asked for.</summary>
    public sealed record Renamed(Member Member) : ChatEvent;

    /// <summary>The client is in a room now.</summary>
    public sealed record Joined(ConversationView Room, PeopleView Here) : ChatEvent;

    /// <summary>The client is no longer in a room.</summary>
    public sealed record Left(Conversation Room) : ChatEvent;

    /// <summary>Somebody came into a room; not told in rooms with many people.</summary>
    public sealed record SomebodyEntered(Conversation Room, Member Who) : ChatEvent;

    /// <summary>Somebody went out of a room; not told in rooms with many people.</summary>
    public sealed record SomebodyLeft(Conversation Room, Member Who) : ChatEvent;

    /// <summary>Somebody has another name, is away or back, keeps the name by a password or owns the hub; told once to each who shares a room.</summary>
    /// <param name="Who">As they are now.</param>
    /// <param name="FormerName">Their name before; null: it is the same.</param>
    /// <param name="IsAwayChanged">Whether they went away or came back, or have another reason for it.</param>
    public sealed record SomebodyChanged(Person Who, string? FormerName, bool IsAwayChanged) : ChatEvent;

    /// <summary>Somebody with whom the client's member has a one-to-one conversation is here, in whatever rooms, is away or back, or has gone.</summary>
    /// <param name="Who">As they are now, or were last.</param>
    /// <param name="IsHere">Whether they are here.</param>
    public sealed record PartnerChanged(Person Who, bool IsHere) : ChatEvent;

    /// <summary>The client's member has read a conversation up to a number by way of another client.</summary>
    public sealed record ReadElsewhere(ConversationId Where, long Number) : ChatEvent;

    /// <summary>Somebody is writing.</summary>
    public sealed record SomebodyTypes(Conversation Where, Member Who) : ChatEvent;

    /// <summary>Somebody is writing to this client's member.</summary>
    public sealed record SomebodyTypesToYou(Member Who) : ChatEvent;

    /// <summary>The rooms there are.</summary>
    public sealed record Rooms(IReadOnlyList<RoomView> List) : ChatEvent;

    /// <summary>Who is here.</summary>
    public sealed record People(PeopleView List) : ChatEvent;

    /// <summary>Which clients there are, as far as they are this client's business.</summary>
    /// <param name="List">The first of them, in the order they came.</param>
    /// <param name="Count">How many there are.</param>
    /// <param name="Number">The one that was asked for; null: all were.</param>
    public sealed record Clients(IReadOnlyList<ClientView> List, int Count, long? Number) : ChatEvent;

    /// <summary>What was said, oldest first.</summary>
    /// <param name="Where">Where.</param>
    /// <param name="Messages">Oldest first.</param>
    /// <param name="HasMore">There is more in the direction that was asked for.</param>
    /// <param name="Tag">What came with the question.</param>
    public sealed record History(Conversation Where, IReadOnlyList<Message> Messages, bool HasMore, object? Tag) : ChatEvent;

    /// <summary>The conversation with a member.</summary>
    public sealed record DirectOpened(ConversationView Conversation) : ChatEvent;

    /// <summary>The client's member is away by what the client asked, or is back.</summary>
    /// <param name="Why">Why, empty for no reason; null: is back.</param>
    public sealed record AwaySet(string? Why) : ChatEvent;

    /// <summary>The name is kept by a password now, or no longer.</summary>
    public sealed record PasswordSet(bool HasPassword) : ChatEvent;

    /// <summary>The client's member is an owner of the hub now.</summary>
    public sealed record BecameOwner(Member Member) : ChatEvent;

    /// <summary>The hub ends, or puts this client out.</summary>
    public sealed record Closing(string Why) : ChatEvent;
}
