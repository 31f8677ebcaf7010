namespace Sockeye.Hub.Domain;

/// <content>Coming, going, and names.</content>
internal sealed partial class Chat
{
    private const string AskForName = "First say who you are.";

    private void Return(ChatSession session)
    {
        if (!session.Client.IsPersonal || session.Member is not null)
            Refuse(session, RefusalCode.NoName, AskForName);
        else if (MayGoOn(session))
            Ask(new StoreRequest.FindByOrigin(session.Client, session.Client.Origin));
        else
            Refuse(session, RefusalCode.TooFast, "Too many names in too short a time: wait a little.");
    }

    /// <summary>Goes on as if the name had been typed: it may be somebody else's just now.</summary>
    private void Found(StoreResult.Found found)
    {
        if (!_sessions.TryGetValue(found.Request.Client, out ChatSession? session) || session.Member is not null)
            return;
        if (found.Member is { } member)
            TakeName(session, new ChatInput.TakeName(session.Client, member.Name), member.Id);
        else
            Refuse(session, RefusalCode.NoName, AskForName);
    }

    /// <param name="session">Who asks.</param>
    /// <param name="take">For what.</param>
    /// <param name="known">Who the store says this client is, if it said so.</param>
    private void TakeName(ChatSession session, ChatInput.TakeName take, MemberId? known)
    {
        if (session.NameAsked is not null)
        {
            Refuse(session, RefusalCode.TooFast, "Your name is being looked up: one moment.");
            return;
        }

        if (names.Read(take.Name, limits.NameCharactersMax, out string name, out string key) is { } why)
        {
            Refuse(session, RefusalCode.BadName, why);
            return;
        }

        bool isMine = _namesHere.TryGetValue(key, out MemberId holder) && holder == session.Member?.Id;
        bool isHeld = _namesHere.ContainsKey(key) && !isMine && holder != known && !MayShare(session, holder, take.Password);
        if (isHeld && session.Member is null && take.Password is null && IsKeptByPassword(holder))
        {
            Refuse(session, RefusalCode.WrongPassword, $"{name} is kept by a password.");
            return;
        }

        if (isHeld || _namesAsked.Contains(key))
        {
            Refuse(session, RefusalCode.NameTaken, NameOf(holder) is { } other && !string.Equals(other, name, StringComparison.OrdinalIgnoreCase)
                ? $"{name} looks like {other}, who is here: take another name."
                : $"{name} is here already: take another name.");
            return;
        }

        if (!MayGoOn(session))
        {
            Refuse(session, RefusalCode.TooFast, "Too many names in too short a time: wait a little.");
            return;
        }

        session.NameAsked = key;
        _namesAsked.Add(key);
        Ask(session.Member is { } member
            ? new StoreRequest.Rename(session.Client, member.Id, name, key)
            : new StoreRequest.Identify(session.Client, name, key, session.Client.Origin, take.Password));
    }

    /// <summary>Whether somebody may be here twice: with the password, which the store will look at, or from what belongs to one person, such as a browser.</summary>
    private bool MayShare(ChatSession session, MemberId holder, string? password) =>
        session.Member is null
        && ((password is not null && IsKeptByPassword(holder))
            || (session.Client.IsPersonal && _local.TryGetValue(holder, out List<ChatSession>? others)
                && others.Exists(other => other.Client.IsPersonal && other.Client.Origin == session.Client.Origin)));

    private bool IsKeptByPassword(MemberId holder) =>
        _people.TryGetValue(holder, out (Person Person, int Hubs) there) && there.Person.Member.HasPassword;

    private void ReleaseName(ChatSession session)
    {
        if (session.NameAsked is { } key)
            _namesAsked.Remove(key);
        session.NameAsked = null;
    }

    private void Identified(StoreResult.Identified identified)
    {
        _namesAsked.Remove(identified.Request.Key);
        if (!_sessions.TryGetValue(identified.Request.Client, out ChatSession? session))
            return;
        ReleaseName(session);
        session.Member = identified.Member;
        if (!_local.TryGetValue(identified.Member.Id, out List<ChatSession>? sessions))
            _local.Add(identified.Member.Id, sessions = new List<ChatSession>(1));
        sessions.Add(session);
        if (sessions.Count == 1)
            Publish(new BusEvent.Changed(hub, new Person(identified.Member, null)));
        Show(session, new ChatEvent.Named(identified.Member, identified.Conversations));
        foreach (ConversationView view in identified.Conversations)
            WatchPartner(session, view.Conversation);
        EnterRemembered(session, identified.Conversations.Where(view => !view.Conversation.IsDirect));
    }

