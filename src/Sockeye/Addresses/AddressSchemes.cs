using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>The table of schemes. <see cref="AddressOptionTable"/> says which options each takes.</summary>
internal static class AddressSchemes
{
    public static readonly AddressScheme Tcp = new("tcp", AddressKind.HostAndPort, ProtocolType.Tcp, SocketType.Stream);

    private static readonly AddressScheme Udp = new("udp", AddressKind.HostAndPort, ProtocolType.Udp, SocketType.Dgram);
    private static readonly AddressScheme Unix = new("unix", AddressKind.UnixFile, ProtocolType.Unspecified, SocketType.Stream);

    // Linux gives unprivileged programs ICMP as datagrams ("ping sockets") and privileged ones raw.
    private static readonly AddressScheme Icmp =
        new("icmp", AddressKind.HostOnly, ProtocolType.Icmp, SocketType.Raw, SocketType.Dgram);

    private static readonly AddressScheme Raw = new("raw", AddressKind.HostOnly, ProtocolType.Raw, SocketType.Raw);

    private static readonly AddressScheme Abstract = new(
        "abstract", AddressKind.UnixAbstract, ProtocolType.Unspecified, SocketType.Stream, SocketType.Dgram, SocketType.Seqpacket);

    /// <summary>Every scheme, the commonest first.</summary>
    public static readonly IReadOnlyList<AddressScheme> All =
    [
        Tcp,
        Tcp with { Name = "tcp4", Family = AddressFamily.InterNetwork },
        Tcp with { Name = "tcp6", Family = AddressFamily.InterNetworkV6 },
        Udp,
        Udp with { Name = "udp4", Family = AddressFamily.InterNetwork },
        Udp with { Name = "udp6", Family = AddressFamily.InterNetworkV6 },
        Unix,
        Unix with { Name = "unix-dgram", SocketTypes = [SocketType.Dgram] },
        Unix with { Name = "unix-seqpacket", SocketTypes = [SocketType.Seqpacket] },
        Abstract,
        Tcp with { Name = "tls", IsTls = true },
        Tcp with { Name = "ws", Kind = AddressKind.Web, DefaultPort = 80 },
        Tcp with { Name = "wss", Kind = AddressKind.Web, DefaultPort = 443, IsTls = true },
        Tcp with { Name = "http", Kind = AddressKind.Web, DefaultPort = 80 },
        Tcp with { Name = "https", Kind = AddressKind.Web, DefaultPort = 443, IsTls = true },
        Icmp,
        Raw,
    ];

    public static IEnumerable<string> Names => All.Select(scheme => scheme.Name);

    public static AddressScheme? Find(string name) =>
        All.FirstOrDefault(scheme => string.Equals(scheme.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The scheme that says exactly this, or null when there is none.</summary>
    public static AddressScheme? ForEndPoint(EndPoint endPoint, SocketType socketType, ProtocolType protocolType) => endPoint switch
    {
        UnixDomainSocketEndPoint unix when protocolType == ProtocolType.Unspecified => ForUnix(unix, socketType),
        IPEndPoint => ForInternet(endPoint.AddressFamily, AddressFamily.Unspecified, socketType, protocolType),
        DnsEndPoint => ForInternet(endPoint.AddressFamily, endPoint.AddressFamily, socketType, protocolType),
        _ => null,
    };

    private static AddressScheme? ForUnix(UnixDomainSocketEndPoint endPoint, SocketType socketType)
    {
        AddressKind kind = UnixPath.IsAbstract(UnixPath.GetBytes(endPoint)) ? AddressKind.UnixAbstract : AddressKind.UnixFile;
        return All.FirstOrDefault(scheme => scheme.Kind == kind && scheme.SocketTypes.Contains(socketType));
    }

    private static AddressScheme? ForInternet(
        AddressFamily family, AddressFamily fixedFamily, SocketType socketType, ProtocolType protocolType)
    {
        ProtocolType icmp = family == AddressFamily.InterNetworkV6 ? ProtocolType.IcmpV6 : ProtocolType.Icmp;
        AddressScheme? scheme = (socketType, protocolType) switch
        {
            (SocketType.Stream, ProtocolType.Unspecified or ProtocolType.Tcp) => Tcp,
            (SocketType.Dgram, ProtocolType.Unspecified or ProtocolType.Udp) => Udp,
            (SocketType.Dgram or SocketType.Raw, _) when protocolType == icmp => Icmp,
            (SocketType.Raw, _) when (int)protocolType is >= 0 and <= AddressOptionTable.ProtocolMax => Raw,
            _ => null,
        };
        return All.FirstOrDefault(row =>
            row.Kind == scheme?.Kind && row.Protocol == scheme.Protocol && row.Family == fixedFamily && !row.IsTls);
    }
}
