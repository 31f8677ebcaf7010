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
}
