using Sockeye.Hub.Domain;

namespace Sockeye.Hub.Storage.Sqlite;

/// <summary>Does one group of requests that change something. What it did counts when the transaction around it is committed.</summary>
internal sealed class StoreTransaction(StoreTables tables)
{
    /// <summary>The numbers given out in this group, to be noted once for each conversation, and the order in which that was spoken of last.</summary>
    private readonly Dictionary<ConversationId, (long Number, int Order)> _last = [];
    private int _order;

    /// <summary>Those whose password has to be looked at before they can go on.</summary>
    public List<StoreWork> Passwords { get; } = [];

    /// <summary>Does one request.</summary>
    /// <returns>Its answer; null: it is among <see cref="Passwords"/>.</returns>
    public StoreResult? Do(StoreWork work)
    {
        if (work.Request is StoreRequest.Append append)
            return Append(append);
        NoteNumbers();
        return work.Request switch
        {
            StoreRequest.Identify identify => Identify(work, identify),
            StoreRequest.Rename rename => Rename(rename),
            StoreRequest.SetPassword set => SetPassword(work, set),
            StoreRequest.InviteOwner invite => InviteOwner(invite),
            StoreRequest.ClaimOwner claim => ClaimOwner(claim),
            StoreRequest.OpenRoom open => OpenRoom(open),
            StoreRequest.OpenDirect open => OpenDirect(open),
            StoreRequest.LeaveRoom leave => LeaveRoom(leave),
            StoreRequest.MarkRead read => MarkRead(read),
            _ => throw new NotSupportedException(work.Request.GetType().Name),
        };
    }

    /// <summary>Before the commit, and before anything looks at the numbers.</summary>
    public void NoteNumbers()
    {
        if (_last.Count == 0)
            return;
        tables.Messages.SetLast(_last.OrderBy(entry => entry.Value.Order).Select(entry => (entry.Key, entry.Value.Number)));
        _last.Clear();
    }

    private StoreResult.Failed? Ask(StoreWork work, PasswordWork password)
    {
        Passwords.Add(work with { Password = password });
        return null;
    }

    private StoreResult? Identify(StoreWork work, StoreRequest.Identify request)
    {
        bool isPersonal = request.Client.IsPersonal;
        StoredMember? found = tables.Members.Find(request.Key);
        if (found is not null
            && !StoreRules.IsKnown(found.Member, found.Origin, isPersonal && tables.Members.IsLastFrom(request.Origin, found.Member.Id), request))
        {
            if (found.Password is null)
            {
                if (found.Member.IsOwner)
                    return StoreRules.OwnersName(request, request.Name);
                found = null;
            }
            else if (request.Password is null)
            {
                return StoreRules.WrongPassword(request);
            }
            else if (work.Password?.Kept != found.Password)
            {
                return Ask(work, new PasswordWork(found.Member.Id, request.Password, found.Password));
            }
            else if (!work.Password.IsRight)
            {
                return StoreRules.WrongPassword(request);
            }
        }

        Member member = (found ?? tables.Members.Add(request.Name, request.Key, request.Origin)).Member;
        if (isPersonal)
            tables.Members.Remember(request.Origin, member.Id);
        return new StoreResult.Identified(request, member, tables.Conversations.Of(member.Id, StoreRules.ListedConversationsMax));
    }

    private StoreResult Rename(StoreRequest.Rename request)
    {
        if (tables.Members.Find(request.Key) is { } other && other.Member.Id != request.Member && StoreRules.IsKept(other.Member))
            return StoreRules.SomebodysName(request);
        tables.Members.Rename(request.Member, request.Name, request.Key);
        return new StoreResult.Renamed(request, Get(request.Member));
    }

    /// <summary>Taking a password away goes by way of the lanes too: one that is being hashed must not come after.</summary>
    private StoreResult? SetPassword(StoreWork work, StoreRequest.SetPassword request)
    {
        if (work.Password is not { } password)
            return Ask(work, new PasswordWork(request.Member, request.Password, null));
        tables.Members.SetPassword(request.Member, password.Hash, request.Client.Origin);
        return new StoreResult.PasswordSet(request, Get(request.Member));
    }

    private StoreResult.OwnerInvited InviteOwner(StoreRequest.InviteOwner request)
    {
        bool isNoted = request.EvenIfOwned || !tables.Members.HasOwner();
        if (isNoted)
            tables.Members.Invite(request.SecretHash, request.Expires);
        return new StoreResult.OwnerInvited(request, isNoted);
    }

    private StoreResult ClaimOwner(StoreRequest.ClaimOwner request)
    {
        if (!tables.Members.TakeInvitation(request.SecretHash, request.At))
            return StoreRules.BadInvitation(request);
        tables.Members.MakeOwner(request.Member);
        return new StoreResult.OwnerMade(request, Get(request.Member));
    }

    private StoreResult.RoomOpened OpenRoom(StoreRequest.OpenRoom request)
    {
        (Conversation room, long last) = tables.Conversations.OpenRoom(request.Room, request.Key);
        tables.Conversations.Enter(request.Member, room.Id, last);
        return new StoreResult.RoomOpened(request, new ConversationView(room, last, tables.Conversations.ReadNumber(request.Member, room.Id)));
    }

    private StoreResult OpenDirect(StoreRequest.OpenDirect request)
    {
        if (tables.Members.Find(request.WithKey) is not { } with)
            return StoreRules.NoSuchMember(request);
        (Conversation direct, long last) = tables.Conversations.OpenPair(request.Member.Id, with.Member.Id);
        tables.Conversations.Enter(request.Member.Id, direct.Id, 0);
        tables.Conversations.Enter(with.Member.Id, direct.Id, 0);
        return new StoreResult.DirectOpened(request, new ConversationView(direct, last, tables.Conversations.ReadNumber(request.Member.Id, direct.Id)));
    }

    private StoreResult Append(StoreRequest.Append request)
    {
        if (request.Key is { } key && tables.Messages.Find(request.Author.Id, key, where => Find(where, request)) is { } known)
            return new StoreResult.Appended(request, known, true);
        ConversationId where = request.Conversation.Id;
        long? last = _last.TryGetValue(where, out (long Number, int Order) given) ? given.Number : tables.Messages.LastNumber(where);
        if (last is not { } number)
            return StoreRules.NoSuchConversation(request);
        Message message = new(request.Conversation, number + 1, request.Author.Id, request.Author.Name, request.Text, StoreRules.Kept(request.At));
        tables.Messages.Add(message, request.Key);
        _last[where] = (message.Number, _order++);
        return new StoreResult.Appended(request, message, false);
    }

    private StoreResult.Done LeaveRoom(StoreRequest.LeaveRoom request)
    {
        tables.Conversations.Leave(request.Member, request.Room);
        return new StoreResult.Done(request);
    }

    private StoreResult.Done MarkRead(StoreRequest.MarkRead request)
    {
        tables.Conversations.MarkRead(request.Member, request.Conversation, request.Number);
        return new StoreResult.Done(request);
    }

    private Member Get(MemberId id) =>
        tables.Members.Find(id)?.Member ?? throw new InvalidOperationException($"There is no member {id.Value}.");

    private Conversation Find(ConversationId where, StoreRequest.Append request) =>
        where == request.Conversation.Id ? request.Conversation : tables.Conversations.Find(where)!.Value.Conversation;
}
