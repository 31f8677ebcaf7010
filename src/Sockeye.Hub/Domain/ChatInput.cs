namespace Sockeye.Hub.Domain;

/// <summary>What the chat is told: by clients, by the store, by the bus.</summary>
internal abstract record ChatInput
{
    private ChatInput()
    {
    }

    /// <summary>What a client asks for.</summary>
    /// <param name="Client">Who asks.</param>
    public abstract record FromClient(IChatClient Client) : ChatInput;

    /// <summary>A client is there, without a name yet.</summary>
    public sealed record Arrive(IChatClient Client) : FromClient(Client);

    /// <summary>A client is gone. Nothing more is shown to it.</summary>
    public sealed record Depart(IChatClient Client) : FromClient(Client);

    /// <summary>Gives itself a name, or another.</summary>
    public sealed record TakeName(IChatClient Client, string Name, string? Password = null) : FromClient(Client);

    /// <summary>Takes the name that it had when it came last, from an origin that is one person's; refused with <see cref="RefusalCode.NoName"/> if there is none.</summary>
    public sealed record Return(IChatClient Client) : FromClient(Client);

    /// <summary>Becomes an owner of the hub with the secret of <see cref="OwnerInvitation"/>.</summary>
    public sealed record ClaimOwner(IChatClient Client, string Secret) : FromClient(Client);

    /// <summary>Keeps its name by a password, another one, or none.</summary>
    public sealed record SetPassword(IChatClient Client, string? Password) : FromClient(Client);

    /// <summary>Comes into a room, which is made if there is none.</summary>
    public sealed record Join(IChatClient Client, string Room) : FromClient(Client);

    /// <summary>Goes out of a room.</summary>
    public sealed record Leave(IChatClient Client, string Room) : FromClient(Client);

    /// <summary>Says something in a room that it is in.</summary>
    /// <param name="Client">Who says it.</param>
    /// <param name="Room">The room's name.</param>
    /// <param name="Text">One line or several.</param>
    /// <param name="Key">The client's own number for it: saying the same key again doubles nothing. Null: it has none.</param>
    public sealed record Say(IChatClient Client, string Room, string Text, string? Key = null) : FromClient(Client);

    /// <summary>Says something to one member, who need not be there.</summary>
    public sealed record Tell(IChatClient Client, string To, string Text, string? Key = null) : FromClient(Client);

    /// <summary>Is away, with a reason or without; null: is back.</summary>
    public sealed record SetAway(IChatClient Client, string? Why) : FromClient(Client);

    /// <summary>Is writing in a conversation.</summary>
    public sealed record Type(IChatClient Client, ConversationId Conversation) : FromClient(Client);

    /// <summary>Is writing to one person.</summary>
    public sealed record TypeTo(IChatClient Client, string To) : FromClient(Client);

    /// <summary>Has read a conversation up to a number.</summary>
    public sealed record MarkRead(IChatClient Client, ConversationId Conversation, long Number) : FromClient(Client);

    /// <summary>Asks which rooms there are.</summary>
    public sealed record ListRooms(IChatClient Client) : FromClient(Client);

    /// <summary>Asks who is here: in a room, or anywhere.</summary>
    public sealed record ListPeople(IChatClient Client, string? Room) : FromClient(Client);

    /// <summary>Asks which clients are its member's or its browser's; an owner of the hub is told of all.</summary>
    /// <param name="Client">Who asks.</param>
    /// <param name="Number">Only this one; null: all.</param>
    public sealed record ListClients(IChatClient Client, long? Number = null) : FromClient(Client);

    /// <summary>Asks for what was said.</summary>
    /// <param name="Client">Who asks.</param>
    /// <param name="Where">Where it was said.</param>
    /// <param name="After">Only what has a greater number. Null with a null <paramref name="Before"/>: the latest.</param>
    /// <param name="Before">Only what has a smaller number.</param>
    /// <param name="Count">How many at most.</param>
    /// <param name="Tag">Comes back with the answer.</param>
    public sealed record ReadHistory(IChatClient Client, ConversationId Where, long? After, long? Before, int Count, object? Tag = null) : FromClient(Client);

    /// <summary>Asks for the conversation with a member, which is made if there is none.</summary>
    public sealed record OpenDirect(IChatClient Client, string With) : FromClient(Client);

    /// <summary>Wants to be flushed in the loop's next round: a client that waited for something can go on. Nothing for the chat.</summary>
    public sealed record Wake(IChatClient Client) : FromClient(Client);

    /// <summary>The store did what it was asked for, or says why not.</summary>
    public sealed record FromStore(StoreResult Result) : ChatInput;

    /// <summary>The bus tells what happened, on this hub or another.</summary>
    public sealed record FromBus(BusEvent Event) : ChatInput;

    /// <summary>The hub ends.</summary>
    /// <param name="Why">Told to everybody.</param>
    public sealed record Close(string Why) : ChatInput;
}
