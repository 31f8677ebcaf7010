namespace Sockeye.Hub.Domain;

/// <summary>A room with somebody in it: who of this hub, to be shown things, and who of all hubs, to be told of.</summary>
internal sealed class Room(Conversation conversation, string key)
{
    private readonly List<ChatSession> _sessions = [];
    private readonly List<IChatClient> _clients = [];

    public Conversation Conversation { get; } = conversation;

    /// <summary>The name as it is compared.</summary>
    public string Key { get; } = key;

    /// <summary>The latest message's number, as far as it is known here.</summary>
    public long LastNumber { get; set; }

    /// <summary>The clients of this hub that are in it.</summary>
    public IReadOnlyList<IChatClient> Clients => _clients;

    /// <summary>Who is in it on any hub, and by way of how many.</summary>
    public Dictionary<MemberId, (Person Person, int Hubs)> People { get; } = [];

    public bool IsEmpty => _clients.Count == 0 && People.Count == 0;

    public void Add(ChatSession session)
    {
        session.Rooms.Add((this, _sessions.Count));
        _sessions.Add(session);
        _clients.Add(session.Client);
    }

    /// <summary>Takes a session out in constant time: the last one takes its place.</summary>
    public void Remove(ChatSession session)
    {
        int place = session.PlaceOf(this);
        int index = session.Rooms[place].Index;
        session.Rooms.RemoveAt(place);
        ChatSession last = _sessions[^1];
        if (last != session)
        {
            _sessions[index] = last;
            _clients[index] = last.Client;
            last.Rooms[last.PlaceOf(this)] = (this, index);
        }

        _sessions.RemoveAt(_sessions.Count - 1);
        _clients.RemoveAt(_clients.Count - 1);
    }

    /// <summary>Who is in it, as far as it is told, and <paramref name="arriving"/> too: the bus may not have told of them yet.</summary>
    public PeopleView Look(int listedMax, Person? arriving = null)
    {
        List<Person> some = [.. People.Values.Take(listedMax).Select(entry => entry.Person)];
        if (arriving is null || People.ContainsKey(arriving.Member.Id))
            return new PeopleView(Conversation, some, People.Count);
        if (some.Count < listedMax)
            some.Add(arriving);
        return new PeopleView(Conversation, some, People.Count + 1);
    }
}
