using Sockeye.Hub.Domain;

namespace Sockeye.Hub.Storage;

/// <summary>A store that keeps nothing beyond its life: for tests, and for hubs that shall forget. What it does is the model for the others.</summary>
internal sealed class MemoryStore : IHubStore
{
    private readonly Dictionary<string, StoredMember> _names = [];
    private readonly Dictionary<MemberId, StoredMember> _members = [];
    private readonly Dictionary<string, StoredConversation> _rooms = [];
    private readonly Dictionary<(MemberId First, MemberId Second), StoredConversation> _directs = [];
    private readonly Dictionary<ConversationId, StoredConversation> _conversations = [];
    private readonly Dictionary<(MemberId Author, string Key), Message> _keys = [];
    private readonly Dictionary<string, StoredMember> _sessions = [];
    private (string Hash, DateTimeOffset Expires)? _invitation;
    private long _lastMember;
    private long _lastSpoken;

    public Action<IReadOnlyList<StoreResult>>? Completed { get; set; }

    public void Submit(StoreRequest request) => Completed?.Invoke([Do(request)]);

    public Task<StoreResult> AskAsync(StoreRequest request) => Task.FromResult(Do(request));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private StoreResult Do(StoreRequest request) => request switch
    {
        StoreRequest.Identify identify => Identify(identify),
        StoreRequest.Rename rename => Rename(rename),
        StoreRequest.SetPassword set => SetPassword(set),
        StoreRequest.FindByOrigin find => FindByOrigin(find),
        StoreRequest.InviteOwner invite => InviteOwner(invite),
        StoreRequest.ClaimOwner claim => ClaimOwner(claim),
        StoreRequest.OpenRoom open => OpenRoom(open),
        StoreRequest.OpenDirect open => OpenDirect(open),
        StoreRequest.Append append => Append(append),
        StoreRequest.ReadHistory read => ReadHistory(read),
        StoreRequest.ListRooms list => ListRooms(list),
        StoreRequest.LeaveRoom leave => Note(leave, () => _members[leave.Member].Read.Remove(leave.Room)),
        StoreRequest.MarkRead read => Note(read, () => MarkRead(read)),
        _ => throw new NotSupportedException(request.GetType().Name),
    };

    private static StoreResult.Done Note(StoreRequest request, Action action)
    {
        action();
        return new StoreResult.Done(request);
    }

    private StoreResult Identify(StoreRequest.Identify request)
    {
        bool isPersonal = request.Client.IsPersonal;
        if (_names.TryGetValue(request.Key, out StoredMember? known)
            && !StoreRules.IsKnown(known.Member, known.Origin, isPersonal && _sessions.GetValueOrDefault(request.Origin) == known, request))
        {
            if (known.Password is not null && known.Password != request.Password)
                return StoreRules.WrongPassword(request);
            if (known.Password is null && known.Member.IsOwner)
                return StoreRules.OwnersName(request, request.Name);
            if (known.Password is null)
                known = null;
        }

        if (known is null)
        {
            known = new StoredMember(new Member(new MemberId(++_lastMember), request.Name), request.Origin);
            _names[request.Key] = known;
            _members[known.Member.Id] = known;
        }

        if (isPersonal)
            _sessions[request.Origin] = known;
        return new StoreResult.Identified(request, known.Member, ConversationsOf(known));
    }

    private ConversationView[] ConversationsOf(StoredMember member) => [.. member.Read.Keys.Select(id => _conversations[id])
        .OrderBy(conversation => conversation.IsDirect)
        .ThenBy(conversation => conversation.IsDirect ? -conversation.Spoken : 0)
        .ThenBy(conversation => conversation.Id.Value)
        .Take(StoreRules.ListedConversationsMax)
        .Select(conversation => ViewOf(conversation, member))];

    private StoreResult Rename(StoreRequest.Rename request)
    {
        StoredMember member = _members[request.Member];
        if (_names.TryGetValue(request.Key, out StoredMember? other) && other != member && StoreRules.IsKept(other.Member))
            return StoreRules.SomebodysName(request);
        foreach (string key in _names.Where(entry => entry.Value == member).Select(entry => entry.Key).ToArray())
            _names.Remove(key);
        _names[request.Key] = member;
        member.Member = member.Member with { Name = request.Name };
        return new StoreResult.Renamed(request, member.Member);
    }

    private StoreResult.PasswordSet SetPassword(StoreRequest.SetPassword request)
    {
        StoredMember member = _members[request.Member];
        member.Password = request.Password;
        member.Member = member.Member with { HasPassword = request.Password is not null };
        foreach (string origin in _sessions.Where(entry => entry.Value == member && entry.Key != request.Client.Origin).Select(entry => entry.Key).ToArray())
            _sessions.Remove(origin);
        return new StoreResult.PasswordSet(request, member.Member);
    }

    private StoreResult.Found FindByOrigin(StoreRequest.FindByOrigin request) =>
        new(request, _sessions.TryGetValue(request.Origin, out StoredMember? member) && _names.ContainsValue(member) ? member.Member : null);

