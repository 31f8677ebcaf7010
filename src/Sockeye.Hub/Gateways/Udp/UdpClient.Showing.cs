using Sockeye.Hub.Domain;
using Sockeye.Hub.Gateways.Plain;

namespace Sockeye.Hub.Gateways.Udp;

/// <content>What the client is shown, in the hub's loop: answers to what it asked, and what is new.</content>
internal sealed partial class UdpClient
{
    /// <summary>The lines of the answer that is being made.</summary>
    private readonly List<string> _lines = [];

    /// <summary>The room that it is in and looks at; null: none.</summary>
    private Conversation? _room;

    /// <summary>How many rooms it comes into by having taken its name.</summary>
    private int _roomsToEnter;

    public void Show(ChatEvent happened)
    {
        lock (_lock)
        {
            if (_hasEnded)
                return;
            Take(happened);
            Advance();
            _isBeingShown = true;
        }
    }

    private void Take(ChatEvent happened)
    {
        switch (happened)
        {
            case ChatEvent.Posted posted:
                Heard(posted.Message);
                break;
            case ChatEvent.Accepted accepted:
                Accepted(accepted);
                break;
            case ChatEvent.Refused refused:
                Refused(refused);
                break;
            case ChatEvent.Named named:
                Named(named);
                break;
            case ChatEvent.Joined joined:
                Joined(joined);
                break;
            case ChatEvent.Left left:
                HasLeft(left.Room);
                break;
            case ChatEvent.Renamed renamed:
                Member = renamed.Member;
                Complete(Awaited.Name, PlainTexts.Renamed(renamed.Member));
                break;
            case ChatEvent.Rooms rooms:
                Complete(Awaited.List, [.. PlainTexts.Rooms(rooms.List, _room, room => Find(room) is not null)]);
                break;
            case ChatEvent.People people:
                Complete(Awaited.List, PlainTexts.People(people.List, Member));
                break;
            case ChatEvent.History history:
                HistoryRead(history);
                break;
            case ChatEvent.DirectOpened opened:
                ContactFound(opened.Conversation);
                break;
            case ChatEvent.AwaySet away:
                _isAway = away.Why is not null;
                Complete(Awaited.Away, PlainTexts.Away(_isAway));
                break;
            case ChatEvent.PasswordSet set:
                Complete(Awaited.Password, PlainTexts.PasswordSet(set.HasPassword));
                break;
            case ChatEvent.SomebodyEntered or ChatEvent.SomebodyLeft or ChatEvent.SomebodyChanged:
                Noticed(happened);
                break;
            case ChatEvent.Closing closing:
                Closing(closing.Why);
                break;
        }
    }

    /// <summary>What was awaited is there: the datagram is answered.</summary>
    private void Complete(Awaited awaited, params ReadOnlySpan<string> lines)
    {
        if (_awaited != awaited)
            return;
        _awaited = Awaited.Nothing;
        Answer(_current, lines);
    }

    private void Accepted(ChatEvent.Accepted accepted)
    {
        if (_awaited != Awaited.Receipt)
            return;
        if (IsOfFormerSession(accepted))
        {
            _awaited = Awaited.Nothing;
            Say(_current, accepted.Message);
            return;
        }

        Note(accepted.Message, accepted.IsRepeated);
        string receipt = UdpTexts.Receipt(accepted.Message, Member!.Id, accepted.IsRepeated);
        if (!accepted.IsRepeated && _current.Kind == UdpRequestKind.Message && IsAnotherContact(accepted.Message.Conversation))
            Complete(Awaited.Receipt, receipt, UdpTexts.AnotherContact(_contact!));
        else
            Complete(Awaited.Receipt, receipt);
    }

    /// <summary>Names change hands: whether what it says to its contact has gone to somebody else than before.</summary>
    private bool IsAnotherContact(Conversation conversation)
    {
        if (_contactConversation is not { } before || before.Id == conversation.Id || conversation.OtherThan(Member!.Id) is not { } contact)
            return false;
        (_contact, _contactConversation) = (contact, conversation);
        return true;
    }

