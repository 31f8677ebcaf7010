namespace Sockeye.Hub.Domain;

/// <summary>
/// The chat: who is here, in which rooms, and what follows from what they do. It does nothing itself: it is told what happened and the time, and answers
/// what shall be done. One thread at a time.
/// </summary>
/// <param name="hub">Which of the hubs on the bus this is.</param>
/// <param name="limits">How far things may grow.</param>
/// <param name="names">What may be a name, and which names are the same.</param>
internal sealed partial class Chat(HubId hub, ChatLimits limits, INameRules names)
{
    private readonly Dictionary<IChatClient, ChatSession> _sessions = [];
    private readonly Dictionary<MemberId, List<ChatSession>> _local = [];
    private readonly Dictionary<(HubId Hub, MemberId Member), Presence> _presences = [];
    private readonly Dictionary<MemberId, (Person Person, int Hubs)> _people = [];
    private readonly Dictionary<string, MemberId> _namesHere = [];
    private readonly HashSet<string> _namesAsked = [];
    private readonly Dictionary<ConversationId, Room> _rooms = [];
    private readonly Dictionary<string, Room> _roomsByKey = [];
    private readonly Dictionary<string, TokenBucket> _origins = [];
    private readonly List<ChatEffect> _effects = [];
    private DateTimeOffset _now;

    /// <summary>The lobby's name as it is compared.</summary>
    private readonly string _lobbyKey = KeyOf(names, limits.Lobby);

    /// <summary>Why the hub ends; null while it does not.</summary>
    private string? _closing;

    /// <summary>Whether a client has arrived, and is not gone.</summary>
    public bool Has(IChatClient client) => _sessions.ContainsKey(client);

    /// <summary>How much it has in mind.</summary>
    public ChatSizes Sizes => new(_sessions.Count, _local.Count, _people.Count, _namesHere.Count + _namesAsked.Count, _rooms.Count, _watchers.Count);

    /// <summary>Takes what happened.</summary>
    /// <returns>What shall be done now, in this order. The list is used again for the next.</returns>
    public IReadOnlyList<ChatEffect> Handle(ChatInput input, DateTimeOffset now)
    {
        _effects.Clear();
        _now = now;
        switch (input)
        {
            case ChatInput.Arrive arrive:
                Arrive(arrive.Client);
                break;
            case ChatInput.FromClient asked when _sessions.TryGetValue(asked.Client, out ChatSession? session):
                HandleClient(session, asked);
                break;
            case ChatInput.FromStore answered:
                HandleResult(answered.Result);
                break;
            case ChatInput.FromBus heard:
                HandleBus(heard.Event);
                break;
            case ChatInput.Close close:
                _closing = close.Why;
                _effects.Add(new ChatEffect.ShowAll([.. _sessions.Keys], new ChatEvent.Closing(close.Why), null));
                break;
        }

        return _effects;
    }

    private void HandleClient(ChatSession session, ChatInput.FromClient asked)
    {
        switch (asked)
        {
            case ChatInput.Depart:
                Depart(session);
                return;
            case ChatInput.TakeName take:
                TakeName(session, take, null);
                return;
            case ChatInput.Return:
                Return(session);
                return;
            case ChatInput.ListClients list:
                ListClients(session, list.Number);
                return;
        }

        if (session.Member is not { } member)
        {
            string? key = (asked as ChatInput.Say)?.Key ?? (asked as ChatInput.Tell)?.Key;
            Show(session, new ChatEvent.Refused(new Refusal(RefusalCode.NoName, AskForName), key, (asked as ChatInput.ReadHistory)?.Tag));
            return;
        }

        switch (asked)
        {
            case ChatInput.Say say:
                Say(session, member, say);
                break;
            case ChatInput.Tell tell:
                Tell(session, member, tell);
                break;
            case ChatInput.OpenDirect open:
                OpenDirect(session, member, open);
                break;
            case ChatInput.Type type:
                Type(session, member, type);
                break;
            case ChatInput.TypeTo type:
                TypeTo(session, member, type);
                break;
            case ChatInput.Join join:
                Join(session, member, join.Room);
                break;
            case ChatInput.Leave leave:
                Leave(session, member, leave.Room);
                break;
            case ChatInput.SetPassword set:
                SetPassword(session, member, set.Password);
                break;
            case ChatInput.ClaimOwner claim:
                ClaimOwner(session, member, claim.Secret);
                break;
            case ChatInput.SetAway away:
                SetAway(session, member, away.Why);
                break;
            case ChatInput.MarkRead read:
                Ask(new StoreRequest.MarkRead(member.Id, read.Conversation, read.Number));
                Publish(new BusEvent.HasRead(member.Id, read.Conversation, read.Number, session.Client));
                break;
            case ChatInput.ListPeople list:
                ListPeople(session, list.Room);
                break;
            case ChatInput.ListRooms:
                Ask(new StoreRequest.ListRooms(session.Client, limits.ListedRoomsMax));
                break;
            case ChatInput.ReadHistory read:
                Ask(new StoreRequest.ReadHistory(
                    session.Client, member.Id, read.Where, read.After, read.Before, Math.Clamp(read.Count, 1, limits.HistoryMessagesMax), read.Tag));
                break;
        }
    }

