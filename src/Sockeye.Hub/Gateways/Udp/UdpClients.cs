using System.Net;

namespace Sockeye.Hub.Gateways.Udp;

/// <summary>Who is here by UDP, by address; bounded, in all and for each host.</summary>
internal sealed class UdpClients(ConnectionLimits limits, int goodByesMax)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<IPEndPoint, UdpClient> _clients = [];
    private readonly Dictionary<IPEndPoint, DateTimeOffset> _goodByes = [];
    private readonly Queue<IPEndPoint> _goodByesInOrder = [];
    private TaskCompletionSource? _emptied;
    private int _leaving;

    public int Count
    {
        get
        {
            lock (_lock)
                return _clients.Count;
        }
    }

    /// <summary>How many addresses are kept in mind that said good-bye.</summary>
    public int GoodByes
    {
        get
        {
            lock (_lock)
                return _goodByes.Count;
        }
    }

    public UdpClient? Find(IPEndPoint address)
    {
        lock (_lock)
            return _clients.GetValueOrDefault(address);
    }

    public UdpClient[] All()
    {
        lock (_lock)
            return [.. _clients.Values];
    }

    /// <summary>Takes a client in.</summary>
    /// <returns>Why not; null: it is in.</returns>
    public string? TryAdd(UdpClient client)
    {
        if (!limits.TryEnter(client.Address, out string? refusal))
            return $"! {refusal}";
        lock (_lock)
            _clients.Add(client.Address, client);
        return null;
    }

    /// <summary>Takes a client out that is in; it has <see cref="Left"/> when all that waits for it is sent.</summary>
    public void Remove(UdpClient client)
    {
        lock (_lock)
        {
            _clients.Remove(client.Address);
            limits.Leave(client.Address);
            _leaving++;
        }
    }

    /// <summary>All that waited for somebody who was taken out is sent.</summary>
    public void Left()
    {
        lock (_lock)
        {
            _leaving--;
            if (_clients.Count == 0 && _leaving == 0)
                _emptied?.TrySetResult();
        }
    }

    /// <summary>Completes when nobody is here, and nothing waits for who was.</summary>
    public Task WhenEmptyAsync()
    {
        lock (_lock)
        {
            _emptied ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_clients.Count == 0 && _leaving == 0)
                _emptied.TrySetResult();
            return _emptied.Task;
        }
    }

    /// <summary>Keeps in mind that an address said good-bye: what comes from it next is another session.</summary>
    public void SaidGoodBye(IPEndPoint address, DateTimeOffset at)
    {
        lock (_lock)
        {
            if (_goodByes.TryAdd(address, at))
                _goodByesInOrder.Enqueue(address);
            else
                _goodByes[address] = at;
            while (_goodByesInOrder.Count > goodByesMax)
                _goodByes.Remove(_goodByesInOrder.Dequeue());
        }
    }

    /// <summary>When an address said good-bye last; null: it did not, or so long ago that it is forgotten.</summary>
    public DateTimeOffset? GoodByeOf(IPEndPoint address)
    {
        lock (_lock)
            return _goodByes.TryGetValue(address, out DateTimeOffset at) ? at : null;
    }
}