    private void Refused(ChatEvent.Refused refused)
    {
        if (refused.Tag is UdpConversation conversation)
        {
            // What was missed stays missing until something more is said there.
            conversation.IsFetching = false;
            CompleteArrival();
            return;
        }

        string text = $"! {refused.Refusal.Text}";
        if (_awaited == Awaited.Welcome && Member is not null)
        {
            // It has its name, and is in one room fewer.
            _lines.Add(text);
            _roomsToEnter--;
            CompleteArrival();
        }
        else if (_awaited == Awaited.Welcome)
        {
            Complete(Awaited.Welcome, text + Advice(refused.Refusal.Code));
            End();
        }
        else if (_awaited != Awaited.Nothing)
        {
            Complete(_awaited, text);
        }
    }

    /// <summary>What helps beside what the chat says.</summary>
    private string Advice(RefusalCode code) => code switch
    {
        RefusalCode.NameTaken when _door.FindGuest(Address.Address, PlainLine.Split(_current.Text).First) is not null =>
            UdpTexts.TryAgainSoon(_door.Limits.TakeoverSilence),
        RefusalCode.WrongPassword when IsHere => " It is /name NAME PASSWORD.",
        RefusalCode.WrongPassword => UdpTexts.ClearPassword[1..],
        _ => "",
    };

    private void Named(ChatEvent.Named named)
    {
        Member = named.Member;
        _lines.Clear();
        _lines.Add($"{PlainTexts.Hello(named)} {UdpTexts.Hello}");
        _roomsToEnter = Math.Max(1, named.Conversations.Count(view => !view.Conversation.IsDirect));
        foreach (ConversationView view in named.Conversations)
        {
            if (view.Conversation.IsDirect && view.LastNumber > view.ReadNumber)
                CatchUp(view, view.ReadNumber);
        }
    }

    private void Joined(ChatEvent.Joined joined)
    {
        ConversationView view = joined.Room;
        bool isWatched = _awaited == Awaited.Join || _room is null;
        if (_awaited == Awaited.Join)
        {
            _lines.Clear();
            (_contact, _contactConversation) = (null, null);
        }

        if (isWatched)
            _room = view.Conversation;
        _lines.Add(PlainTexts.Joined(joined, Member, isWatched));
        if (Find(view.Conversation) is null)
            CatchUp(view, isWatched ? Math.Min(view.ReadNumber, view.LastNumber - _door.Limits.HistoryShown) : view.ReadNumber);
        if (_awaited == Awaited.Welcome)
            _roomsToEnter--;
        CompleteArrival();
    }

    /// <summary>It is in its rooms, and what it missed there is read: the answer.</summary>
    private void CompleteArrival()
    {
        if (_awaited is Awaited.Welcome or Awaited.Join && _roomsToEnter == 0 && !_conversations.Exists(conversation => conversation.IsFetching))
            Complete(_awaited, [.. _lines]);
    }

    private void HasLeft(Conversation room)
    {
        Forget(room);
        bool wasWatched = _room?.Id == room.Id;
        if (wasWatched)
            _room = _conversations.Find(other => !other.Conversation.IsDirect)?.Conversation;
        string line = PlainTexts.Left(room, wasWatched, _room);
        if (_awaited == Awaited.Leave)
            Complete(Awaited.Leave, line);
        else
            Tell(line);
    }

    private void ContactFound(ConversationView view)
    {
        if (_awaited != Awaited.Contact || Member is not { } member || view.Conversation.OtherThan(member.Id) is not { } contact)
            return;
        (_contact, _contactConversation) = (contact, view.Conversation);
        if (Find(view.Conversation) is null)
            Add(view.Conversation, view.LastNumber);
        Complete(Awaited.Contact, UdpTexts.ContactIs(contact));
    }

    private void Noticed(ChatEvent happened)
    {
        if (happened is ChatEvent.SomebodyChanged { Who.Member: var who })
        {
            if (who.Id == _contact?.Id)
                _contact = who;
            if (who.Id == Member?.Id)
            {
                Member = who;
                return;
            }
        }

        if (PlainTexts.OfOthers(happened, _room) is { } line)
            _pending.AddNotice(UdpPieces.Of(line, _door.Limits.PieceBytesMax));
    }

    /// <summary>Whoever listens is told; the others are with their next datagram. What is under way is answered first.</summary>
    private void Closing(string why)
    {
        _closing = why;
        if (_isListening)
            Tell($"* {why}");
        if (_awaited == Awaited.Welcome && Member is null)
            Complete(Awaited.Welcome, $"! {why}");
    }
}