    private StoreResult.OwnerInvited InviteOwner(StoreRequest.InviteOwner request)
    {
        bool isNoted = request.EvenIfOwned || !_members.Values.Any(member => member.Member.IsOwner);
        if (isNoted)
            _invitation = (request.SecretHash, request.Expires);
        return new StoreResult.OwnerInvited(request, isNoted);
    }

    private StoreResult ClaimOwner(StoreRequest.ClaimOwner request)
    {
        if (_invitation is not { } invitation || invitation.Hash != request.SecretHash || request.At >= invitation.Expires)
            return StoreRules.BadInvitation(request);
        _invitation = null;
        StoredMember member = _members[request.Member];
        member.Member = member.Member with { IsOwner = true };
        return new StoreResult.OwnerMade(request, member.Member);
    }

    private StoreResult.RoomOpened OpenRoom(StoreRequest.OpenRoom request)
    {
        if (!_rooms.TryGetValue(request.Key, out StoredConversation? room))
            _rooms.Add(request.Key, room = Add(request.Room, null, null));
        StoredMember member = _members[request.Member];
        member.Read.TryAdd(room.Id, room.Messages.Count);
        return new StoreResult.RoomOpened(request, ViewOf(room, member));
    }

    private StoreResult OpenDirect(StoreRequest.OpenDirect request)
    {
        if (!_names.TryGetValue(request.WithKey, out StoredMember? with))
            return StoreRules.NoSuchMember(request);
        StoredMember member = _members[request.Member.Id];
        (StoredMember first, StoredMember second) = member.Member.Id.Value < with.Member.Id.Value ? (member, with) : (with, member);
        if (!_directs.TryGetValue((first.Member.Id, second.Member.Id), out StoredConversation? direct))
            _directs.Add((first.Member.Id, second.Member.Id), direct = Add(null, first, second));
        member.Read.TryAdd(direct.Id, 0);
        with.Read.TryAdd(direct.Id, 0);
        return new StoreResult.DirectOpened(request, ViewOf(direct, member));
    }

    private StoreResult Append(StoreRequest.Append request)
    {
        if (request.Key is { } key && _keys.TryGetValue((request.Author.Id, key), out Message? known))
            return new StoreResult.Appended(request, known, true);
        if (!_conversations.TryGetValue(request.Conversation.Id, out StoredConversation? conversation))
            return StoreRules.NoSuchConversation(request);
        Message message = new(
            request.Conversation, conversation.Messages.Count + 1, request.Author.Id, request.Author.Name, request.Text, StoreRules.Kept(request.At));
        conversation.Messages.Add(message);
        conversation.Spoken = ++_lastSpoken;
        if (request.Key is not null)
            _keys.Add((request.Author.Id, request.Key), message);
        return new StoreResult.Appended(request, message, false);
    }

    private StoreResult ReadHistory(StoreRequest.ReadHistory request)
    {
        if (!_conversations.TryGetValue(request.Where, out StoredConversation? found) || !found.ToConversation().IsOpenTo(request.Member))
            return StoreRules.NoSuchConversation(request);
        Message[] all = [.. found.Messages.Where(message => message.Number > (request.After ?? 0) && message.Number < (request.Before ?? long.MaxValue))];
        Message[] some = request.After is null ? [.. all.TakeLast(request.Count)] : [.. all.Take(request.Count)];
        return new StoreResult.HistoryRead(request, found.ToConversation(), some, some.Length < all.Length);
    }

    private StoreResult.RoomsListed ListRooms(StoreRequest.ListRooms request) => new(request, [.. _rooms.Values
        .OrderByDescending(room => room.Spoken).ThenBy(room => room.Id.Value).Take(request.Count).Select(room => room.ToConversation())]);

    private void MarkRead(StoreRequest.MarkRead request)
    {
        Dictionary<ConversationId, long> read = _members[request.Member].Read;
        if (read.TryGetValue(request.Conversation, out long before))
            read[request.Conversation] = Math.Max(before, Math.Min(request.Number, _conversations[request.Conversation].Messages.Count));
    }

    private StoredConversation Add(string? room, StoredMember? first, StoredMember? second)
    {
        StoredConversation conversation = new(new ConversationId(_conversations.Count + 1), room, first, second);
        _conversations.Add(conversation.Id, conversation);
        return conversation;
    }

    private static ConversationView ViewOf(StoredConversation conversation, StoredMember member) =>
        new(conversation.ToConversation(), conversation.Messages.Count, member.Read.GetValueOrDefault(conversation.Id));

    private sealed class StoredMember(Member member, string origin)
    {
        public Member Member { get; set; } = member;

        public string Origin { get; } = origin;

        public string? Password { get; set; }

        public Dictionary<ConversationId, long> Read { get; } = [];
    }

    private sealed class StoredConversation(ConversationId id, string? room, StoredMember? first, StoredMember? second)
    {
        public ConversationId Id => id;

        public bool IsDirect => room is null;

        public long Spoken { get; set; }

        public List<Message> Messages { get; } = [];

        public Conversation ToConversation() => new(id, room, first?.Member, second?.Member);
    }
}
