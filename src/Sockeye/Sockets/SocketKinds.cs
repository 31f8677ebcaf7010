using System.Net.Sockets;

namespace Sockeye;

/// <summary>Which combinations of family, type and protocol kernels have.</summary>
internal static class SocketKinds
{
    /// <exception cref="SocketException">There is no such socket anywhere: says which there are.</exception>
    public static void Check(AddressFamily family, SocketType type, ProtocolType protocol)
    {
        string kind = Describe(family, type);
        bool known = family switch
        {
            AddressFamily.InterNetwork or AddressFamily.InterNetworkV6 => type is SocketType.Stream or SocketType.Dgram or SocketType.Raw,
            AddressFamily.Unix => type is SocketType.Stream or SocketType.Dgram or SocketType.Seqpacket,
            _ => throw new SocketException((int)SocketError.AddressFamilyNotSupported, $"cannot make a {kind} socket: the families are INET, INET6 and UNIX"),
        };
        if (!known)
        {
            string types = family == AddressFamily.Unix ? "STREAM, DGRAM and SEQPACKET" : "STREAM, DGRAM and RAW";
            throw new SocketException((int)SocketError.SocketNotSupported, $"cannot make a {kind} socket: no kernel has it; {Name(family)} has {types}");
        }

        bool fits = protocol == ProtocolType.Unspecified || type == SocketType.Raw || (family, type, protocol) switch
        {
            (AddressFamily.Unix, _, _) => false,
            (_, SocketType.Stream, ProtocolType.Tcp) => true,
            (_, SocketType.Dgram, ProtocolType.Udp or ProtocolType.Icmp or ProtocolType.IcmpV6) => true,
            _ => false,
        };
        if (!fits)
            throw new SocketException((int)SocketError.ProtocolType, $"cannot make a {kind} socket: the protocol {protocol} does not go with it; leave the protocol out");
    }

    /// <summary>Whether sockets of this type make and take connections.</summary>
    public static bool Connects(SocketType type) => type is SocketType.Stream or SocketType.Seqpacket;

    /// <summary>An address is of the kind that was asked for: with connections, or with datagrams.</summary>
    /// <exception cref="NotSupportedException">It is not; <paramref name="otherwise"/> says what to call instead.</exception>
    public static void Require(Address address, bool connections, string otherwise)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (connections ? !Connects(address.SocketType) : address.SocketType != SocketType.Dgram)
            throw new NotSupportedException($"{address} {otherwise}.");
    }

    /// <summary>"INET STREAM".</summary>
    public static string Describe(AddressFamily family, SocketType type) => $"{Name(family)} {Name(type)}";

    /// <summary>"INET6".</summary>
    public static string Name(AddressFamily family) => family switch
    {
        AddressFamily.InterNetwork => "INET",
        AddressFamily.InterNetworkV6 => "INET6",
        _ => family.ToString().ToUpperInvariant(),
    };

    private static string Name(SocketType type) => type.ToString().ToUpperInvariant();
}
