namespace Sockeye.Hub.Gateways.Text;

/// <summary>What the outboxes of a door have in common: how much may wait in each, and what waits in many of them.</summary>
/// <param name="messagesMax">The most messages that wait for one client.</param>
/// <param name="bytesMax">The most bytes, but for a single message, which is always taken.</param>
internal sealed class OutboxSharing(int messagesMax, int bytesMax)
{
    /// <summary>
    /// The runs that were asked for last. A message is added to one outbox after the other: those who wait for the same find what the one before them made. Two,
    /// so that one client that waits for something else does not come in between.
    /// </summary>
    private SharedRun? _latest;
    private SharedRun? _other;

    public int MessagesMax => messagesMax;

    public int BytesMax => bytesMax;

    /// <summary>What waits, with one more message behind it. From any thread: two that meet here make what they could have shared.</summary>
    public SharedRun Append(SharedRun? waiting, byte[] message)
    {
        if (Volatile.Read(ref _latest) is not { } latest)
            return Remember(new SharedRun(waiting, message), null);
        if (latest.Is(waiting, message))
            return latest;
        SharedRun run = Volatile.Read(ref _other) is { } other && other.Is(waiting, message) ? other : new SharedRun(waiting, message);
        return Remember(run, latest);
    }

    private SharedRun Remember(SharedRun run, SharedRun? before)
    {
        Volatile.Write(ref _other, before);
        Volatile.Write(ref _latest, run);
        return run;
    }
}
