using System.Collections.Concurrent;

namespace Sockeye.Hub.Gateways;

/// <summary>
/// How many TLS handshakes one address may be in at a time: until one is done its connection is nobody's client, and would count only among all. Nothing can be
/// said to who is refused, as there is no TLS yet to say it by.
/// </summary>
/// <param name="perAddressMax">Of one address.</param>
/// <param name="limitsLoopback">Whether this machine's own addresses count as others do.</param>
internal sealed class HandshakeLimits(int perAddressMax, bool limitsLoopback)
{
    private readonly AddressCounter _addresses = new(perAddressMax);
    private readonly ConcurrentDictionary<Connection, UInt128> _begun = [];

    /// <summary>Counts a connection that is about to shake hands; false: its address is in too many handshakes.</summary>
    public bool TryBegin(Connection connection)
    {
        if (connection.Layer<TlsConnection>() is null || AddressKeys.Of(connection.RemoteEndPoint, limitsLoopback) is not { } key)
            return true;
        if (!_addresses.TryEnter(key))
            return false;
        _begun[connection] = key;
        return true;
    }

    /// <summary>The handshake is over, one way or the other. Idempotent.</summary>
    public void End(Connection connection)
    {
        if (_begun.TryRemove(connection, out UInt128 key))
            _addresses.Leave(key);
    }
}
