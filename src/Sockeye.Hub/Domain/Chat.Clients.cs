namespace Sockeye.Hub.Domain;

/// <content>Which clients there are.</content>
internal sealed partial class Chat
{
    /// <summary>The clients whose origin is one person's, by it.</summary>
    private readonly Dictionary<string, List<ChatSession>> _personal = [];

    private long _lastClient;

    private void Arrive(IChatClient client)
    {
        ChatSession session = new(client, _lastClient + 1);
        if (!_sessions.TryAdd(client, session))
            return;
        _lastClient++;
        if (client.IsPersonal)
        {
            if (!_personal.TryGetValue(client.Origin, out List<ChatSession>? others))
                _personal.Add(client.Origin, others = new List<ChatSession>(1));
            others.Add(session);
        }

        if (_closing is { } why)
            _effects.Add(new ChatEffect.Show(client, new ChatEvent.Closing(why)));
    }

    private void Forget(ChatSession session)
    {
        _sessions.Remove(session.Client);
        StopWatchingPartners(session);
        if (!_personal.TryGetValue(session.Client.Origin, out List<ChatSession>? others) || !others.Remove(session) || others.Count > 0)
            return;
        _personal.Remove(session.Client.Origin);
    }

    /// <summary>Everybody is told of their own clients only, an owner of all.</summary>
    private void ListClients(ChatSession session, long? number)
    {
        HashSet<ChatSession> own = [session];
        if (session.Member is { } member)
            own.UnionWith(_local[member.Id]);
        if (session.Client.IsPersonal)
            own.UnionWith(_personal[session.Client.Origin]);
        bool seesAll = session.Member?.IsOwner == true;
        IEnumerable<ChatSession> seen = seesAll ? own.Concat(_sessions.Values.Where(other => !own.Contains(other))) : own;
        if (number is not null)
            seen = seen.Where(other => other.Number == number);
        ClientView[] list =
            [.. seen.Take(limits.ListedClientsMax).OrderBy(other => other.Number).Select(other => new ClientView(other.Number, other.Client, other.Member, own.Contains(other)))];
        Show(session, new ChatEvent.Clients(list, seesAll ? _sessions.Count : own.Count, number));
    }
}
