namespace Sockeye;

/// <summary>The events that wait for their recorder, in the order in which they began. Not for several threads at once.</summary>
internal sealed class EventQueue
{
    private readonly Queue<Entry> _entries = [];

    /// <summary>How many events and places wait.</summary>
    public int Count => _entries.Count;

    /// <summary>Whether the first can be taken.</summary>
    public bool IsReady => _entries.TryPeek(out Entry first) && first.Place is not { IsOpen: true };

    /// <summary>When the call began that all others wait for; null: none does.</summary>
    public DateTimeOffset? OpenSince => _entries.TryPeek(out Entry first) && first.Place is { IsOpen: true } place ? place.Time : null;

    public void Add(SocketEvent happened) => _entries.Enqueue(new Entry(happened, null));

    public void Add(EventPlace place) => _entries.Enqueue(new Entry(null, place));

    /// <summary>Takes what comes before the first open place.</summary>
    /// <returns>How many entries it was; some may have come to nothing.</returns>
    public int TakeReady(List<SocketEvent> events)
    {
        int taken = 0;
        for (; IsReady; taken++)
        {
            Entry entry = _entries.Dequeue();
            if ((entry.Event ?? entry.Place?.Event) is { } happened)
                events.Add(happened);
        }

        return taken;
    }

    /// <summary>Waits no longer for the first place.</summary>
    public void PassOpen() => _entries.Dequeue().Place!.Close(null);

    private readonly record struct Entry(SocketEvent? Event, EventPlace? Place);
}
