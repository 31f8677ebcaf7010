namespace Sockeye.Hub.Domain;

/// <content>What the bus tells. All hubs that hear the same know the same of rooms and people.</content>
internal sealed partial class Chat
{
    private void HandleBus(BusEvent happened)
    {
        switch (happened)
        {
            case BusEvent.Posted posted:
                Posted(posted);
                break;
            case BusEvent.HasRead read:
                ShowToMember(read.Who, new ChatEvent.ReadElsewhere(read.Where, read.Number), read.Client);
                break;
            case BusEvent.Typing typing:
                Typing(typing);
                break;
            case BusEvent.TypingTo typing:
                ShowToMember(typing.To, new ChatEvent.SomebodyTypesToYou(typing.Who), null);
                break;
            case BusEvent.Entered entered:
                Entered(entered);
                break;
            case BusEvent.LeftRoom left:
                LeftRoom(left.Hub, left.Room.Id, left.Who.Id);
                break;
            case BusEvent.Changed changed:
                Changed(changed);
                break;
            case BusEvent.Gone gone:
                Gone(gone.Hub, gone.Who.Id);
                break;
            case BusEvent.HubGone gone when gone.Hub != hub:
                foreach ((HubId _, MemberId member) in _presences.Keys.Where(key => key.Hub == gone.Hub).ToArray())
                    Gone(gone.Hub, member);
                break;
        }
    }

    private void Entered(BusEvent.Entered entered)
    {
        MemberId id = entered.Who.Member.Id;
        Presence presence = PresenceOf(entered.Hub, entered.Who);
        Room room = Open(entered.Room);
        if (presence.Rooms.Contains(room))
            return;
        presence.Rooms.Add(room);
        int hubs = room.People.TryGetValue(id, out (Person Person, int Hubs) there) ? there.Hubs : 0;
        room.People[id] = (entered.Who, hubs + 1);
        if (hubs == 0)
            Announce(room, new ChatEvent.SomebodyEntered(room.Conversation, entered.Who.Member), id);
    }

    private void LeftRoom(HubId from, ConversationId id, MemberId member)
    {
        if (_rooms.TryGetValue(id, out Room? room) && _presences.TryGetValue((from, member), out Presence? presence) && presence.Rooms.Remove(room))
            TakeOut(room, presence.Person.Member);
    }

    private void TakeOut(Room room, Member member)
    {
        (Person person, int hubs) = room.People[member.Id];
        if (hubs > 1)
        {
            room.People[member.Id] = (person, hubs - 1);
            return;
        }

        room.People.Remove(member.Id);
        Announce(room, new ChatEvent.SomebodyLeft(room.Conversation, member), member.Id);
        CloseIfEmpty(room);
    }

    private void Changed(BusEvent.Changed changed)
    {
        Member member = changed.Who.Member;
        Presence presence = PresenceOf(changed.Hub, changed.Who);
        Person former = _people[member.Id].Person;
        presence.Person = changed.Who;
        _people[member.Id] = (changed.Who, _people[member.Id].Hubs);
        if (former == changed.Who)
            return;
        TellPartners(changed.Who, isHere: true);
        Rename(former.Member, member);
        ChatEvent shown = new ChatEvent.SomebodyChanged(changed.Who, former.Member.Name == member.Name ? null : former.Member.Name, former.Away != changed.Who.Away);
        HashSet<IChatClient> told = [];
        if (_local.TryGetValue(member.Id, out List<ChatSession>? own))
            told.UnionWith(own.Select(session => session.Client));
        foreach (Room room in presence.Rooms)
        {
            room.People[member.Id] = room.People[member.Id] with { Person = changed.Who };
            if (room.People.Count <= limits.AnnouncedPeopleMax)
                told.UnionWith(room.Clients);
        }

        _effects.Add(new ChatEffect.ShowAll([.. told], shown, null));
    }

    private void Gone(HubId from, MemberId member)
    {
        if (!_presences.Remove((from, member), out Presence? presence))
            return;
        foreach (Room room in presence.Rooms)
            TakeOut(room, presence.Person.Member);
        (Person person, int hubs) = _people[member];
        if (hubs > 1)
        {
            _people[member] = (person, hubs - 1);
            return;
        }

        _people.Remove(member);
        TellPartners(person, isHere: false);
        if (names.Read(person.Member.Name, int.MaxValue, out _, out string key) is null && _namesHere.GetValueOrDefault(key) == member)
            _namesHere.Remove(key);
    }

    /// <summary>Where a member is by way of a hub; made when this is the first that is heard of them there.</summary>
    private Presence PresenceOf(HubId from, Person who)
    {
        MemberId id = who.Member.Id;
        if (_presences.TryGetValue((from, id), out Presence? presence))
            return presence;
        presence = new Presence(who);
        _presences.Add((from, id), presence);
        int hubs = _people.TryGetValue(id, out (Person Person, int Hubs) there) ? there.Hubs : 0;
        _people[id] = (hubs == 0 ? who : there.Person, hubs + 1);
        if (hubs == 0)
            TellPartners(who, isHere: true);
        if (names.Read(who.Member.Name, int.MaxValue, out _, out string key) is null)
            _namesHere[key] = id;
        return presence;
    }

    private void Rename(Member former, Member member)
    {
        if (former.Name == member.Name)
            return;
        if (names.Read(former.Name, int.MaxValue, out _, out string old) is null && _namesHere.GetValueOrDefault(old) == member.Id)
            _namesHere.Remove(old);
        if (names.Read(member.Name, int.MaxValue, out _, out string key) is null)
            _namesHere[key] = member.Id;
    }

    /// <summary>Tells a room who comes and goes, but not the one it is about, and not where so many are that it would be all they read.</summary>
    private void Announce(Room room, ChatEvent happened, MemberId about)
    {
        if (room.People.Count > limits.AnnouncedPeopleMax)
            return;
        foreach (IChatClient client in room.Clients)
        {
            if (_sessions.TryGetValue(client, out ChatSession? session) && session.Member?.Id != about)
                Show(session, happened);
        }
    }
}
