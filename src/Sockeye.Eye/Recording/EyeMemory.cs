namespace Sockeye.Eye.Recording;

/// <summary>The conversations that are kept, within limits. Recorded into by one thread, looked at by many.</summary>
internal sealed class EyeMemory(EyeRecorderOptions options, DateTimeOffset startedAt)
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<long, EyeConversation> _conversations = [];
    private long _cost;
    private long _version;
    private long _forgotten;

    /// <summary>Tells of what is new, and of what left.</summary>
    public EyeChanges Changes { get; } = new();

    /// <summary>How many conversations left to make room.</summary>
    public long Forgotten => Interlocked.Read(ref _forgotten);

    /// <summary>The memory that all events take.</summary>
    public long Cost
    {
        get
        {
            lock (_lock)
                return _cost;
        }
    }

    public void Record(ConversationEvent happened)
    {
        TimeSpan at = happened.Time - startedAt;
        lock (_lock)
        {
            if (!_conversations.TryGetValue(happened.Conversation.Number, out EyeConversation? conversation))
            {
                // What left to make room does not come back.
                if (happened.Kind != ConversationEventKind.Opened)
                    return;
                conversation = new EyeConversation(happened.Conversation, at, options);
                _conversations.Add(conversation.Number, conversation);
            }

            long before = conversation.Cost;
            conversation.Record(happened, at, ++_version);
            _cost += conversation.Cost - before;
            MakeRoom();
        }
    }

    /// <summary>The conversations that changed after a version, and the numbers of all there are.</summary>
    public (long Version, EyeSummary[] Changed, long[] All) ChangedAfter(long version)
    {
        lock (_lock)
        {
            EyeSummary[] changed = [.. _conversations.Values.Where(conversation => conversation.Version > version).Select(static conversation => conversation.Summarize())];
            return (_version, changed, [.. _conversations.Keys]);
        }
    }

    /// <summary>Lets the conversation be looked at, by one thread at a time; what the function gives must not be the conversation's own. Default: there is none.</summary>
    public T? Look<T>(long number, Func<EyeConversation, T> look)
    {
        lock (_lock)
            return _conversations.TryGetValue(number, out EyeConversation? conversation) ? look(conversation) : default;
    }

    /// <summary>All that is kept.</summary>
    public EyeRecording[] RecordAll()
    {
        lock (_lock)
            return [.. _conversations.Values.Select(static conversation => conversation.Record())];
    }

    private void MakeRoom()
    {
        while (_conversations.Count > options.ConversationsMax)
            Remove(OldestFinished() ?? _conversations.First().Value);
        while (_cost > options.BytesMax)
        {
            if (OldestFinished() is { } finished && _conversations.Count > 1)
            {
                Remove(finished);
                continue;
            }

            EyeConversation longest = _conversations.Values.MaxBy(static conversation => conversation.Cost)!;
            long before = longest.Cost;
            for (int i = longest.NextIndex - longest.FirstIndex; i > 0 && longest.Cost > before / 2; i--)
                longest.Forget();
            _cost += longest.Cost - before;
            if (longest.Cost == before)
                return;
        }
    }

    private EyeConversation? OldestFinished() => _conversations.Values.FirstOrDefault(static conversation => conversation.HasFinished);

    private void Remove(EyeConversation conversation)
    {
        _conversations.Remove(conversation.Number);
        _cost -= conversation.Cost;
        _forgotten++;
    }
}
