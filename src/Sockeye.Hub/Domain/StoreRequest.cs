namespace Sockeye.Hub.Domain;

/// <summary>What the chat asks the store for. Each is answered by a <see cref="StoreResult"/> that carries it.</summary>
internal abstract record StoreRequest
{
    private StoreRequest()
    {
    }

    /// <summary>Finds who a name is, or makes a member of that name.</summary>
    /// <param name="Client">Who asks.</param>
    /// <param name="Name">The name as it shall be shown.</param>
    /// <param name="Key">The name as it is compared: names that look alike have the same.</param>
    /// <param name="Origin">Where the client comes from: a name without a password goes on as the same member only from there.</param>
    /// <param name="Password">What the client gave as a password.</param>
    public sealed record Identify(IChatClient Client, string Name, string Key, string Origin, string? Password) : StoreRequest;

    /// <summary>Gives a member another name.</summary>
    public sealed record Rename(IChatClient Client, MemberId Member, string Name, string Key) : StoreRequest;

    /// <summary>Keeps a name by a password, or no longer.</summary>
    public sealed record SetPassword(IChatClient Client, MemberId Member, string? Password) : StoreRequest;

    /// <summary>Finds a room, or makes it, and notes that the member is in it.</summary>
    public sealed record OpenRoom(IChatClient Client, MemberId Member, string Room, string Key) : StoreRequest;

    /// <summary>Notes that the member is no longer in a room.</summary>
    public sealed record LeaveRoom(MemberId Member, ConversationId Room) : StoreRequest;

    /// <summary>Finds the conversation with the member who has a name, or makes it; what shall be said there follows at once.</summary>
    public sealed record OpenDirect(IChatClient Client, Member Member, string WithKey, string? Text, string? MessageKey) : StoreRequest;

    /// <summary>Keeps what was said.</summary>
    /// <param name="Client">Who said it, for the receipt.</param>
    /// <param name="Conversation">Where.</param>
    /// <param name="Author">Who.</param>
    /// <param name="Text">What.</param>
    /// <param name="Key">The client's own number: a second with the same author and key is the first again.</param>
    /// <param name="At">When.</param>
    public sealed record Append(IChatClient Client, Conversation Conversation, Member Author, string Text, string? Key, DateTimeOffset At) : StoreRequest;

    /// <summary>Notes up to where a member has read.</summary>
    public sealed record MarkRead(MemberId Member, ConversationId Conversation, long Number) : StoreRequest;

    /// <summary>Reads what was said.</summary>
    public sealed record ReadHistory(IChatClient Client, MemberId Member, ConversationId Where, long? After, long? Before, int Count, object? Tag) : StoreRequest;

    /// <summary>Lists the rooms there are, those where something was said last first.</summary>
    public sealed record ListRooms(IChatClient Client, int Count) : StoreRequest;

    /// <summary>Finds who came last from an origin that is one person's, so that a browser that returns need not ask for a name.</summary>
    public sealed record FindByOrigin(IChatClient Client, string Origin) : StoreRequest;

    /// <summary>Notes the secret that makes whoever brings it the owner of the hub; the one before is worth nothing from then on.</summary>
    /// <param name="SecretHash">The secret's hash: the secret itself is kept nowhere.</param>
    /// <param name="Expires">When it is worth nothing any more.</param>
    /// <param name="EvenIfOwned">Invites another owner where there is one.</param>
    public sealed record InviteOwner(string SecretHash, DateTimeOffset Expires, bool EvenIfOwned = false) : StoreRequest;

    /// <summary>Makes a member an owner of the hub, for a secret that works once.</summary>
    public sealed record ClaimOwner(IChatClient Client, MemberId Member, string SecretHash, DateTimeOffset At) : StoreRequest;
}
