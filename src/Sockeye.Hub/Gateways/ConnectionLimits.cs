using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace Sockeye.Hub.Gateways;

/// <summary>How many connections a door serves at a time: of all, and of one IP address, where IPv6 counts by /64, as one peer commonly owns that whole.</summary>
/// <param name="connectionsMax">Of all.</param>
/// <param name="perAddressMax">Of one address.</param>
/// <param name="limitsLoopback">Whether this machine's own addresses count as others do.</param>
internal sealed class ConnectionLimits(int connectionsMax, int perAddressMax, bool limitsLoopback)
{
    private readonly AddressCounter _addresses = new(perAddressMax);
    private int _connections;

    /// <summary>Counts one more; what is not an IP address counts among all only.</summary>
    /// <param name="remote">Whose.</param>
    /// <param name="refusal">Why not, and what to do.</param>
    public bool TryEnter(EndPoint? remote, [NotNullWhen(false)] out string? refusal)
    {
        refusal = null;
        if (Interlocked.Increment(ref _connections) > connectionsMax)
            refusal = string.Create(CultureInfo.InvariantCulture, $"This hub is full: it has {connectionsMax} connections. Come again later.");
        else if (KeyOf(remote) is { } key && !_addresses.TryEnter(key))
            refusal = string.Create(CultureInfo.InvariantCulture, $"{(perAddressMax == 1 ? "There is 1 connection" : $"There are {perAddressMax} connections")} from your address already, the most there may be: close one first.");
        if (refusal is not null)
            Interlocked.Decrement(ref _connections);
        return refusal is null;
    }

    /// <summary>Counts one less.</summary>
    /// <param name="remote">What it entered with.</param>
    public void Leave(EndPoint? remote)
    {
        Interlocked.Decrement(ref _connections);
        if (KeyOf(remote) is { } key)
            _addresses.Leave(key);
    }

    private UInt128? KeyOf(EndPoint? remote) => AddressKeys.Of(remote, limitsLoopback);
}
