using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>Counts connections by the peer's address: IPv4 whole, IPv6 by its /64. It holds only addresses that have one.</summary>
internal sealed class AddressCounter(int limit)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<UInt128, int> _counts = [];

    /// <summary>Counts one more, unless the address has reached the limit.</summary>
    public bool TryEnter(UInt128 key)
    {
        lock (_lock)
        {
            int count = _counts.GetValueOrDefault(key);
            if (count >= limit)
                return false;
            _counts[key] = count + 1;
            return true;
        }
    }

    public void Leave(UInt128 key)
    {
        lock (_lock)
        {
            if (_counts[key] == 1)
                _counts.Remove(key);
            else
                _counts[key]--;
        }
    }

    /// <summary>The number an address counts under; null for peers without one.</summary>
    public static UInt128? KeyOf(EndPoint? remote)
    {
        if (remote is not IPEndPoint ip)
            return null;
        Span<byte> bytes = stackalloc byte[16];
        ip.Address.MapToIPv6().TryWriteBytes(bytes, out _);
        UInt128 whole = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        return ip.AddressFamily == AddressFamily.InterNetwork || ip.Address.IsIPv4MappedToIPv6 ? whole : whole >> 64 << 64;
    }
}
