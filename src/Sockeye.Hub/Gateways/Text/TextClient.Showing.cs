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

    /// <summary>Something was not taken: nothing live is, until the client has fetched what it missed.</summary>
    private bool _isBehind;

    /// <summary>The outbox has become empty since the client fell behind.</summary>
    private volatile bool _isOutboxEmpty;

    public void Show(ChatEvent happened)
    {
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
                Add(PlainTexts.Renamed(renamed.Member));
                Answered(Awaited.Name);
                break;
            case ChatEvent.Joined joined:
                Joined(joined);
                break;
            case ChatEvent.Left left:
                HasLeft(left.Room);
                break;
            case ChatEvent.SomebodyEntered or ChatEvent.SomebodyLeft:
                Add(PlainTexts.OfOthers(happened)!);
                break;
            case ChatEvent.SomebodyChanged changed:
                Changed(changed);
                break;
            case ChatEvent.Rooms rooms:
                foreach (string room in PlainTexts.Rooms(rooms.List))
                    Add(room);
                Answered(Awaited.List);
                break;
            case ChatEvent.People people:
                Add(PlainLists.People(people.List, "here"));
                Answered(Awaited.List);
                break;
            case ChatEvent.History history:
                HistoryRead(history);
                break;
            case ChatEvent.PasswordSet set:
                Add(PlainTexts.PasswordSet(set.HasPassword));
                Answered(Awaited.Password);
                break;
            case ChatEvent.Closing closing:
                Add($"* {closing.Why}");
                StopReading();
                break;
        }
    }

    public void Flush()
    {
        _outbox.Flush();
        if (_isBehind && _isOutboxEmpty)
            CatchUp();
    }

    public void OnOutboxEmpty()
    {
        _isOutboxEmpty = true;
        _door.Loop.Tell(new ChatInput.Wake(this));
    }

    public void OnOutboxFailed(Exception error) => StopReading();

    private void Named(ChatEvent.Named named)
    {
        _member = named.Member;
        _roomsToEnter = Math.Max(1, named.Conversations.Count(view => !view.Conversation.IsDirect));
        Add($"* Hello, {named.Member.Name}. A line you type goes to the room; /help lists the commands.");
        foreach (ConversationView view in named.Conversations)
        {
            if (view.Conversation.IsDirect && view.LastNumber > view.ReadNumber)
                CatchUpFrom(Add(view.Conversation, Math.Max(view.ReadNumber, view.LastNumber - TextDoor.HistoryShown)), view.LastNumber);
        }
    }

    private void Joined(ChatEvent.Joined joined)
    {
        Conversation room = joined.Room.Conversation;
        long last = joined.Room.LastNumber;
        bool isAsked = _roomsToEnter == 0;
        bool isWatched = isAsked || _room is null;
        ConversationCursor cursor = CursorOf(room) ?? Add(room, isWatched ? Math.Max(0, last - TextDoor.HistoryShown) : last);
        if (isWatched)
        {
            _room = room;
            Add(PlainTexts.Joined(joined));
            if (last > cursor.Last)
                CatchUpFrom(cursor, last);
        }
        else
        {
            Add(PlainTexts.JoinedToo(joined));
        }

        if (isAsked)
            Answered(Awaited.Join);
        else if (--_roomsToEnter == 0)
            Answered(Awaited.Name);
    }

    private void HasLeft(Conversation room)
    {
        Add(PlainTexts.Left(room));
        if (_room?.Id == room.Id)
            _room = null;
        Answered(Awaited.Leave);
    }

    private void Changed(ChatEvent.SomebodyChanged changed)
    {
        Member who = changed.Who.Member;
        if (who.Id == _member?.Id)
            _member = who;
        else
            Add(PlainTexts.OfOthers(changed)!);
    }

    private void Refused(ChatEvent.Refused refused)
    {
        if (refused.Tag is ConversationCursor cursor)
        {
            // What was missed stays missing until something more is said there.
            cursor.IsFetching = false;
            return;
        }

        Add($"! {refused.Refusal.Text}");
        if (_roomsToEnter > 0)
            _roomsToEnter = 0;
        RefusalAnswered();
    }

    /// <summary>Adds a line for this client alone; nothing is lost with one that is not taken, as it can be asked for again.</summary>
    private void Add(string line)
    {
        if (!_outbox.TryAdd(Encoding.UTF8.GetBytes(line + "\r\n")))
            FallBehind();
    }
}
