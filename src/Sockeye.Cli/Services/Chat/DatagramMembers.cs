using System.Net;

namespace Sockeye.Cli.Services.Chat;

/// <summary>The members that are known by their datagrams: who was heard from lately, and not more than fit.</summary>
internal sealed class DatagramMembers(ChatRoom room, int membersMax, TimeSpan idleTimeout, Action<DatagramMember>? forgotten = null)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(DatagramSocket Socket, SocketAddress Address), DatagramMember> _members = [];

    public int Count
    {
        get
        {
            lock (_lock)
                return _members.Count;
        }
    }

    /// <summary>The member that sent a datagram, which joins by it; null when there is no room for one more.</summary>
    public DatagramMember? Heard(DatagramSocket socket, SocketAddress from)
    {
        SocketAddress address = Copy(from);
        lock (_lock)
        {
            if (_members.TryGetValue((socket, address), out DatagramMember? known))
            {
                known.Heard();
                return known;
            }
        }

        if (Count >= membersMax)
            ForgetSilent();
        DatagramMember member = new(socket, address, idleTimeout, Forget);
        lock (_lock)
        {
            if (_members.Count >= membersMax)
                return null;
            _members.Add((socket, address), member);
        }

        room.Join(member);
        return member;
    }

    private void ForgetSilent()
    {
        List<DatagramMember> silent;
        lock (_lock)
            silent = [.. _members.Values.Where(member => member.IsSilent)];
        foreach (DatagramMember member in silent)
        {
            room.Leave(member);
            Forget(member);
        }
    }

    private void Forget(DatagramMember member)
    {
        lock (_lock)
            _members.Remove((member.Socket, member.Address));
        forgotten?.Invoke(member);
    }

    /// <summary>
    /// The server uses a datagram's address again for the next. Exactly as long as it is, because addresses are equal only with equal buffers.
    /// </summary>
    private static SocketAddress Copy(SocketAddress address)
    {
        SocketAddress copy = new(address.Family, address.Size);
        address.Buffer.Span[..address.Size].CopyTo(copy.Buffer.Span);
        return copy;
    }
}
