using System.Net.Sockets;

namespace Sockeye;

/// <summary>One row of <see cref="AddressSchemes"/>: what a scheme's name stands for.</summary>
internal sealed record AddressScheme(string Name, AddressKind Kind, ProtocolType Protocol, params SocketType[] SocketTypes)
{
    /// <summary>The only family allowed, or <see cref="AddressFamily.Unspecified"/> when names may have either.</summary>
    public AddressFamily Family { get; init; } = AddressFamily.Unspecified;

    /// <summary>The port meant when none is written.</summary>
    public int? DefaultPort { get; init; }

    public bool IsTls { get; init; }

    public bool IsUnix => Kind is AddressKind.UnixFile or AddressKind.UnixAbstract;

    public SocketType DefaultSocketType => SocketTypes[0];

    /// <summary>Whether a socket of this scheme may serve IPv4 and IPv6 at once, which is what <c>*</c> means.</summary>
    public bool IsDualStack => Kind is AddressKind.HostAndPort or AddressKind.Web && Family == AddressFamily.Unspecified;
}
