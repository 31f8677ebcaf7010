using System.Text;

namespace Sockeye.Hub.Domain;

/// <content>What is said.</content>
internal sealed partial class Chat
{
    /// <summary>How many origins are kept in mind before those that have done nothing for a while are forgotten.</summary>
    private const int OriginsMax = 10_000;

    private void Say(ChatSession session, Member member, ChatInput.Say say)
    {
        if (RoomOf(session, say.Room) is not { } room)
            Refuse(session, RefusalCode.NotInRoom, NotIn(say.Room, ": join it first."), say.Key);
        else if (Check(session, say.Text, say.Key) is { } text)
            Ask(new StoreRequest.Append(session.Client, room.Conversation, member, text, say.Key, _now));
    }

    private void Tell(ChatSession session, Member member, ChatInput.Tell tell)
    {
        if (names.Read(tell.To, limits.NameCharactersMax, out _, out string key) is { } why)
            Refuse(session, RefusalCode.NoSuchMember, Nobody(tell.To, why), tell.Key);
        else if (Check(session, tell.Text, tell.Key) is { } text)
            Ask(new StoreRequest.OpenDirect(session.Client, member, key, text, tell.Key));
    }

    private void OpenDirect(ChatSession session, Member member, ChatInput.OpenDirect open)
    {
        if (names.Read(open.With, limits.NameCharactersMax, out _, out string key) is { } why)
            Refuse(session, RefusalCode.NoSuchMember, Nobody(open.With, why));
        else if (MayGoOn(session))
            Ask(new StoreRequest.OpenDirect(session.Client, member, key, null, null));
        else
            Refuse(session, RefusalCode.TooFast, "Too many in too short a time: wait a little.");
    }

    /// <summary>What is said of a name that nobody can have. It is not said again: it may be as long as a message.</summary>
    private static string Nobody(string name, string why) =>
        string.IsNullOrWhiteSpace(name) ? "Say to whom: the name is missing." : $"There is nobody of that name. {why}";

    private void DirectOpened(StoreResult.DirectOpened opened)
    {
        StoreRequest.OpenDirect request = opened.Request;
        if (request.Text is { } text)
            Ask(new StoreRequest.Append(request.Client, opened.View.Conversation, request.Member, text, request.MessageKey, _now));
        else if (Named(request.Client) is { } session)
            ShowDirect(session, opened.View);
    }

    private void ShowDirect(ChatSession session, ConversationView view)
    {
        Show(session, new ChatEvent.DirectOpened(view));
        WatchPartner(session, view.Conversation);
    }

    /// <summary>The receipt first, then the others: whoever answers a message answers one that its author knows to be kept.</summary>
    private void Appended(StoreResult.Appended appended)
    {
        if (Named(appended.Request.Client) is { } session)
            Show(session, new ChatEvent.Accepted(appended.Message, appended.Request.Key, appended.IsRepeated));
        if (!appended.IsRepeated)
            Publish(new BusEvent.Posted(appended.Message, appended.Request.Client));
    }

    private void Posted(BusEvent.Posted posted)
    {
        Conversation conversation = posted.Message.Conversation;
        ChatEvent.Posted shown = new(posted.Message);
        if (!conversation.IsDirect)
        {
            if (!_rooms.TryGetValue(conversation.Id, out Room? room))
                return;
            room.LastNumber = Math.Max(room.LastNumber, posted.Message.Number);
            _effects.Add(new ChatEffect.ShowAll(room.Clients, shown, posted.Client));
            return;
        }

        WatchPartners(conversation);
        ShowToMember(conversation.First!.Id, shown, posted.Client);
        if (conversation.Second!.Id != conversation.First.Id)
            ShowToMember(conversation.Second.Id, shown, posted.Client);
    }

    private void ShowToMember(MemberId member, ChatEvent shown, IChatClient? except)
    {
        if (!_local.TryGetValue(member, out List<ChatSession>? sessions))
            return;
        foreach (ChatSession session in sessions)
        {
            if (session.Client != except)
                Show(session, shown);
        }
    }

    private void Type(ChatSession session, Member member, ChatInput.Type type)
    {
        if (_now - session.TypedAt < limits.TypingInterval)
            return;
        session.TypedAt = _now;
        if (_rooms.TryGetValue(type.Conversation, out Room? room) && session.PlaceOf(room) >= 0)
            Publish(new BusEvent.Typing(room.Conversation, member));
    }

    private void TypeTo(ChatSession session, Member member, ChatInput.TypeTo type)
    {
        if (_now - session.TypedAt < limits.TypingInterval)
            return;
        session.TypedAt = _now;
        if (names.Read(type.To, limits.NameCharactersMax, out _, out string key) is null && _namesHere.TryGetValue(key, out MemberId to) && to != member.Id)
            Publish(new BusEvent.TypingTo(to, member));
    }

    private void Typing(BusEvent.Typing typing)
    {
        if (!_rooms.TryGetValue(typing.Where.Id, out Room? room) || room.People.Count > limits.AnnouncedPeopleMax)
            return;
        foreach (IChatClient client in room.Clients)
        {
            if (_sessions[client].Member?.Id != typing.Who.Id)
                _effects.Add(new ChatEffect.Show(client, new ChatEvent.SomebodyTypes(typing.Where, typing.Who)));
        }
    }

    /// <summary>What may be said, or null after a refusal.</summary>
    private string? Check(ChatSession session, string text, string? key)
    {
        if (key?.Length > limits.MessageKeyCharactersMax)
        {
            Refuse(session, RefusalCode.TooLong, $"The message's own number has {key.Length} characters, and {limits.MessageKeyCharactersMax} are the most.", key);
            return null;
        }

        string clean = ChatText.Clean(text);
        if (clean.Length == 0)
        {
            Refuse(session, RefusalCode.Empty, "There is nothing in the message.", key);
            return null;
        }

        int bytes = Encoding.UTF8.GetByteCount(clean);
        if (bytes > limits.MessageBytesMax)
        {
            Refuse(session, RefusalCode.TooLong, $"The message has {bytes} bytes, and {limits.MessageBytesMax} are the most: say it in parts.", key);
            return null;
        }

        if (MayGoOn(session))
            return clean;
        Refuse(session, RefusalCode.TooFast, "Too many messages in too short a time: this one was not taken. Wait a little.", key);
        return null;
    }

    /// <summary>Whether a client, and all of its host, have not done too much.</summary>
    private bool MayGoOn(ChatSession session)
    {
        if (!session.Said.TryTake(limits.PerClient, _now))
            return false;
        string origin = session.Client.Host;
        if (_origins.Count >= OriginsMax && !_origins.ContainsKey(origin))
            ForgetOrigins();
        TokenBucket bucket = _origins.GetValueOrDefault(origin);
        bool may = bucket.TryTake(limits.PerOrigin, _now);
        _origins[origin] = bucket;
        return may;
    }

    private void ForgetOrigins()
    {
        foreach ((string origin, TokenBucket bucket) in _origins)
        {
            TokenBucket copy = bucket;
            if (copy.IsFull(limits.PerOrigin, _now))
                _origins.Remove(origin);
        }
    }
}
