using Sockeye.Hub.Domain;

namespace Sockeye.Hub.Gateways.Text;

/// <summary>How far one client has been shown a conversation. Written by the hub's loop only.</summary>
internal sealed class ConversationCursor(Conversation conversation, long last)
{
    private long _last = last;
    private long _sent = last;

    /// <summary>What the client said itself and comes behind what it was shown, in order; it need not be shown.</summary>
    private Queue<long>? _own;

    public Conversation Conversation { get; } = conversation;

    public ConversationCursor? Next { get; init; }

    /// <summary>The number of the last message that it was shown, or need not be.</summary>
    public long Last
    {
        get => Volatile.Read(ref _last);
        set => Volatile.Write(ref _last, value);
    }

    /// <summary>Up to here all is with the network, and not only in the queue.</summary>
    public long Sent
    {
        get => Volatile.Read(ref _sent);
        set => Volatile.Write(ref _sent, value);
    }

    /// <summary>The greatest number that was heard of; what lies between is to be fetched.</summary>
    public long Known { get; set; }

    /// <summary>The greatest number of what the client said itself.</summary>
    public long OwnLast { get; private set; }

    /// <summary>The first message that is new to who comes back; 0: there is none.</summary>
    public long NewFrom { get; set; }

    /// <summary>Whether the client is in the room.</summary>
    public bool IsIn { get; set; }

    /// <summary>Whether it was told how to answer.</summary>
    public bool IsHintGiven { get; set; }

    public bool IsBehind => Known > Last;

    /// <summary>How many of what the client said are not held any more because they were too many.</summary>
    private int OwnForgotten { get; set; }

    /// <summary>The client said this itself.</summary>
    /// <param name="number">Which it became.</param>
    /// <param name="ownMax">How many such are held while the client is behind; the oldest of them will not be shown in any case.</param>
    public void AddOwn(long number, int ownMax)
    {
        OwnLast = Math.Max(OwnLast, number);
        Known = Math.Max(Known, number);
        if (number <= Last)
            return;
        if (number == Last + 1)
        {
            Last = number;
            return;
        }

        _own ??= new Queue<long>();
        _own.Enqueue(number);
        if (_own.Count <= ownMax)
            return;
        _own.Dequeue();
        OwnForgotten++;
    }

    /// <summary>Whether the client said this itself, and that is passed now.</summary>
    public bool PassOwn(long number)
    {
        while (_own is not null && _own.TryPeek(out long own) && own <= number)
        {
            _own.Dequeue();
            if (_own.Count == 0)
                _own = null;
            if (own == number)
                return true;
        }

        return false;
    }

    /// <summary>How many messages of others lie between the last that was shown and <paramref name="last"/>, that one too.</summary>
    public long CountOthersTo(long last) => last - Last - OwnForgotten - (_own?.Count(own => own <= last) ?? 0);

    /// <summary>Goes on to <paramref name="last"/> without showing what lies between.</summary>
    public void SkipTo(long last)
    {
        OwnForgotten = 0;
        PassOwn(last);
        Last = last;
    }
}
