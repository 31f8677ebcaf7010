namespace Sockeye.Hub.Domain;

/// <summary>What the store answers.</summary>
internal abstract record StoreResult
{
    private StoreResult()
    {
    }

    /// <summary>Who a name is, and the conversations it is in.</summary>
    public sealed record Identified(StoreRequest.Identify Request, Member Member, IReadOnlyList<ConversationView> Conversations) : StoreResult;

    /// <summary>The member has the other name.</summary>
    public sealed record Renamed(StoreRequest.Rename Request, Member Member) : StoreResult;

    /// <summary>The password is set, or taken away.</summary>
    public sealed record PasswordSet(StoreRequest.SetPassword Request, Member Member) : StoreResult;

    /// <summary>The room, and where the member is in it.</summary>
    public sealed record RoomOpened(StoreRequest.OpenRoom Request, ConversationView View) : StoreResult;

    /// <summary>The conversation of the two.</summary>
    public sealed record DirectOpened(StoreRequest.OpenDirect Request, ConversationView View) : StoreResult;

    /// <summary>The message is on disk.</summary>
    /// <param name="Request">What was asked for.</param>
    /// <param name="Message">What it became.</param>
    /// <param name="IsRepeated">It had been there before, under its key: nobody is to be told again.</param>
    public sealed record Appended(StoreRequest.Append Request, Message Message, bool IsRepeated) : StoreResult;

    /// <summary>What was said, oldest first.</summary>
    public sealed record HistoryRead(StoreRequest.ReadHistory Request, Conversation Where, IReadOnlyList<Message> Messages, bool HasMore) : StoreResult;

    /// <summary>The rooms there are.</summary>
    public sealed record RoomsListed(StoreRequest.ListRooms Request, IReadOnlyList<Conversation> Rooms) : StoreResult;

    /// <summary>Who came last from an origin; null: nobody, or somebody else has the name since.</summary>
    public sealed record Found(StoreRequest.FindByOrigin Request, Member? Member) : StoreResult;

    /// <summary>Whether the secret is noted: it is not where the hub has an owner.</summary>
    public sealed record OwnerInvited(StoreRequest.InviteOwner Request, bool IsNoted) : StoreResult;

    /// <summary>The member is an owner of the hub.</summary>
    public sealed record OwnerMade(StoreRequest.ClaimOwner Request, Member Member) : StoreResult;

    /// <summary>It was done, and nobody waits for it.</summary>
    public sealed record Done(StoreRequest Request) : StoreResult;

    /// <summary>It was not done: the wrong password, nobody of that name, a full disk.</summary>
    public sealed record Failed(StoreRequest Request, Refusal Refusal) : StoreResult;
}
