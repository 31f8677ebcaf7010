using System.Net;

namespace Sockeye.Hub.Gateways;

/// <summary>What an address is counted by.</summary>
internal static class AddressKeys
{
    /// <summary>The number an address counts under; null: it is not counted, as it is no IP address, or one of this machine's own.</summary>
    /// <param name="remote">Whose.</param>
    /// <param name="limitsLoopback">Whether this machine's own addresses count as others do.</param>
    public static UInt128? Of(EndPoint? remote, bool limitsLoopback) =>
        remote is IPEndPoint ip && !limitsLoopback && IPAddress.IsLoopback(ip.Address.IsIPv4MappedToIPv6 ? ip.Address.MapToIPv4() : ip.Address)
            ? null
            : AddressCounter.KeyOf(remote);
}
