using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Sockeye.Hub.Gateways.Web;

/// <summary>Counts pages or connections, all together and by IP address; IPv6 by its /64, which is what one household has.</summary>
/// <param name="options">How many pages there may be.</param>
/// <param name="factor">How much is counted for one page.</param>
internal sealed class WebCounter(HubOptions options, int factor)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<UInt128, int> _addresses = [];
    private int _all;

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _all;
        }
    }

    /// <summary>Counts one more, unless there are too many, or too many of its address.</summary>
    public bool TryEnter(IPAddress? address)
    {
        UInt128 key = KeyOf(address);
        lock (_lock)
        {
            int here = _addresses.GetValueOrDefault(key);
            bool isLimited = options.LimitsLoopback || address is null || !IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
            if (_all >= (long)options.WebConnectionsMax * factor || (isLimited && here >= (long)options.WebConnectionsPerAddressMax * factor))
                return false;
            _addresses[key] = here + 1;
            _all++;
            return true;
        }
    }

    /// <summary>One that was counted is gone.</summary>
    public void Leave(IPAddress? address)
    {
        UInt128 key = KeyOf(address);
        lock (_lock)
        {
            _all--;
            if (--_addresses[key] == 0)
                _addresses.Remove(key);
        }
    }

    private static UInt128 KeyOf(IPAddress? address)
    {
        if (address is null)
            return UInt128.Zero;
        Span<byte> bytes = stackalloc byte[16];
        address.MapToIPv6().TryWriteBytes(bytes, out _);
        UInt128 whole = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        return address.AddressFamily == AddressFamily.InterNetwork || address.IsIPv4MappedToIPv6 ? whole : whole >> 64 << 64;
    }
}
