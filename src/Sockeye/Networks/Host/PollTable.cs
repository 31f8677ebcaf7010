using System.Runtime.InteropServices;

namespace Sockeye;

/// <summary>
/// The sockets that a poller watches, by key. It holds whom to signal, and that is all that waits: a socket that nobody waits on and everybody
/// has forgotten without closing can be collected, which closes its descriptor. Its key is used again when keys run short.
/// </summary>
/// <remarks>One thread at a time changes it; <see cref="Find"/> may come from another.</remarks>
internal sealed class PollTable
{
    private readonly Stack<int> _free = new();
    private SocketReadiness?[] _readiness = new SocketReadiness?[64];
    private WeakGCHandle<HostSocket>[] _owners = new WeakGCHandle<HostSocket>[64];
    private int _count;

    /// <summary>The keys there are now, free ones too.</summary>
    public int Capacity => _readiness.Length;

    public int Add(HostSocket socket)
    {
        int key = TakeKey();
        _owners[key] = new WeakGCHandle<HostSocket>(socket);
        _readiness[key] = socket.Readiness;
        return key;
    }

    public void Remove(int key)
    {
        // An event under this key may be on its way; whoever has the key next takes it for a spurious one, which waits allow.
        _readiness[key] = null;
        _owners[key].Dispose();
        _free.Push(key);
    }

    /// <summary>All that are in it.</summary>
    public SocketReadiness[] Watched() => [.. _readiness.OfType<SocketReadiness>()];

    /// <summary>Whom to signal for an event under <paramref name="key"/>.</summary>
    public SocketReadiness? Find(int key) => Volatile.Read(ref _readiness)[key];

    private int TakeKey()
    {
        if (_free.Count == 0 && _count == Capacity)
            MakeRoom();
        return _free.TryPop(out int free) ? free : _count++;
    }

    /// <summary>Frees the keys of collected sockets, and doubles the table unless that was half of it: so a key costs the same however many there are.</summary>
    private void MakeRoom()
    {
        for (int key = 0; key < _count; key++)
        {
            if (!_owners[key].TryGetTarget(out _))
                Remove(key);
        }

        if (_free.Count >= Capacity / 2)
            return;
        Array.Resize(ref _owners, Capacity * 2);
        SocketReadiness?[] larger = new SocketReadiness?[Capacity * 2];
        _readiness.CopyTo(larger, 0);
        Volatile.Write(ref _readiness, larger);
    }
}
