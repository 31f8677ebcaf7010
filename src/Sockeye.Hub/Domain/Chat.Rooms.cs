namespace Sockeye.Hub.Domain;

/// <content>Rooms, and who is in them.</content>
internal sealed partial class Chat
{
    private const string TooManyOpen = "There are as many rooms open as there may be: join one of them.";

    private void Join(ChatSession session, Member member, string name)
    {
        if (names.Read(name.TrimStart('#'), limits.NameCharactersMax, out string shown, out string key) is { } why)
            Refuse(session, RefusalCode.BadRoom, why);
        else if (session.Rooms.Count >= limits.RoomsPerMemberMax && RoomOf(session, name) is null)
            RefuseRoom(session);
        else if (!MayBeOpen(key))
            Refuse(session, RefusalCode.TooManyRooms, TooManyOpen);
        else if (!MayGoOn(session))
            Refuse(session, RefusalCode.TooFast, "Too many rooms in too short a time: wait a little.");
        else
            Ask(new StoreRequest.OpenRoom(session.Client, member.Id, shown, key));
    }

    /// <summary>Whether a room is open, or one more may be.</summary>
    private bool MayBeOpen(string key) => _rooms.Count < limits.OpenRoomsMax || _roomsByKey.ContainsKey(key) || key == _lobbyKey;

    private void RefuseRoom(ChatSession session) =>
        Refuse(session, RefusalCode.TooManyRooms, $"You are in {session.Rooms.Count} rooms, which is as many as one may be in: leave one first.");

    /// <summary>Counts again: more rooms may have been asked for before the first of them was opened.</summary>
    private void EnterOpened(ChatSession session, ConversationView view)
    {
        if (session.Rooms.Count >= limits.RoomsPerMemberMax && !session.Rooms.Exists(place => place.Room.Conversation.Id == view.Conversation.Id))
        {
            RefuseRoom(session);
            Ask(new StoreRequest.LeaveRoom(session.Member!.Id, view.Conversation.Id));
            return;
        }

        if (!MayBeOpen(KeyOf(view.Conversation)))
        {
            Refuse(session, RefusalCode.TooManyRooms, TooManyOpen);
            Ask(new StoreRequest.LeaveRoom(session.Member!.Id, view.Conversation.Id));
            return;
        }

        Enter(session, view);
        EnterElsewhere(session, view);
    }

    /// <summary>Goes back into the rooms that the store remembers for a member, or into the lobby: as many of them as may be open, and the others stay remembered.</summary>
    private void EnterRemembered(ChatSession session, IEnumerable<ConversationView> views)
    {
        foreach (ConversationView view in views)
        {
            if (MayBeOpen(KeyOf(view.Conversation)))
                Enter(session, view);
            else
                Refuse(session, RefusalCode.TooManyRooms, $"You are not in {view.Conversation.Room} now: there are as many rooms open as there may be. Join it later.");
        }

        if (session.Rooms.Count == 0)
            Join(session, session.Member!, limits.Lobby);
    }

    private void Enter(ChatSession session, ConversationView view)
    {
        Room room = Open(view.Conversation);
        room.LastNumber = Math.Max(room.LastNumber, view.LastNumber);
        Member member = session.Member!;
        if (session.PlaceOf(room) < 0)
        {
            bool isThere = _local[member.Id].Exists(other => other.PlaceOf(room) >= 0);
            room.Add(session);
            if (!isThere)
                Publish(new BusEvent.Entered(hub, room.Conversation, PersonOf(member)));
        }

        PeopleView people = room.Look(limits.ListedPeopleMax, PersonOf(member));
        Show(session, new ChatEvent.Joined(view with { Conversation = room.Conversation, LastNumber = room.LastNumber }, people));
    }

    /// <summary>The other windows of one person, each of which shows all of their rooms.</summary>
    private void EnterElsewhere(ChatSession session, ConversationView view)
    {
        foreach (ChatSession other in _local[session.Member!.Id])
        {
            if (other != session && other.Client.IsPersonal && !other.Rooms.Exists(place => place.Room.Conversation.Id == view.Conversation.Id))
                Enter(other, view);
        }
    }

    private void Leave(ChatSession session, Member member, string name)
    {
        if (RoomOf(session, name) is not { } room)
        {
            Refuse(session, RefusalCode.NotInRoom, NotIn(name, "."));
            return;
        }

        // All of a member's clients go out together: whoever is in a room is in it everywhere.
        foreach (ChatSession other in _local[member.Id])
        {
            if (other.PlaceOf(room) < 0)
                continue;
            room.Remove(other);
            Show(other, new ChatEvent.Left(room.Conversation));
        }

        Ask(new StoreRequest.LeaveRoom(member.Id, room.Conversation.Id));
        Publish(new BusEvent.LeftRoom(hub, room.Conversation, member));
    }

    private void ListPeople(ChatSession session, string? name)
    {
        if (name is null)
        {
            Person[] some = [.. _people.Values.Take(limits.ListedPeopleMax).Select(entry => entry.Person)];
            Show(session, new ChatEvent.People(new PeopleView(null, some, _people.Count)));
        }
        else if (RoomOf(session, name) is { } room)
        {
            Show(session, new ChatEvent.People(room.Look(limits.ListedPeopleMax)));
        }
        else
        {
            Refuse(session, RefusalCode.NotInRoom, NotIn(name, ": join it to see who is there."));
        }
    }

    /// <summary>That a client is not in the room of a name, or that there is no such room.</summary>
    private string NotIn(string name, string advice)
    {
        string room = name.TrimStart('#');
        if (string.IsNullOrWhiteSpace(room))
            return "Say in which room: its name is missing.";
        return names.Read(room, limits.NameCharactersMax, out string shown, out _) is { } why ? $"There is no room of that name. {why}" : $"You are not in {shown}{advice}";
    }

    /// <summary>The room of a name that a session is in; null: it is not in one.</summary>
    private Room? RoomOf(ChatSession session, string name) =>
        names.Read(name.TrimStart('#'), limits.NameCharactersMax, out _, out string key) is null
        && _roomsByKey.TryGetValue(key, out Room? room) && session.PlaceOf(room) >= 0 ? room : null;

    private Room Open(Conversation conversation)
    {
        if (_rooms.TryGetValue(conversation.Id, out Room? room))
            return room;
        room = new Room(conversation, KeyOf(conversation));
        _rooms.Add(conversation.Id, room);
        _roomsByKey[room.Key] = room;
        return room;
    }

    private string KeyOf(Conversation room) => KeyOf(names, room.Room!);

    /// <summary>A room's name as it is compared.</summary>
    private static string KeyOf(INameRules names, string room)
    {
        names.Read(room, int.MaxValue, out _, out string key);
        return key;
    }

    private void CloseIfEmpty(Room room)
    {
        if (!room.IsEmpty)
            return;
        _rooms.Remove(room.Conversation.Id);
        _roomsByKey.Remove(room.Key);
    }

    private int PeopleIn(ConversationId room) => _rooms.TryGetValue(room, out Room? open) ? open.People.Count : 0;

    private Person PersonOf(Member member) =>
        _people.TryGetValue(member.Id, out (Person Person, int Hubs) known) ? known.Person : new Person(member, null);
}
