using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Sockeye.Hub.Gateways;

/// <summary>What an address is counted by.</summary>
internal static class AddressKeys
{
    /// <summary>The number an address counts under; null: it is not counted, as it is no IP address, or one of this machine's own.</summary>
    /// <param name="remote">Whose.</param>
    /// <param name="limitsLoopback">Whether this machine's own addresses count as others do.</param>
    /// <remarks>IPv4 counts whole and IPv6 by its /64, as one peer commonly owns that whole.</remarks>
    public static UInt128? Of(EndPoint? remote, bool limitsLoopback) =>
        remote is IPEndPoint ip && !limitsLoopback && IPAddress.IsLoopback(ip.Address.IsIPv4MappedToIPv6 ? ip.Address.MapToIPv4() : ip.Address)
            ? null
            : AddressCounter.KeyOf(remote);

    /// <summary>The same as text, for what is done from an address: <see cref="Domain.IChatClient.Host"/>. 192.0.2.1, or 2001:db8::/64.</summary>
    public static string HostOf(IPEndPoint remote)
    {
        if (remote.Address.IsIPv4MappedToIPv6)
            return remote.Address.MapToIPv4().ToString();
        if (remote.AddressFamily == AddressFamily.InterNetwork)
            return remote.Address.ToString();
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, AddressCounter.KeyOf(remote)!.Value);
        return $"{new IPAddress(bytes)}/64";
    }
}
