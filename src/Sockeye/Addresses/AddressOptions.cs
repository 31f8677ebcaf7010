using System.Net.Sockets;

namespace Sockeye;

/// <summary>
/// The options of an <see cref="Address"/>: what its text says after the question mark. Null means "not said". Values come from
/// parsing, so that only valid ones exist; they are equal when every option is.
/// </summary>
public sealed record AddressOptions
{
    internal AddressOptions()
    {
    }

    /// <summary>No options.</summary>
    public static AddressOptions None { get; } = new();

    /// <summary><c>backlog</c>: how many connections may wait to be accepted, 1 to 65535.</summary>
    public int? Backlog { get; internal init; }

    /// <summary><c>mode</c>: the permissions of the socket's file, written in octal.</summary>
    public UnixFileMode? Mode { get; internal init; }

    /// <summary><c>nodelay</c>: send small segments at once (TCP_NODELAY).</summary>
    public bool? NoDelay { get; internal init; }

    /// <summary><c>keepalive</c>: probe a silent peer after this time, 1 to 32767 whole seconds (TCP_KEEPIDLE).</summary>
    public TimeSpan? KeepAlive { get; internal init; }

    /// <summary><c>sndbuf</c>: the send buffer in bytes, 1 KiB to 1 GiB (SO_SNDBUF).</summary>
    public int? SendBufferSize { get; internal init; }

    /// <summary><c>rcvbuf</c>: the receive buffer in bytes, 1 KiB to 1 GiB (SO_RCVBUF).</summary>
    public int? ReceiveBufferSize { get; internal init; }

    /// <summary><c>v6only</c>: an IPv6 socket refuses IPv4 (IPV6_V6ONLY).</summary>
    public bool? IPv6Only { get; internal init; }

    /// <summary><c>reuseport</c>: several sockets share the port (SO_REUSEPORT).</summary>
    public bool? ReusePort { get; internal init; }

    /// <summary><c>broadcast</c>: datagrams may be sent to broadcast addresses (SO_BROADCAST).</summary>
    public bool? Broadcast { get; internal init; }

    /// <summary>
    /// <c>gro</c>: the kernel may hand over several datagrams of one sender at once (UDP_GRO of Linux). They are received one by one all the same; networks that cannot do it do
    /// without.
    /// </summary>
    public bool? ReceiveOffload { get; internal init; }

    /// <summary><c>ttl</c>: how many routers a packet may cross, 1 to 255 (IP_TTL, IPV6_UNICAST_HOPS).</summary>
    public int? TimeToLive { get; internal init; }

    /// <summary>
    /// <c>proxy</c>: connections begin with a PROXY header of this version (<c>v1</c>, <c>v2</c>, or for a listener <c>any</c>): a listening address
    /// demands it, a connecting one sends it.
    /// </summary>
    public ProxyVersions? Proxy { get; internal init; }

    /// <summary><c>type</c>: the socket's type where the scheme leaves a choice; null for the scheme's own.</summary>
    public SocketType? SocketType { get; internal init; }

    /// <summary><c>protocol</c>: the IP protocol number of <c>raw://</c>, 0 to 254; null for 255 (IPPROTO_RAW).</summary>
    public ProtocolType? ProtocolType { get; internal init; }

    /// <summary>The options as an address writes them, without the question mark: <c>backlog=16&amp;nodelay=true</c>.</summary>
    public override string ToString() => AddressOptionTable.Print(this);
}
