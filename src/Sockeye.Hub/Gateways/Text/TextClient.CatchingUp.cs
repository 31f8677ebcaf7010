using System.Globalization;
using Sockeye.Hub.Domain;
using Sockeye.Hub.Gateways.Plain;

namespace Sockeye.Hub.Gateways.Text;

/// <content>
/// Messages, each once and in order: a cursor for every conversation says what the client has been shown. What does not follow on it, because the client was
/// slow or has just come, is read from the store, page by page as the client takes them; then it is live again. All of it runs in the hub's loop.
/// </content>
internal sealed partial class TextClient
{
    /// <summary>Something was not shown: nothing live is, until the client has fetched all that it missed.</summary>
    private bool _isCatchingUp;

    /// <summary>The conversation that the store is asked for just now.</summary>
    private ConversationCursor? _fetching;

    /// <summary>Nothing is fetched before the client has taken what waits for it.</summary>
    private bool _waitsForOutbox;
    private volatile bool _isOutboxEmpty;

    /// <summary>Waits to ask the store again that could not read; null: it could.</summary>
    private ITimer? _retry;
    private volatile bool _isRetryDue;
    private bool _isRetryTold;

    /// <summary>The day of what was shown last, as <see cref="DateOnly.DayNumber"/>.</summary>
    private int _day;

    public void OnOutboxEmpty()
    {
        _isOutboxEmpty = true;
        _door.Loop.Tell(new ChatInput.Wake(this));
    }

    private void Heard(Message message)
    {
        ConversationCursor cursor = CursorOf(message.Conversation) ?? Add(message.Conversation, message.Number - 1);
        if (message.Number <= cursor.Last)
            return;
        cursor.Known = Math.Max(cursor.Known, message.Number);
        if (_isCatchingUp || message.Number > cursor.Last + 1 || !TryShow(cursor, message))
            CatchUp();
    }

    /// <summary>What the client said itself it need not be shown.</summary>
    private void Accepted(Message message)
    {
        ConversationCursor cursor = CursorOf(message.Conversation) ?? Add(message.Conversation, message.Number - 1);
        cursor.AddOwn(message.Number, _door.Limits.CaughtUpMax);
        SaidAnswered();

        // A page may have ended before what could have been the client's own.
        if (_isCatchingUp || cursor.IsBehind)
            CatchUp();
    }

    private void GoOnCatchingUp()
    {
        bool isTime = _isRetryDue || (_waitsForOutbox && _isOutboxEmpty);
        if (!isTime)
            return;
        if (_isRetryDue)
        {
            _isRetryDue = false;
            _retry?.Dispose();
            _retry = null;
        }

        _waitsForOutbox &= !_isOutboxEmpty;
        CatchUp();
        _outbox.Flush();
    }

    /// <summary>Shows what lies between the cursor and <paramref name="known"/>; of more than <paramref name="most"/> the older ones are only counted.</summary>
    private void ShowFrom(ConversationCursor cursor, long known, int most)
    {
        cursor.Known = Math.Max(cursor.Known, known);
        if (cursor.IsBehind && Skip(cursor, most))
            CatchUp();
    }

    /// <summary>Asks for the next that is missing, or is live again.</summary>
    private void CatchUp()
    {
        _isCatchingUp = true;
        if (_waitsForOutbox || _fetching is not null || _retry is not null)
            return;
        for (ConversationCursor? cursor = _cursors; cursor is not null; cursor = cursor.Next)
        {
            if (!cursor.IsBehind)
                continue;
            if (Skip(cursor, _door.Limits.CaughtUpMax))
                Fetch(cursor);
            return;
        }

        _isCatchingUp = false;
    }

    /// <summary>Nobody reads thousands of lines at once: the older ones are counted, and kept for who asks.</summary>
    /// <returns>False: there is no room even to say so; it is done when there is.</returns>
    private bool Skip(ConversationCursor cursor, int most)
    {
        if (cursor.Known - cursor.Last <= most)
            return true;
        long to = cursor.Known - most;
        long skipped = cursor.CountOthersTo(to);
        Conversation conversation = cursor.Conversation;
        if (skipped > 0 && !Add(PlainTexts.Missed(skipped, IsHere(conversation) ? null : conversation, _member!)))
        {
            WaitForOutbox();
            return false;
        }

        cursor.SkipTo(to);
        return true;
    }

