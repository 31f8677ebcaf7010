namespace Sockeye.Hub.Domain;

/// <content>
/// Who is told whether those they talk with one to one are here, in a common room or not: clients of one person, as a page is, which show all of their conversations.
/// </content>
internal sealed partial class Chat
{
    /// <summary>The clients of this hub that are told of a member.</summary>
    private readonly Dictionary<MemberId, HashSet<ChatSession>> _watchers = [];

    /// <summary>From now on a client is told of the other one in a conversation; at once if that one is here.</summary>
    private void WatchPartner(ChatSession session, Conversation conversation)
    {
        if (!session.Client.IsPersonal || session.Member is not { } member || conversation.OtherThan(member.Id) is not { } other || other.Id == member.Id)
            return;
        session.Partners ??= [];
        if (session.Partners.Count >= limits.PartnersMax || !session.Partners.Add(other.Id))
            return;
        if (!_watchers.TryGetValue(other.Id, out HashSet<ChatSession>? watchers))
            _watchers.Add(other.Id, watchers = []);
        watchers.Add(session);
        if (_people.TryGetValue(other.Id, out (Person Person, int Hubs) there))
            Show(session, new ChatEvent.PartnerChanged(there.Person, IsHere: true));
    }

    /// <summary>Something is said between two: it may be the first.</summary>
    private void WatchPartners(Conversation conversation)
    {
        foreach (Member one in new[] { conversation.First!, conversation.Second! })
        {
            if (!_local.TryGetValue(one.Id, out List<ChatSession>? sessions))
                continue;
            foreach (ChatSession session in sessions)
                WatchPartner(session, conversation);
        }
    }

    private void StopWatchingPartners(ChatSession session)
    {
        foreach (MemberId other in session.Partners ?? [])
        {
            HashSet<ChatSession> watchers = _watchers[other];
            watchers.Remove(session);
            if (watchers.Count == 0)
                _watchers.Remove(other);
        }
    }

    /// <summary>As in rooms: of somebody with whom very many talk, nobody is told who is here already.</summary>
    private void TellPartners(Person who, bool isHere)
    {
        if (!_watchers.TryGetValue(who.Member.Id, out HashSet<ChatSession>? watchers) || watchers.Count > limits.AnnouncedPeopleMax)
            return;
        ChatEvent.PartnerChanged shown = new(who, isHere);
        foreach (ChatSession session in watchers)
            Show(session, shown);
    }
}
