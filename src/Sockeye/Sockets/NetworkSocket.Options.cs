using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Sockeye;

public abstract partial class NetworkSocket
{
    /// <summary>Whether small sends leave at once (TCP_NODELAY), or wait for the acknowledgement of the last (RFC 1122, 4.2.3.4).</summary>
    public bool NoDelay
    {
        get => GetFlag(SocketOptionLevel.Tcp, SocketOptionName.NoDelay);
        set => SetFlag(SocketOptionLevel.Tcp, SocketOptionName.NoDelay, value);
    }

    /// <summary>Whether an idle TCP connection is probed (SO_KEEPALIVE).</summary>
    public bool KeepAlive
    {
        get => GetFlag(SocketOptionLevel.Socket, SocketOptionName.KeepAlive);
        set => SetFlag(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, value);
    }

    /// <summary>The idle seconds before the first probe (TCP_KEEPIDLE); whole seconds.</summary>
    public TimeSpan KeepAliveTime
    {
        get => TimeSpan.FromSeconds(GetOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime));
        set => SetOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, (int)Math.Ceiling(value.TotalSeconds));
    }

    /// <summary>Whether an address in TIME-WAIT may be bound again (SO_REUSEADDR, with Unix meaning).</summary>
    public bool ReuseAddress
    {
        get => GetFlag(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress);
        set => SetFlag(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, value);
    }

    /// <summary>Whether several sockets may share one port, each getting its part (SO_REUSEPORT). Set it before binding.</summary>
    /// <exception cref="PlatformNotSupportedException">Not here.</exception>
    public bool ReusePort
    {
        get => ReusePortCore;
        set => ReusePortCore = value;
    }

    /// <summary>Whether datagrams may go to broadcast addresses (SO_BROADCAST).</summary>
    public bool Broadcast
    {
        get => GetFlag(SocketOptionLevel.Socket, SocketOptionName.Broadcast);
        set => SetFlag(SocketOptionLevel.Socket, SocketOptionName.Broadcast, value);
    }

    /// <summary>Whether an IPv6 socket also speaks IPv4 (not IPV6_V6ONLY). False on other families. Set it before binding.</summary>
    public bool DualMode
    {
        get => AddressFamily == AddressFamily.InterNetworkV6 && !GetFlag(SocketOptionLevel.IPv6, SocketOptionName.IPv6Only);
        set => SetFlag(SocketOptionLevel.IPv6, SocketOptionName.IPv6Only, !value);
    }

    /// <summary>The kernel's receive buffer in bytes (SO_RCVBUF). Linux reports twice what was asked: it counts its own book-keeping.</summary>
    public int ReceiveBufferSize
    {
        get => GetOption(SocketOptionLevel.Socket, SocketOptionName.ReceiveBuffer);
        set => SetOption(SocketOptionLevel.Socket, SocketOptionName.ReceiveBuffer, value);
    }

    /// <summary>The kernel's send buffer in bytes (SO_SNDBUF). Linux reports twice what was asked.</summary>
    public int SendBufferSize
    {
        get => GetOption(SocketOptionLevel.Socket, SocketOptionName.SendBuffer);
        set => SetOption(SocketOptionLevel.Socket, SocketOptionName.SendBuffer, value);
    }

    /// <summary>The time to live of what is sent, IPv6's hop limit: 1 to 255.</summary>
    public int TimeToLive
    {
        get => GetOption(IpLevel, SocketOptionName.IpTimeToLive);
        set => SetOption(IpLevel, SocketOptionName.IpTimeToLive, value);
    }

    /// <summary>The time to live of multicast datagrams: 1, the default, keeps them on the link.</summary>
    public int MulticastTimeToLive
    {
        get => GetOption(IpLevel, SocketOptionName.MulticastTimeToLive);
        set => SetOption(IpLevel, SocketOptionName.MulticastTimeToLive, value);
    }

    /// <summary>Whether multicast datagrams also reach members on this machine.</summary>
    public bool MulticastLoopback
    {
        get => GetFlag(IpLevel, SocketOptionName.MulticastLoopback);
        set => SetFlag(IpLevel, SocketOptionName.MulticastLoopback, value);
    }

    /// <summary>The index of the interface that multicast datagrams leave by (<c>if_nametoindex</c>); 0 lets the routes decide.</summary>
    public int MulticastInterface
    {
        get => KnownExtras?.MulticastInterface ?? 0;
        set
        {
            // IPv4 takes the index in network order within 0.0.0.0/8, as .NET has it on every platform.
            int wire = AddressFamily == AddressFamily.InterNetwork ? IPAddress.HostToNetworkOrder(value) : value;
            SetOption(IpLevel, SocketOptionName.MulticastInterface, wire);
            Extras.MulticastInterface = value;
        }
    }

    /// <summary>Whether urgent data stays in the stream (SO_OOBINLINE).</summary>
    public bool OutOfBandInline
    {
        get => GetFlag(SocketOptionLevel.Socket, SocketOptionName.OutOfBandInline);
        set => SetFlag(SocketOptionLevel.Socket, SocketOptionName.OutOfBandInline, value);
    }

    /// <summary>Whether a raw IPv4 socket's sends begin with their own IP header (IP_HDRINCL).</summary>
    public bool HeaderIncluded
    {
        get => GetFlag(SocketOptionLevel.IP, SocketOptionName.HeaderIncluded);
        set => SetFlag(SocketOptionLevel.IP, SocketOptionName.HeaderIncluded, value);
    }

    /// <summary>Who is at the other end of a Unix socket, as of its connect (Linux).</summary>
    /// <exception cref="PlatformNotSupportedException">Not a Unix socket of a Linux host network.</exception>
    public PeerCredentials PeerCredentials
    {
        get
        {
            ThrowIfClosed();
            return PeerCredentialsCore;
        }
    }

    /// <summary>The kernel's view of this TCP connection now (TCP_INFO, Linux).</summary>
    /// <exception cref="PlatformNotSupportedException">Not a TCP socket of a Linux host network.</exception>
    public TcpInfo GetTcpInfo()
    {
        ThrowIfClosed();
        return TcpInfoCore;
    }

    /// <summary>Joins a multicast group, so that its datagrams to the bound port arrive here.</summary>
    /// <param name="group">The group, of this socket's family.</param>
    /// <param name="interfaceIndex">On which interface (<c>if_nametoindex</c>); 0 lets the routes decide.</param>
    /// <exception cref="SocketException">Not a multicast address, no such interface, or a member already.</exception>
    public void JoinMulticastGroup(IPAddress group, int interfaceIndex = 0) => SetMembership(group, interfaceIndex, join: true);

    /// <summary>Leaves a multicast group.</summary>
    /// <exception cref="SocketException">Not a member.</exception>
    public void LeaveMulticastGroup(IPAddress group, int interfaceIndex = 0) => SetMembership(group, interfaceIndex, join: false);

    /// <summary>Reads an option by its portable name, Python's <c>getsockopt</c>.</summary>
    /// <exception cref="SocketException">The option is not known here.</exception>
    public int GetOption(SocketOptionLevel level, SocketOptionName name)
    {
        ThrowIfClosed();
        SocketError error = GetOptionCore(level, name, out int value);
        return error == SocketError.Success ? value : throw OptionFailure(error, "read", name);
    }

    /// <summary>Sets an option by its portable name, Python's <c>setsockopt</c>.</summary>
    /// <exception cref="SocketException">The option is not known here, or refuses the value.</exception>
    public void SetOption(SocketOptionLevel level, SocketOptionName name, int value)
    {
        ThrowIfClosed();
        SocketError error = SetOptionCore(level, name, value);
        if (error != SocketError.Success)
            throw OptionFailure(error, "set", name);
    }

    /// <summary>Reads an option by the platform's own numbers.</summary>
    /// <param name="level">For example 6, IPPROTO_TCP.</param>
    /// <param name="name">For example 11, TCP_INFO on Linux.</param>
    /// <param name="value">Takes the option's bytes.</param>
    /// <returns>How many bytes it has.</returns>
    /// <exception cref="SocketException">The option is not known here.</exception>
    public int GetOption(int level, int name, Span<byte> value)
    {
        ThrowIfClosed();
        SocketError error = GetRawOptionCore(level, name, value, out int length);
        return error == SocketError.Success ? length : throw Failure(error, $"read option {level}/{name} of");
    }

    /// <summary>Reads an integer option by the platform's own numbers.</summary>
    /// <exception cref="SocketException">The option is not known here.</exception>
    public int GetOption(int level, int name)
    {
        int value = 0;
        GetOption(level, name, MemoryMarshal.AsBytes(new Span<int>(ref value)));
        return value;
    }

    /// <summary>Sets an integer option by the platform's own numbers.</summary>
    /// <exception cref="SocketException">The option is not known here, or refuses the value.</exception>
    public void SetOption(int level, int name, int value) => SetOption(level, name, MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in value)));

    /// <summary>Sets an option by the platform's own numbers.</summary>
    /// <exception cref="SocketException">The option is not known here, or refuses the value.</exception>
    public void SetOption(int level, int name, ReadOnlySpan<byte> value)
    {
        ThrowIfClosed();
        SocketError error = SetRawOptionCore(level, name, value);
        if (error != SocketError.Success)
            throw Failure(error, $"set option {level}/{name} of");
    }

    /// <summary>See <see cref="ReusePort"/>.</summary>
    protected internal virtual bool ReusePortCore
    {
        get => throw new PlatformNotSupportedException("SO_REUSEPORT is not known on this network.");
        set => throw new PlatformNotSupportedException("SO_REUSEPORT is not known on this network.");
    }

    private SocketOptionLevel IpLevel =>
        AddressFamily == AddressFamily.InterNetworkV6 ? SocketOptionLevel.IPv6 : SocketOptionLevel.IP;

    private bool GetFlag(SocketOptionLevel level, SocketOptionName name) => GetOption(level, name) != 0;

    private void SetFlag(SocketOptionLevel level, SocketOptionName name, bool value) => SetOption(level, name, value ? 1 : 0);

    private void SetMembership(IPAddress group, int interfaceIndex, bool join)
    {
        ArgumentNullException.ThrowIfNull(group);
        ArgumentOutOfRangeException.ThrowIfNegative(interfaceIndex);
        ThrowIfClosed();
        SocketError error = group.AddressFamily == AddressFamily ? SetMembershipCore(group, interfaceIndex, join) : SocketError.AddressFamilyNotSupported;
        if (error != SocketError.Success)
            throw SocketErrors.Create(error, join ? "join multicast group" : "leave multicast group", group.ToString());
    }

    private SocketException OptionFailure(SocketError error, string verb, SocketOptionName name) => Failure(error, $"{verb} the option {name} of");
}
