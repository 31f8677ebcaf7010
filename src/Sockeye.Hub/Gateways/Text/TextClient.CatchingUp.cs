using Sockeye.Hub.Domain;
using Sockeye.Hub.Gateways.Plain;

namespace Sockeye.Hub.Gateways.Text;

/// <content>
/// Messages, each once and in order: a cursor for every conversation says what the client has been shown. What does not follow on it, because the client was
/// slow or has just come, is read from the store, page by page as the client takes them; then it is live again.
/// </content>
internal sealed partial class TextClient
{
    private void Heard(Message message)
    {
        ConversationCursor cursor = CursorOf(message.Conversation) ?? Add(message.Conversation, message.Number - 1);
        if (message.Number <= cursor.Last)
            return;
        cursor.Known = Math.Max(cursor.Known, message.Number);
        if (cursor.IsFetching || _isBehind)
            return;
        if (message.Number > cursor.Last + 1)
            Fetch(cursor);
        else if (_outbox.TryAdd(Encode(message)))
            cursor.Last = message.Number;
        else
            FallBehind();
    }

    /// <summary>What the client said itself it need not be shown.</summary>
    private void Accepted(Message message)
    {
        ConversationCursor cursor = CursorOf(message.Conversation) ?? Add(message.Conversation, message.Number - 1);
        if (message.Number == cursor.Last + 1)
            cursor.Last = message.Number;
        cursor.Known = Math.Max(cursor.Known, message.Number);
        SaidAnswered();
    }

    private void FallBehind()
    {
        _isBehind = true;
        _isOutboxEmpty = false;
        _outbox.TellWhenEmpty();
    }

    /// <summary>All that waited has gone: the next page of what was missed, or live again.</summary>
    private void CatchUp()
    {
        for (ConversationCursor? cursor = _cursors; cursor is not null; cursor = cursor.Next)
        {
            if (cursor.IsFetching)
                return;
            if (cursor.IsBehind)
            {
                Skip(cursor);
                Fetch(cursor);
                return;
            }
        }

        _isBehind = false;
    }

    private void CatchUpFrom(ConversationCursor cursor, long known)
    {
        cursor.Known = Math.Max(cursor.Known, known);
        if (!cursor.IsFetching && !_isBehind)
            Fetch(cursor);
    }

    /// <summary>Nobody reads thousands of lines at once: the older ones are counted, and kept for who asks.</summary>
    private void Skip(ConversationCursor cursor)
    {
        long skipped = cursor.Known - cursor.Last - TextDoor.CaughtUpMax;
        if (skipped <= 0)
            return;
        cursor.Last += skipped;
        _outbox.TryAdd(System.Text.Encoding.UTF8.GetBytes($"{PlainTexts.Missed(skipped, cursor.Conversation)}\r\n"));
    }

    private void Fetch(ConversationCursor cursor)
    {
        cursor.IsFetching = true;
        _door.Loop.Tell(new ChatInput.ReadHistory(this, cursor.Conversation.Id, cursor.Last, null, TextDoor.PageMessages, cursor));
    }

    private void HistoryRead(ChatEvent.History history)
    {
        if (history.Tag is not ConversationCursor cursor)
        {
            ShowHistory(history);
            Answered(Awaited.List);
            return;
        }

        cursor.IsFetching = false;
        DateOnly? day = null;
        foreach (Message message in history.Messages)
        {
            if (message.Number <= cursor.Last)
                continue;
            AddDay(message, ref day);
            if (!_outbox.TryAdd(Encode(message)))
            {
                FallBehind();
                return;
            }

            cursor.Last = message.Number;
        }

        if (_isBehind)
            FallBehind();
        else if (cursor.IsBehind && history.Messages.Count > 0)
            Fetch(cursor);
    }

    private void ShowHistory(ChatEvent.History history)
    {
        DateOnly? day = null;
        foreach (Message message in history.Messages)
        {
            AddDay(message, ref day);
            if (!_outbox.TryAdd(Encode(message)))
            {
                FallBehind();
                return;
            }
        }

        if (history.Messages.Count == 0)
            Add(PlainTexts.NothingSaid);
    }

    /// <summary>A line between days; today needs none.</summary>
    private void AddDay(Message message, ref DateOnly? day)
    {
        if (_door.Dialects.DayLine(message, ref day, _door.Time.GetUtcNow()) is { } line)
            Add(line);
    }

    private byte[] Encode(Message message)
    {
        TextDialects dialects = _door.Dialects;
        return message.As(
            message.Conversation.IsDirect ? message.Author == _member?.Id ? dialects.FromYou : dialects.ToYou
            : message.Conversation.Id == _room?.Id ? dialects.Here
            : dialects.Elsewhere);
    }

    private ConversationCursor? CursorOf(Conversation conversation)
    {
        ConversationCursor? cursor = _cursors;
        while (cursor is not null && cursor.Conversation.Id != conversation.Id)
            cursor = cursor.Next;
        return cursor;
    }

    private ConversationCursor Add(Conversation conversation, long last)
    {
        ConversationCursor cursor = new(conversation, last) { Next = _cursors };
        Volatile.Write(ref _cursors, cursor);
        return cursor;
    }
}
