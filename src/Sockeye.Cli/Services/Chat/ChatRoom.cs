namespace Sockeye.Cli.Services.Chat;

/// <summary>What one says goes to all others, in the same order to everybody, and never back.</summary>
internal sealed class ChatRoom
{
    /// <summary>
    /// How much may wait for all members together, each message counted for each of them. One byte more, and those for whom most waits are put out.
    /// </summary>
    public const long WaitingBytesMax = 64 * 1024 * 1024;

    /// <summary>From here on who talks has to wait for one member, however empty the room.</summary>
    private const long BehindBytes = QueuedMember.WaitingBytesMax / 2;

    /// <summary>From here on who talks has to wait for every member that has more than its share of this.</summary>
    private const long CrowdedBytes = WaitingBytesMax / 2;

    private readonly Lock _lock = new();
    private readonly HashSet<ChatMember> _members = [];

    /// <summary>Somebody has joined or left, or was put out.</summary>
    public event Action? Changed;

    public int Count
    {
        get
        {
            lock (_lock)
                return _members.Count;
        }
    }

    /// <summary>How much waits for all members.</summary>
    public long WaitingBytes
    {
        get
        {
            lock (_lock)
                return SumWaiting();
        }
    }

    public void Join(ChatMember member)
    {
        lock (_lock)
            _members.Add(member);
        Changed?.Invoke();
    }

    public void Leave(ChatMember member)
    {
        lock (_lock)
            _members.Remove(member);
        Changed?.Invoke();
    }

    /// <param name="from">Who says it; null for somebody who is not in the room.</param>
    /// <param name="message">It is kept until all have it: not to be changed.</param>
    public void Say(ChatMember? from, ReadOnlyMemory<byte> message)
    {
        List<ChatMember> fallen = [];
        lock (_lock)
        {
            foreach (ChatMember member in _members)
            {
                if (member != from && !member.Deliver(message))
                    fallen.Add(member);
            }

            _members.ExceptWith(fallen);
            PickSlowest(fallen);
        }

        // Outside the lock: what ends here may come back to leave.
        foreach (ChatMember member in fallen)
            member.PutOut();
        if (fallen.Count > 0)
            Changed?.Invoke();
    }

    /// <summary>
    /// Lets the others catch up before who talks goes on: a reader is not put out because a talker is quicker. Who has not caught up within
    /// <paramref name="patience"/> is put out, so that nobody holds the room up for longer.
    /// </summary>
    public async ValueTask PaceAsync(ChatMember talker, TimeSpan patience, TimeProvider time)
    {
        List<(ChatMember Member, Task CaughtUp)>? behind = null;
        lock (_lock)
        {
            long allowed = SumWaiting() <= CrowdedBytes ? BehindBytes : Math.Min(BehindBytes, CrowdedBytes / _members.Count);
            foreach (ChatMember member in _members)
            {
                if (member != talker && member.CatchUp(allowed) is { IsCompleted: false } caughtUp)
                    (behind ??= []).Add((member, caughtUp));
            }
        }

        if (behind is null)
            return;
        await Task.WhenAll(behind.Select(entry => entry.CaughtUp)).WaitAsync(patience, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach ((ChatMember member, Task caughtUp) in behind)
        {
            if (caughtUp.IsCompleted)
                continue;
            Leave(member);
            member.PutOut();
        }
    }

    /// <summary>Takes those for whom most waits out of the room, until what is left is within the limit.</summary>
    private void PickSlowest(List<ChatMember> fallen)
    {
        long excess = SumWaiting() - WaitingBytesMax;
        if (excess <= 0)
            return;
        foreach ((ChatMember member, long waiting) in _members.Select(member => (member, member.WaitingBytes)).OrderByDescending(entry => entry.WaitingBytes).ToArray())
        {
            _members.Remove(member);
            fallen.Add(member);
            excess -= waiting;
            if (excess <= 0)
                return;
        }
    }

    private long SumWaiting() => _members.Sum(member => member.WaitingBytes);
}
