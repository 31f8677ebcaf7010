using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Sockeye;

/// <summary>An entry of a socket's error queue: struct sock_extended_err and, behind it, the address of who sent the error (ip(7), IP_RECVERR).</summary>
/// <param name="Header">The ICMP error; type and code 0 of one that this machine found without being told.</param>
/// <param name="From">Who sent it; null: this machine itself.</param>
internal readonly record struct QueuedError(IcmpHeader Header, IPAddress? From)
{
    private const int OriginOffset = 4;
    private const int TypeOffset = 5;
    private const int CodeOffset = 6;
    private const int InfoOffset = 8;
    private const int Length = 16;
    private const int IPv4AddressOffset = 4;
    private const int IPv6AddressOffset = 8;
    private const byte LocalOrigin = 1;

    public static bool TryRead(ReadOnlySpan<byte> data, AddressFamily family, out QueuedError error)
    {
        error = default;
        if (data.Length < Length)
            return false;
        if (data[OriginOffset] <= LocalOrigin)
        {
            // Told by no packet: the route is gone, or the neighbour does not answer. In ICMP's words that is an unreachable host.
            error = new QueuedError(IcmpHeader.DestinationUnreachable(family, (byte)(family == AddressFamily.InterNetwork ? 1 : 3)), From: null);
            return true;
        }

        IcmpHeader header = new(family, data[TypeOffset], data[CodeOffset], MemoryMarshal.Read<uint>(data[InfoOffset..]));
        ReadOnlySpan<byte> offender = data[Length..];
        IPAddress? from = (family, offender.Length) switch
        {
            (AddressFamily.InterNetwork, >= IPv4AddressOffset + 4) => new IPAddress(offender.Slice(IPv4AddressOffset, 4)),
            (AddressFamily.InterNetworkV6, >= IPv6AddressOffset + 16) => new IPAddress(offender.Slice(IPv6AddressOffset, 16)),
            _ => null,
        };
        error = new QueuedError(header, from);
        return true;
    }
}
