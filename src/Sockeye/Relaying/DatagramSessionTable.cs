using System.Net;

namespace Sockeye;

/// <summary>The sessions of a relay by sender, and in the order in which they were last heard of. Bounded.</summary>
internal sealed class DatagramSessionTable(int limit)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<SocketAddress, DatagramSession> _sessions = new(new BySender());

    /// <summary>The quietest first.</summary>
    private readonly LinkedList<DatagramSession> _order = new();

    public DatagramSession? Find(SocketAddress from)
    {
        lock (_lock)
            return _sessions.GetValueOrDefault(from);
    }

    /// <summary>Adds a session; the one that left for it, or null.</summary>
    public DatagramSession? Add(DatagramSession session)
    {
        lock (_lock)
        {
            DatagramSession? evicted = _sessions.Count >= limit ? _order.First!.Value : null;
            if (evicted is not null)
                Remove(evicted);
            _sessions.Add(session.From, session);
            _order.AddLast(session.Node);
            return evicted;
        }
    }

    /// <summary>A datagram came: it is the one heard of last.</summary>
    public void Touch(DatagramSession session, long now)
    {
        lock (_lock)
        {
            session.ActiveAt = now;
            if (session.Node.List is null)
                return;
            _order.Remove(session.Node);
            _order.AddLast(session.Node);
        }
    }

    /// <summary>Takes out the quietest for as long as they are quiet enough.</summary>
    public List<DatagramSession> TakeQuiet(Func<DatagramSession, bool> isQuiet)
    {
        List<DatagramSession> quiet = [];
        lock (_lock)
        {
            while (_order.First is { } first && isQuiet(first.Value))
            {
                Remove(first.Value);
                quiet.Add(first.Value);
            }
        }

        return quiet;
    }

    /// <summary>Takes one out, if it is in.</summary>
    public void Remove(DatagramSession session)
    {
        lock (_lock)
        {
            if (session.Node.List is null)
                return;
            _sessions.Remove(session.From);
            _order.Remove(session.Node);
        }
    }

    /// <summary>By the bytes that are in use: SocketAddress's own equality looks at the whole buffer, and that of a receiver is longer.</summary>
    private sealed class BySender : IEqualityComparer<SocketAddress>
    {
        public bool Equals(SocketAddress? x, SocketAddress? y) => x is not null && y is not null && Used(x).SequenceEqual(Used(y));

        public int GetHashCode(SocketAddress obj)
        {
            HashCode hash = default;
            hash.AddBytes(Used(obj));
            return hash.ToHashCode();
        }

        private static ReadOnlySpan<byte> Used(SocketAddress address) => address.Buffer.Span[..address.Size];
    }
}