    private void HandleResult(StoreResult result)
    {
        switch (result)
        {
            case StoreResult.Identified identified:
                Identified(identified);
                break;
            case StoreResult.Renamed renamed:
                Renamed(renamed);
                break;
            case StoreResult.PasswordSet set:
                PasswordSet(set);
                break;
            case StoreResult.Found found:
                Found(found);
                break;
            case StoreResult.OwnerMade made:
                OwnerMade(made);
                break;
            case StoreResult.RoomOpened opened when Named(opened.Request.Client) is { } session:
                EnterOpened(session, opened.View);
                break;
            case StoreResult.DirectOpened opened:
                DirectOpened(opened);
                break;
            case StoreResult.Appended appended:
                Appended(appended);
                break;
            case StoreResult.HistoryRead read when Named(read.Request.Client) is { } session:
                Show(session, new ChatEvent.History(read.Where, read.Messages, read.HasMore, read.Request.Tag));
                break;
            case StoreResult.RoomsListed listed when Named(listed.Request.Client) is { } session:
                Show(session, new ChatEvent.Rooms([.. listed.Rooms.Select(room => new RoomView(room, PeopleIn(room.Id)))]));
                break;
            case StoreResult.Failed failed:
                Failed(failed);
                break;
        }
    }

    private void Failed(StoreResult.Failed failed)
    {
        (IChatClient? client, string? key) = failed.Request switch
        {
            StoreRequest.Identify request => (request.Client, null),
            StoreRequest.Rename request => (request.Client, null),
            StoreRequest.SetPassword request => (request.Client, null),
            StoreRequest.OpenRoom request => (request.Client, null),
            StoreRequest.OpenDirect request => (request.Client, request.MessageKey),
            StoreRequest.Append request => (request.Client, request.Key),
            StoreRequest.ReadHistory request => (request.Client, null),
            StoreRequest.ListRooms request => (request.Client, null),
            StoreRequest.FindByOrigin request => (request.Client, null),
            StoreRequest.ClaimOwner request => (request.Client, null),
            _ => ((IChatClient?)null, (string?)null),
        };
        if (client is null || !_sessions.TryGetValue(client, out ChatSession? session))
        {
            if (failed.Request is StoreRequest.Identify { Key: var asked })
                _namesAsked.Remove(asked);
            return;
        }

        if (failed.Request is StoreRequest.Identify or StoreRequest.Rename)
            ReleaseName(session);
        Show(session, new ChatEvent.Refused(failed.Refusal, key, (failed.Request as StoreRequest.ReadHistory)?.Tag));
    }

    /// <summary>A client that has a name; null for one that is gone, or has none.</summary>
    private ChatSession? Named(IChatClient client) => _sessions.TryGetValue(client, out ChatSession? session) && session.Member is not null ? session : null;

    private void Show(ChatSession session, ChatEvent happened) => _effects.Add(new ChatEffect.Show(session.Client, happened));

    private void Ask(StoreRequest request) => _effects.Add(new ChatEffect.Ask(request));

    private void Publish(BusEvent happened) => _effects.Add(new ChatEffect.Publish(happened));

    private void Refuse(ChatSession session, RefusalCode code, string text, string? key = null) =>
        Show(session, new ChatEvent.Refused(new Refusal(code, text), key));
}
