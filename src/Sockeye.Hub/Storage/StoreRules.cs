using Sockeye.Hub.Domain;

namespace Sockeye.Hub.Storage;

/// <summary>What every store has to keep to, beyond keeping.</summary>
internal static class StoreRules
{
    /// <summary>The most conversations that a member is given with its name: all rooms come first, then those with whom was spoken last.</summary>
    public const int ListedConversationsMax = 500;

    /// <summary>Times are kept in milliseconds.</summary>
    public static DateTimeOffset Kept(DateTimeOffset time) => DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());

    /// <summary>
    /// Whether somebody is taken for the member who has a name without saying a password: a guest from where the guest came before, or from
    /// what this member used before and is one person's. A host may have many people, so an owner is not known by it.
    /// </summary>
    /// <param name="member">Who has the name.</param>
    /// <param name="origin">Where the member came from.</param>
    /// <param name="isLastHere">Whether the asker's origin is one person's, and this member came from there last.</param>
    /// <param name="request">Who asks.</param>
    public static bool IsKnown(Member member, string origin, bool isLastHere, StoreRequest.Identify request) =>
        isLastHere || (!member.HasPassword && origin == request.Origin && (!member.IsOwner || request.Client.IsPersonal));

    /// <summary>Whether nobody else may take the name.</summary>
    public static bool IsKept(Member member) => member.HasPassword || member.IsOwner;

    public static StoreResult.Failed WrongPassword(StoreRequest.Identify request) =>
        Fail(request, RefusalCode.WrongPassword, $"{request.Name} is kept by a password{(request.Password is null ? "" : ", and this was not it")}.");

    public static StoreResult.Failed OwnersName(StoreRequest request, string name) =>
        Fail(request, RefusalCode.NameTaken, $"{name} is the name of this hub's owner: take another name.");

    public static StoreResult.Failed SomebodysName(StoreRequest.Rename request) =>
        Fail(request, RefusalCode.NameTaken, $"{request.Name} is somebody's: take another name.");

    public static StoreResult.Failed NoSuchMember(StoreRequest request) => Fail(request, RefusalCode.NoSuchMember, "There is nobody of that name.");

    public static StoreResult.Failed NoSuchConversation(StoreRequest request) => Fail(request, RefusalCode.NoSuchConversation, "There is no such conversation.");

    public static StoreResult.Failed BadInvitation(StoreRequest request) =>
        Fail(request, RefusalCode.BadInvitation, "This link makes nobody the owner: it was used, is too old, or a newer one was made. The hub prints another with --owner-link.");

    public static StoreResult.Failed Fail(StoreRequest request, RefusalCode code, string text) => new(request, new Refusal(code, text));
}
