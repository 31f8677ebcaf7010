using System.Text;
using Sockeye.Hub.Domain;
using Sockeye.Hub.Gateways.Plain;

namespace Sockeye.Hub.Gateways.Udp;

/// <content>Messages, each once and in order: the numbers of a conversation say what is missing, and the store has it.</content>
internal sealed partial class UdpClient
{
    private readonly List<UdpConversation> _conversations = [];

    /// <summary>The day of the message that was given last.</summary>
    private int _day;

    private void Heard(Message message)
    {
        UdpConversation conversation = Find(message.Conversation) ?? Add(message.Conversation, message.Number - 1);
        if (message.Number <= conversation.Last)
            return;
        conversation.Known = Math.Max(conversation.Known, message.Number);
        if (conversation.IsFetching)
            return;
        if (message.Number == conversation.Last + 1)
            Give(conversation, message);
        else
            Fetch(conversation);
    }

    /// <summary>What the client said itself it need not be given.</summary>
    private void Note(Message message, bool isRepeated)
    {
        UdpConversation? conversation = Find(message.Conversation);
        if (conversation is null && !isRepeated)
            conversation = Add(message.Conversation, message.Number);
        if (conversation is null)
            return;
        if (message.Number == conversation.Last + 1)
            conversation.Last = message.Number;
        conversation.Known = Math.Max(conversation.Known, message.Number);
    }

    /// <summary>Gives the client what comes after <paramref name="after"/>, as far as that is not too much.</summary>
    private void CatchUp(ConversationView view, long after)
    {
        long first = Math.Max(0, view.LastNumber - _door.Limits.HistoryMax);
        if (view.ReadNumber < first)
            Tell(PlainTexts.Missed(first - view.ReadNumber, view.Conversation, Member!));
        UdpConversation conversation = Add(view.Conversation, Math.Max(first, after));
        conversation.Known = view.LastNumber;
        if (conversation.Known > conversation.Last)
            Fetch(conversation);
    }

    private void Fetch(UdpConversation conversation)
    {
        long first = conversation.Known - _door.Limits.HistoryMax;
        if (conversation.Last < first)
        {
            Tell(PlainTexts.Missed(first - conversation.Last, conversation.Conversation, Member!));
            conversation.Last = first;
        }

        conversation.IsFetching = true;
        _door.Loop.Tell(new ChatInput.ReadHistory(this, conversation.Conversation.Id, conversation.Last, null, _door.Limits.HistoryMax, conversation));
    }

    private void HistoryRead(ChatEvent.History history)
    {
        if (history.Tag is not UdpConversation conversation)
        {
            ShowHistory(history);
            return;
        }

        conversation.IsFetching = false;
        foreach (Message message in history.Messages)
        {
            if (message.Number > conversation.Last)
                Give(conversation, message);
        }

        if (conversation.Known > conversation.Last && history.Messages.Count > 0)
            Fetch(conversation);
        CompleteArrival();
    }

    private void ShowHistory(ChatEvent.History history)
    {
        List<string> lines = [$"* What was said last{(history.Where.Room is { } room ? $" in #{room}" : "")}:"];
        int day = _door.Day;
        foreach (Message message in history.Messages)
        {
            (byte[][] pieces, int of) = Write(message);
            if (of != day)
                lines.Add(PlainMessages.DayLine(of));
            day = of;
            lines.AddRange(pieces.Select(piece => Encoding.UTF8.GetString(piece, 0, piece.Length - 1)));
        }

        if (history.Messages.Count == 0)
            lines = [PlainTexts.NothingSaid];
        Complete(Awaited.History, [.. lines]);
    }

    private void Give(UdpConversation conversation, Message message)
    {
        UdpMessage written = Write(message);
        if (written.Day != _day)
            Tell(PlainMessages.DayLine(written.Day));
        _day = written.Day;
        _pending.Add(message, written.Pieces);
        conversation.Last = message.Number;
    }

    private UdpMessage Write(Message message) => message.As(
        message.Conversation.IsDirect ? message.Author == Member?.Id ? _door.FromYou : _door.ToYou
        : message.Conversation.Id == _room?.Id ? _door.Here
        : _door.Elsewhere);

    /// <summary>Tells the store what the client was given: whoever listens has it, others what has gone to them with an answer.</summary>
    private void MarkRead()
    {
        if (Member is null)
            return;
        foreach (UdpConversation conversation in _conversations)
        {
            long? waiting = _isListening ? null : _pending.FirstWaiting(conversation.Conversation.Id);
            long read = waiting - 1 ?? conversation.Last;
            if (read <= conversation.Marked)
                continue;
            conversation.Marked = read;
            _door.Loop.Tell(new ChatInput.MarkRead(this, conversation.Conversation.Id, read));
        }
    }

    private UdpConversation? Find(Conversation conversation) => _conversations.Find(known => known.Conversation.Id == conversation.Id);

    private UdpConversation Add(Conversation conversation, long last)
    {
        // With whom was talked long ago goes first: the next that is said there is known by its number.
        if (_conversations.Count >= _door.Limits.ConversationsMax
            && _conversations.FindIndex(known => known is { IsFetching: false, Conversation.IsDirect: true }) is >= 0 and var oldest)
        {
            _conversations.RemoveAt(oldest);
        }

        UdpConversation added = new(conversation, last);
        _conversations.Add(added);
        return added;
    }

    private void Forget(Conversation room) => _conversations.RemoveAll(known => known.Conversation.Id == room.Id);
}
