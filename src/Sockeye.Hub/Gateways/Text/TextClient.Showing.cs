using System.Globalization;
using System.Text;
using Sockeye.Hub.Domain;

namespace Sockeye.Hub.Gateways.Text;

/// <content>What the client is shown. All of it runs in the hub's loop.</content>
internal sealed partial class TextClient
{
    private ConversationCursor? _cursors;
    private Member? _member;

    /// <summary>The room that lines go to; null: it is in none.</summary>
    private volatile Conversation? _room;

    /// <summary>How many rooms it comes into by having taken its name.</summary>
    private int _roomsToEnter;

    /// <summary>The last word was said: whatever else happens, the client is shown nothing.</summary>
    private bool _isClosed;

    public void Show(ChatEvent happened)
    {
        if (_isClosed)
            return;
        switch (happened)
        {
            case ChatEvent.Posted posted:
                Heard(posted.Message);
                break;
            case ChatEvent.Accepted accepted:
                Accepted(accepted.Message);
                break;
            case ChatEvent.Refused refused:
                Refused(refused);
                break;
            case ChatEvent.Named named:
                Named(named);
                break;
            case ChatEvent.Renamed renamed:
                _member = renamed.Member;
                Answer(Awaited.Name, $"* You are {renamed.Member.Name} now.");
                break;
            case ChatEvent.Joined joined:
                Joined(joined);
                break;
            case ChatEvent.Left left:
                HasLeft(left.Room);
                break;
            case ChatEvent.SomebodyEntered entered:
                Add(IsHere(entered.Room) ? $"* {entered.Who.Name} has come in." : $"* {entered.Who.Name} has come into #{entered.Room.Room}.");
                break;
            case ChatEvent.SomebodyLeft left:
                Add(IsHere(left.Room) ? $"* {left.Who.Name} has left." : $"* {left.Who.Name} has left #{left.Room.Room}.");
                break;
            case ChatEvent.SomebodyChanged changed:
                Changed(changed);
                break;
            case ChatEvent.Rooms rooms:
                ShowRooms(rooms.List);
                Answered(Awaited.List);
                break;
            case ChatEvent.People people:
                Answer(Awaited.List, $"* {TextLists.People(people.List, _member, people.List.Room is { } room ? $"in #{room.Room}" : "on this hub")}");
                break;
            case ChatEvent.History history:
                HistoryRead(history);
                break;
            case ChatEvent.PasswordSet set:
                Answer(Awaited.Password, set.HasPassword ? "* Your name is kept by that password now." : "* Your name is not kept by a password any more.");
                break;
            case ChatEvent.BecameOwner:
                Answer(Awaited.Owner, "* This hub is yours now.");
                break;
            case ChatEvent.Closing closing:
                _isClosed = true;
                _outbox.AddLast(Encoding.UTF8.GetBytes($"* {closing.Why} Good-bye.\r\n"));
                StopReading();
                break;
        }
    }

    public void Flush()
    {
        _outbox.Flush();
        GoOnCatchingUp();
    }

    public void OnOutboxFailed(Exception error) => StopReading();

    private bool IsHere(Conversation room) => _room?.Id == room.Id;

    private void Named(ChatEvent.Named named)
    {
        _member = named.Member;
        int rooms = named.Conversations.Count(view => !view.Conversation.IsDirect);
        _roomsToEnter = Math.Max(1, rooms);
        Add($"* {(rooms > 0 ? "Welcome back" : "Hello")}, {named.Member.Name}. What you type is said to the room; /help lists what else you can do.");
        foreach (ConversationView view in named.Conversations)
        {
            if (view.Conversation.IsDirect && view.LastNumber > view.ReadNumber)
                ShowFrom(Add(view.Conversation, view.ReadNumber), view.LastNumber, TextDoor.HistoryShown);
        }
    }

    private void Joined(ChatEvent.Joined joined)
    {
        (Conversation room, long last, long read) = joined.Room;
        bool isAsked = _roomsToEnter == 0;
        bool isWatched = isAsked || _room is null;
        if (isWatched)
            _room = room;
        Add(isWatched ? $"* You are in #{room.Room}. {TextLists.People(joined.Here, _member, "here")}" : $"* You are in #{room.Room} too.");

        ConversationCursor? cursor = CursorOf(room);
        if (cursor is not { IsIn: true })
        {
            long from = Math.Min(read, isWatched ? Math.Max(0, last - TextDoor.HistoryShown) : last);
            cursor ??= Add(room, from);
            cursor.Last = Math.Max(cursor.Last, from);
            cursor.IsIn = true;
            cursor.NewFrom = isWatched && !isAsked && read < last ? read + 1 : 0;
            ShowFrom(cursor, last, isWatched ? TextDoor.CaughtUpMax : TextDoor.HistoryShown);
        }

        if (isAsked)
            Answered(Awaited.Join);
        else if (--_roomsToEnter == 0)
            Answered(Awaited.Name);
    }

    private void HasLeft(Conversation room)
    {
        if (CursorOf(room) is { } cursor)
        {
            cursor.IsIn = false;
            cursor.Known = cursor.Last;
        }

        string next = "";
        if (IsHere(room))
        {
            ConversationCursor? other = _cursors;
            while (other is not null && !other.IsIn)
                other = other.Next;
            _room = other?.Conversation;
            next = _room is { } here ? $" You are in #{here.Room} now." : " You are in no room now: /join one.";
        }

        Answer(Awaited.Leave, $"* You have left #{room.Room}.{next}");
    }

    private void Changed(ChatEvent.SomebodyChanged changed)
    {
        Member who = changed.Who.Member;
        if (who.Id == _member?.Id)
            _member = who;
        else if (changed.FormerName is { } former)
            Add($"* {former} is {who.Name} now.");
        else if (changed.IsAwayChanged)
            Add(changed.Who.Away is { } away ? $"* {who.Name} is away{(away.Length > 0 ? $": {away}" : "")}." : $"* {who.Name} is back.");
    }

    private void Refused(ChatEvent.Refused refused)
    {
        if (refused.Tag is ConversationCursor cursor)
        {
            FetchRefused(cursor, refused.Refusal);
            return;
        }

        if (refused.Refusal.Code == RefusalCode.WrongPassword)
            _passwordWanted = refused.Refusal.Text;
        else
            Add($"! {refused.Refusal.Text}");
        if (_roomsToEnter > 0)
            _roomsToEnter = 0;
        RefusalAnswered();
        if (_isCatchingUp)
            CatchUp();
    }

    private void ShowRooms(IReadOnlyList<RoomView> rooms)
    {
        foreach (RoomView room in rooms)
        {
            string people = string.Create(CultureInfo.InvariantCulture, $"{room.People} {(room.People == 1 ? "person" : "people")}");
            Add($"* #{room.Room.Room}, {people}{(IsHere(room.Room) ? ", where you are" : CursorOf(room.Room) is { IsIn: true } ? ", with you" : "")}");
        }

        if (rooms.Count == 0)
            Add("* There are no rooms yet: /join NAME makes one.");
    }

    /// <summary>Adds a line, and lets go on what waits for it.</summary>
    private void Answer(Awaited what, string line)
    {
        Add(line);
        Answered(what);
    }

    /// <summary>Adds a line for this client alone. One that is not taken, as too much waits already, is lost: it tells of a moment that is over.</summary>
    private bool Add(string line) => _outbox.TryAdd(Encoding.UTF8.GetBytes(line + "\r\n"));
}