    private void Fetch(ConversationCursor cursor)
    {
        _fetching = cursor;
        _door.Loop.Tell(new ChatInput.ReadHistory(this, cursor.Conversation.Id, cursor.Last, null, _door.Limits.PageMessages, cursor));
    }

    /// <summary>The store could not read: it is asked again in a while, as nothing else may come that would remind of it.</summary>
    private void FetchRefused(ConversationCursor cursor, Refusal refusal)
    {
        _fetching = null;
        if (refusal.Code != RefusalCode.StoreFailed)
        {
            cursor.Known = cursor.Last;
            CatchUp();
            return;
        }

        if (!_isRetryTold)
            _isRetryTold = Add("! What was said before cannot be read just now: it comes when it can.");
        _retry = _door.Time.CreateTimer(static client => ((TextClient)client!).RetryIsDue(), this, _door.Limits.HistoryRetryDelay, Timeout.InfiniteTimeSpan);
    }

    private void RetryIsDue()
    {
        _isRetryDue = true;
        _door.Loop.Tell(new ChatInput.Wake(this));
    }

    private void HistoryRead(ChatEvent.History history)
    {
        if (history.Tag is not ConversationCursor cursor)
        {
            ShowHistory(history);
            Answered(Awaited.List);
            return;
        }

        (_fetching, _isRetryTold) = (null, false);
        if (!ShowPage(cursor, history.Messages))
            return;

        // The store has all that was told of; what it has not is not to be waited for.
        if (cursor.IsBehind && history.Messages.Count == 0)
            cursor.Known = cursor.Last;
        if (cursor.IsBehind)
            WaitForOutbox();
        CatchUp();
    }

    /// <returns>False: something else has to happen before the rest.</returns>
    private bool ShowPage(ConversationCursor cursor, IReadOnlyList<Message> page)
    {
        foreach (Message message in page)
        {
            if (message.Number <= cursor.Last)
                continue;
            if (message.Author == _member?.Id && message.Number > cursor.OwnLast && Volatile.Read(ref _unanswered) > 0)
                return false; // It may be this client's own: the receipt is on its way, and tells.
            if (cursor.PassOwn(message.Number))
            {
                cursor.Last = message.Number;
                continue;
            }

            if (message.Number == cursor.NewFrom)
                Add(cursor.NewFrom == cursor.Known ? "* One new message since you left:" : "* New since you left:");
            if (!TryShow(cursor, message))
                return false;
        }

        return true;
    }

    private bool TryShow(ConversationCursor cursor, Message message)
    {
        if (_outbox.IsEmpty)
            cursor.Sent = cursor.Last;
        if (!TryAdd(message))
        {
            WaitForOutbox();
            return false;
        }

        cursor.Last = message.Number;
        if (message.Conversation.IsDirect && !cursor.IsHintGiven && message.Author != _member?.Id)
            cursor.IsHintGiven = Add($"* To answer: /msg {message.AuthorName} TEXT");
        return true;
    }

    private void ShowHistory(ChatEvent.History history)
    {
        if (history.Messages.Count == 0)
            Add(PlainTexts.NothingSaid);
        foreach (Message message in history.Messages)
        {
            if (TryAdd(message))
                continue;
            WaitForOutbox();
            return;
        }
    }

    /// <summary>Adds a message, below a line that says which day it is from if the one before was from another.</summary>
    private bool TryAdd(Message message)
    {
        TextDialects dialects = _door.Dialects;
        TextLine line = message.As(
            message.Conversation.IsDirect ? message.Author == _member?.Id ? dialects.FromYou : dialects.ToYou
            : IsHere(message.Conversation) ? dialects.Here
            : dialects.Elsewhere);
        if (line.Day != _day)
        {
            if (!Add(PlainMessages.DayLine(line.Day)))
                return false;
            _day = line.Day;
        }

        return _outbox.TryAdd(line.Bytes);
    }

    private void WaitForOutbox()
    {
        (_waitsForOutbox, _isCatchingUp, _isOutboxEmpty) = (true, true, false);
        _outbox.TellWhenEmpty();
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
