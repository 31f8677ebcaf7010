using System.Text;
using Sockeye.Hub.Domain;
using Sockeye.Hub.Gateways.Plain;

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

    /// <summary>The last word was said: whatever else happens, the client is shown nothing but what became of what it had said.</summary>
    private volatile bool _isClosed;

    public void Show(ChatEvent happened)
    {
        if (_isClosed)
        {
            AnswerLate(happened);
            return;
        }

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
                Answer(Awaited.Name, PlainTexts.Renamed(renamed.Member));
                break;
            case ChatEvent.Joined joined:
                Joined(joined);
                break;
            case ChatEvent.Left left:
                HasLeft(left.Room);
                break;
            case ChatEvent.SomebodyEntered or ChatEvent.SomebodyLeft:
                Add(PlainTexts.OfOthers(happened, _room)!);
                break;
            case ChatEvent.SomebodyChanged changed:
                Changed(changed);
                break;
            case ChatEvent.Rooms rooms:
                ShowRooms(rooms.List);
                Answered(Awaited.List);
                break;
            case ChatEvent.People people:
                Answer(Awaited.List, PlainTexts.People(people.List, _member));
                break;
            case ChatEvent.History history:
                HistoryRead(history);
                break;
            case ChatEvent.AwaySet away:
                _isAway = away.Why is not null;
                Answer(Awaited.Away, PlainTexts.Away(_isAway));
                break;
            case ChatEvent.PasswordSet set:
                Answer(Awaited.Password, PlainTexts.PasswordSet(set.HasPassword));
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

    private void AnswerLate(ChatEvent happened)
    {
        if (happened is ChatEvent.Refused { Tag: not ConversationCursor } refused)
            _outbox.AddLast(Encoding.UTF8.GetBytes($"! {refused.Refusal.Text}\r\n"));
        if (happened is ChatEvent.Accepted or ChatEvent.Refused { Tag: not ConversationCursor })
            SaidAnswered();
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
        Add($"{PlainTexts.Hello(named)} What you type is said to the room; /help lists what else you can do.");
        foreach (ConversationView view in named.Conversations)
        {
            if (view.Conversation.IsDirect && view.LastNumber > view.ReadNumber)
                ShowFrom(Add(view.Conversation, view.ReadNumber), view.LastNumber, _door.Limits.HistoryShown);
        }
    }

    private void Joined(ChatEvent.Joined joined)
    {
        (Conversation room, long last, long read) = joined.Room;
        bool isAsked = _roomsToEnter == 0;
        bool isWatched = isAsked || _room is null;
        if (isWatched)
            _room = room;
        Add(PlainTexts.Joined(joined, _member, isWatched));

        ConversationCursor? cursor = CursorOf(room);
        if (cursor is not { IsIn: true })
        {
            long from = Math.Min(read, isWatched ? Math.Max(0, last - _door.Limits.HistoryShown) : last);
            cursor ??= Add(room, from);
            cursor.Last = Math.Max(cursor.Last, from);
            cursor.IsIn = true;
            cursor.NewFrom = isWatched && !isAsked && read < last ? read + 1 : 0;
            ShowFrom(cursor, last, isWatched ? _door.Limits.CaughtUpMax : _door.Limits.HistoryShown);
        }

        if (isAsked)
            Answered(Awaited.Join);
        else
            HasEnteredOneMore();
    }

    private void HasEnteredOneMore()
    {
        if (--_roomsToEnter == 0)
            Answered(Awaited.Name);
    }

    private void HasLeft(Conversation room)
    {
        if (CursorOf(room) is { } cursor)
        {
            cursor.IsIn = false;
            cursor.Known = cursor.Last;
        }

        bool isWatched = IsHere(room);
        if (isWatched)
        {
            ConversationCursor? other = _cursors;
            while (other is not null && !other.IsIn)
                other = other.Next;
            _room = other?.Conversation;
        }

        Answer(Awaited.Leave, PlainTexts.Left(room, isWatched, _room));
    }

    private void Changed(ChatEvent.SomebodyChanged changed)
    {
        Member who = changed.Who.Member;
        if (who.Id == _member?.Id)
            _member = who;
        else if (PlainTexts.OfOthers(changed, _room) is { } line)
            Add(line);
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
        if (_roomsToEnter == 0)
            RefusalAnswered();
        else
            HasEnteredOneMore(); // It is in one room fewer.
        if (_isCatchingUp)
            CatchUp();
    }

    private void ShowRooms(IReadOnlyList<RoomView> rooms)
    {
        foreach (string line in PlainTexts.Rooms(rooms, _room, room => CursorOf(room) is { IsIn: true }))
            Add(line);
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
