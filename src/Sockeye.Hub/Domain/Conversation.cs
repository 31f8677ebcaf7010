namespace Sockeye.Hub.Domain;

/// <summary>A room, or what two members say to each other.</summary>
/// <param name="Id">Given out by the store.</param>
/// <param name="Room">The room's name as it is shown; null when two talk to each other.</param>
/// <param name="First">One of the two; null in a room.</param>
/// <param name="Second">The other of the two; null in a room.</param>
internal sealed record Conversation(ConversationId Id, string? Room, Member? First = null, Member? Second = null)
{
    /// <summary>Whether two talk to each other.</summary>
    public bool IsDirect => Room is null;

    /// <summary>Who the other one is, of two who talk to each other; oneself, for one who talks to oneself. Null in a room.</summary>
    public Member? OtherThan(MemberId member) => First?.Id == member ? Second : First;

    /// <summary>Whether a member may read it: everybody a room, the two what they said.</summary>
    public bool IsOpenTo(MemberId member) => !IsDirect || First?.Id == member || Second?.Id == member;
}