    private void Renamed(StoreResult.Renamed renamed)
    {
        _namesAsked.Remove(renamed.Request.Key);
        if (_sessions.TryGetValue(renamed.Request.Client, out ChatSession? asker))
        {
            ReleaseName(asker);
            Show(asker, new ChatEvent.Renamed(renamed.Member));
        }

        BecomeKnownAs(renamed.Member);
    }

    private void SetPassword(ChatSession session, Member member, string? password)
    {
        if (password is not null && (password.Length < limits.PasswordCharactersMin || password.Length > limits.PasswordCharactersMax))
        {
            Refuse(session, RefusalCode.BadPassword, $"A password has {limits.PasswordCharactersMin} to {limits.PasswordCharactersMax} characters.");
            return;
        }

        if (MayGoOn(session))
            Ask(new StoreRequest.SetPassword(session.Client, member.Id, password));
        else
            Refuse(session, RefusalCode.TooFast, "Too many in too short a time: wait a little.");
    }

    private void PasswordSet(StoreResult.PasswordSet set)
    {
        BecomeKnownAs(set.Member);
        if (Named(set.Request.Client) is { } session)
            Show(session, new ChatEvent.PasswordSet(set.Member.HasPassword));
    }

    /// <summary>The store knows a member of this hub by another name, or otherwise than before.</summary>
    private void BecomeKnownAs(Member member)
    {
        if (!_local.TryGetValue(member.Id, out List<ChatSession>? sessions))
            return;
        foreach (ChatSession session in sessions)
            session.Member = member;
        string? away = _people.TryGetValue(member.Id, out (Person Person, int Hubs) known) ? known.Person.Away : null;
        Publish(new BusEvent.Changed(hub, new Person(member, away)));
    }

    private void ClaimOwner(ChatSession session, Member member, string secret)
    {
        if (MayGoOn(session))
            Ask(new StoreRequest.ClaimOwner(session.Client, member.Id, OwnerInvitation.HashOf(secret), _now));
        else
            Refuse(session, RefusalCode.TooFast, "Too many in too short a time: wait a little.");
    }

    private void OwnerMade(StoreResult.OwnerMade made)
    {
        BecomeKnownAs(made.Member);
        if (Named(made.Request.Client) is { } session)
            Show(session, new ChatEvent.BecameOwner(made.Member));
    }

    private void SetAway(ChatSession session, Member member, string? why)
    {
        string? away = why is null ? null : ChatText.CleanLine(why);
        int characters = away?.EnumerateRunes().Count() ?? 0;
        if (characters > limits.AwayCharactersMax)
        {
            Refuse(session, RefusalCode.TooLong, $"The reason has {characters} characters, and {limits.AwayCharactersMax} are the most: say it shorter.");
            return;
        }

        if (!MayGoOn(session))
        {
            Refuse(session, RefusalCode.TooFast, "Too many in too short a time: wait a little.");
            return;
        }

        Publish(new BusEvent.Changed(hub, new Person(member, away)));
        Show(session, new ChatEvent.AwaySet(away));
    }

    private void Depart(ChatSession session)
    {
        Forget(session);
        ReleaseName(session);
        if (session.Member is not { } member)
            return;
        List<ChatSession> others = _local[member.Id];
        others.Remove(session);
        for (int i = session.Rooms.Count - 1; i >= 0; i--)
        {
            Room room = session.Rooms[i].Room;
            room.Remove(session);
            if (!others.Exists(other => other.PlaceOf(room) >= 0))
                Publish(new BusEvent.LeftRoom(hub, room.Conversation, member));
        }

        if (others.Count > 0)
            return;
        _local.Remove(member.Id);
        Publish(new BusEvent.Gone(hub, member));
    }

    /// <summary>What somebody who is here is called.</summary>
    private string? NameOf(MemberId member) => _people.TryGetValue(member, out (Person Person, int Hubs) there) ? there.Person.Member.Name : null;
}
