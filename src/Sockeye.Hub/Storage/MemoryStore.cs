using Sockeye.Hub.Domain;

namespace Sockeye.Hub.Storage;

/// <summary>A store that keeps nothing beyond its life: for tests, and for hubs that shall forget.</summary>
internal sealed class MemoryStore : IHubStore
{
    private readonly Dictionary<string, StoredMember> _names = [];
    private readonly Dictionary<MemberId, StoredMember> _members = [];
    private readonly Dictionary<string, StoredConversation> _rooms = [];
    private readonly Dictionary<(MemberId First, MemberId Second), StoredConversation> _directs = [];
    private readonly Dictionary<ConversationId, StoredConversation> _conversations = [];
    private readonly Dictionary<(MemberId Author, string Key), Message> _keys = [];
    private long _lastMember;

    public Action<IReadOnlyList<StoreResult>>? Completed { get; set; }

    public void Submit(StoreRequest request) => Completed?.Invoke([Do(request)]);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static StoreResult.Failed Fail(StoreRequest request, RefusalCode code, string text) => new StoreResult.Failed(request, new Refusal(code, text));

    private StoreResult Do(StoreRequest request) => request switch
    {
        StoreRequest.Identify identify => Identify(identify),
        StoreRequest.Rename rename => Rename(rename),
        StoreRequest.SetPassword set => SetPassword(set),
        StoreRequest.OpenRoom open => OpenRoom(open),
        StoreRequest.OpenDirect open => OpenDirect(open),
        StoreRequest.Append append => Append(append),
        StoreRequest.ReadHistory read => ReadHistory(read),
        StoreRequest.ListRooms list => new StoreResult.RoomsListed(list, [.. _rooms.Values.Select(room => room.Conversation).Take(list.Count)]),
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
        if (_names.TryGetValue(request.Key, out StoredMember? known))
        {
            if (known.Password is not null && known.Password != request.Password)
                return Fail(request, RefusalCode.WrongPassword, $"{request.Name} is kept by a password, and this was not it.");
            if (known.Password is null && known.Origin != request.Origin)
                known = null;
        }

        if (known is null)
        {
            known = new StoredMember(new Member(new MemberId(++_lastMember), request.Name), request.Origin);
            _names[request.Key] = known;
            _members[known.Member.Id] = known;
        }

        return new StoreResult.Identified(request, known.Member, [.. known.Read.Keys.Select(id => ViewOf(_conversations[id], known))]);
    }

    private StoreResult Rename(StoreRequest.Rename request)
    {
        StoredMember member = _members[request.Member];
        if (_names.TryGetValue(request.Key, out StoredMember? other) && other != member && other.Password is not null)
            return Fail(request, RefusalCode.NameTaken, $"{request.Name} is somebody's: take another name.");
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
        return new StoreResult.PasswordSet(request, member.Member);
    }

    private StoreResult.RoomOpened OpenRoom(StoreRequest.OpenRoom request)
    {
        if (!_rooms.TryGetValue(request.Key, out StoredConversation? room))
            _rooms.Add(request.Key, room = Add(id => new Conversation(id, request.Room)));
        StoredMember member = _members[request.Member];
        member.Read.TryAdd(room.Conversation.Id, room.Messages.Count);
        return new StoreResult.RoomOpened(request, ViewOf(room, member));
    }

    private StoreResult OpenDirect(StoreRequest.OpenDirect request)
    {
        if (!_names.TryGetValue(request.WithKey, out StoredMember? with))
            return Fail(request, RefusalCode.NoSuchMember, "There is nobody of that name.");
        (MemberId, MemberId) pair = request.Member.Id.Value < with.Member.Id.Value ? (request.Member.Id, with.Member.Id) : (with.Member.Id, request.Member.Id);
        if (!_directs.TryGetValue(pair, out StoredConversation? direct))
        {
            direct = Add(id => new Conversation(id, null, request.Member, with.Member));
            _directs.Add(pair, direct);
        }

        StoredMember member = _members[request.Member.Id];
        member.Read.TryAdd(direct.Conversation.Id, 0);
        with.Read.TryAdd(direct.Conversation.Id, 0);
        return new StoreResult.DirectOpened(request, ViewOf(direct, member));
    }

    private StoreResult.Appended Append(StoreRequest.Append request)
    {
        if (request.Key is { } key && _keys.TryGetValue((request.Author.Id, key), out Message? known))
            return new StoreResult.Appended(request, known, true);
        StoredConversation conversation = _conversations[request.Conversation.Id];
        Message message = new(request.Conversation, conversation.Messages.Count + 1, request.Author.Id, request.Author.Name, request.Text, request.At);
        conversation.Messages.Add(message);
        if (request.Key is not null)
            _keys.Add((request.Author.Id, request.Key), message);
        return new StoreResult.Appended(request, message, false);
    }

    private StoreResult ReadHistory(StoreRequest.ReadHistory request)
    {
        if (!_conversations.TryGetValue(request.Where, out StoredConversation? found) || !found.Conversation.IsOpenTo(request.Member))
            return Fail(request, RefusalCode.NoSuchConversation, "There is no such conversation.");
        Message[] all = [.. found.Messages.Where(message => message.Number > (request.After ?? 0) && message.Number < (request.Before ?? long.MaxValue))];
        Message[] some = request.After is null ? [.. all.TakeLast(request.Count)] : [.. all.Take(request.Count)];
        return new StoreResult.HistoryRead(request, found.Conversation, some, some.Length < all.Length);
    }

    private void MarkRead(StoreRequest.MarkRead request)
    {
        Dictionary<ConversationId, long> read = _members[request.Member].Read;
        if (read.TryGetValue(request.Conversation, out long before))
            read[request.Conversation] = Math.Max(before, Math.Min(request.Number, _conversations[request.Conversation].Messages.Count));
    }

    private StoredConversation Add(Func<ConversationId, Conversation> make)
    {
        ConversationId id = new(_conversations.Count + 1);
        StoredConversation conversation = new(make(id));
        _conversations.Add(id, conversation);
        return conversation;
    }

    private static ConversationView ViewOf(StoredConversation conversation, StoredMember member) =>
        new(conversation.Conversation, conversation.Messages.Count, member.Read.GetValueOrDefault(conversation.Conversation.Id));

    private sealed class StoredMember(Member member, string origin)
    {
        public Member Member { get; set; } = member;

        public string Origin { get; } = origin;

        public string? Password { get; set; }

        public Dictionary<ConversationId, long> Read { get; } = [];
    }

    private sealed record StoredConversation(Conversation Conversation)
    {
        public List<Message> Messages { get; } = [];
    }
}
