using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Sockeye.Hub.Gateways.Udp;

/// <summary>Who is here by UDP, by address; bounded, in all and for each host (IPv6 by its /64).</summary>
internal sealed class UdpClients(int clientsMax, int clientsPerAddressMax, int goodByesMax)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<IPEndPoint, UdpClient> _clients = [];
    private readonly Dictionary<UInt128, int> _hosts = [];
    private readonly Dictionary<IPEndPoint, DateTimeOffset> _goodByes = [];
    private readonly Queue<IPEndPoint> _goodByesInOrder = [];
    private TaskCompletionSource? _emptied;

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
    /// <param name="client">Who.</param>
    /// <param name="isLimited">Whether the limit for each host holds for this one.</param>
    /// <returns>Why not; null: it is in.</returns>
    public string? TryAdd(UdpClient client, bool isLimited)
    {
        UInt128 host = HostOf(client.Address.Address);
        lock (_lock)
        {
            int ofHost = _hosts.GetValueOrDefault(host);
            if (_clients.Count >= clientsMax)
                return UdpTexts.TooManyClients;
            if (isLimited && ofHost >= clientsPerAddressMax)
                return UdpTexts.TooManyOfAddress;
            _clients.Add(client.Address, client);
            _hosts[host] = ofHost + 1;
            return null;
        }
    }

    /// <summary>Takes a client out that is in.</summary>
    public void Remove(UdpClient client)
    {
        lock (_lock)
        {
            _clients.Remove(client.Address);
            UInt128 host = HostOf(client.Address.Address);
            if (--_hosts[host] == 0)
                _hosts.Remove(host);
            if (_clients.Count == 0)
                _emptied?.TrySetResult();
        }
    }

    /// <summary>Completes when nobody is here.</summary>
    public Task WhenEmptyAsync()
    {
        lock (_lock)
        {
            _emptied ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_clients.Count == 0)
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

    private static UInt128 HostOf(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.MapToIPv6().TryWriteBytes(bytes, out _);
        UInt128 whole = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        return address.AddressFamily == AddressFamily.InterNetwork || address.IsIPv4MappedToIPv6 ? whole : whole >> 64 << 64;
    }
}
