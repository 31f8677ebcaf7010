namespace Sockeye.Cli.Services.Chat;

/// <summary>What one says goes to all others, in the same order to everybody, and never back.</summary>
internal sealed class ChatRoom
{
    private readonly Lock _lock = new();
    private readonly HashSet<ChatMember> _members = [];

    public int Count
    {
        get
        {
            lock (_lock)
                return _members.Count;
        }
    }

    public void Join(ChatMember member)
    {
        lock (_lock)
            _members.Add(member);
    }

    public void Leave(ChatMember member)
    {
        lock (_lock)
            _members.Remove(member);
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
        }

        // Outside the lock: what ends here may come back to leave.
        foreach (ChatMember member in fallen)
            member.PutOut();
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
            foreach (ChatMember member in _members)
            {
                if (member != talker && member.CatchUp() is { IsCompleted: false } caughtUp)
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
}
