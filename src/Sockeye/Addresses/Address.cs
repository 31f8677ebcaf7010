using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>
/// Where a socket is: an end point, with the kind of socket that reaches it, written as <c>tcp://127.0.0.1:8888</c>. Immutable; two
/// addresses are equal when their canonical texts are, and <c>Parse(address.ToString())</c> gives an equal one.
/// </summary>
/// <remarks>
/// The schemes are tcp, tcp4, tcp6, udp, udp4, udp6, tls (<c>host:port</c>), unix, unix-dgram, unix-seqpacket (a path), abstract (a name),
/// ws, wss, http, https (<c>host[:port]/path</c>), icmp and raw (a host). An IPv6 address stands in brackets, <c>*</c> is every interface,
/// no host is this machine. Options follow a question mark, see <see cref="AddressOptions"/>.
/// </remarks>
public sealed record Address
{
    /// <summary>The longest text that is read, in characters.</summary>
    public const int LengthMax = 4096;

    private readonly AddressScheme _scheme;
    private readonly string _text;

    internal Address(AddressScheme scheme, EndPoint endPoint, string path, AddressOptions options)
    {
        (_scheme, EndPoint, Path, Options) = (scheme, endPoint, path, options);
        _text = AddressPrinter.Print(this, scheme);
    }

    /// <summary>The scheme, in lower case: <c>tcp</c>, <c>unix-dgram</c>, <c>wss</c>.</summary>
    public string Scheme => _scheme.Name;

    /// <summary>
    /// An <see cref="IPEndPoint"/>, a <see cref="DnsEndPoint"/> for names (its family fixed by <c>tcp4</c> and the like), or a
    /// <see cref="UnixDomainSocketEndPoint"/> (an abstract one begins with NUL). The port is 0 where the protocol has none.
    /// </summary>
    public EndPoint EndPoint { get; }

    /// <summary>The type of socket.</summary>
    public SocketType SocketType => Options.SocketType ?? _scheme.DefaultSocketType;

    /// <summary>The protocol of the socket; <see cref="ProtocolType.Unspecified"/> on Unix sockets.</summary>
    public ProtocolType ProtocolType => (_scheme.Protocol, EndPoint.AddressFamily) switch
    {
        (ProtocolType.Icmp, AddressFamily.InterNetworkV6) => ProtocolType.IcmpV6,
        (ProtocolType protocol, _) => Options.ProtocolType ?? protocol,
    };

    /// <summary>Whether the bytes are encrypted: <c>tls</c>, <c>wss</c>, <c>https</c>.</summary>
    public bool IsTls => _scheme.IsTls;

    /// <summary>The request path with its query, ASCII and beginning with a slash, of web addresses; empty elsewhere.</summary>
    public string Path { get; }

    /// <summary>The options after the question mark.</summary>
    public AddressOptions Options { get; }

    /// <summary>The host without brackets, as certificates and HTTP know it; empty for Unix sockets.</summary>
    public string Host => EndPoint switch
    {
        IPEndPoint ip => ip.Address.ToString(),
        DnsEndPoint dns => dns.Host,
        _ => "",
    };

    /// <summary>The port; 0 where there is none, or where the system is to pick one.</summary>
    public int Port => EndPoint switch
    {
        IPEndPoint ip => ip.Port,
        DnsEndPoint dns => dns.Port,
        _ => 0,
    };

    /// <summary>Reads an address.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    /// <exception cref="FormatException">The text is no address; the message names the faulty part and what to try.</exception>
    public static Address Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return AddressParser.Read(text, out Address? address) is { } error ? throw new FormatException(error) : address!;
    }

    /// <summary>Reads an address; false when the text is none. Never throws.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Address? address) => TryParse(text, out address, out _);

    /// <summary>Reads an address; false, with the message that <see cref="Parse"/> would throw, when it is none. Never throws.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Address? address, [NotNullWhen(false)] out string? error)
    {
        error = AddressParser.Read(text ?? "", out address);
        return error is null;
    }

    /// <summary>
    /// The address of an end point as a socket reports it, for example to print it. A Unix socket without a name is
    /// <c>unix://(unnamed)</c>, the one address that cannot be read back, because nothing can reach it.
    /// </summary>
    /// <param name="endPoint">The end point. Raw and ICMP sockets have no ports, so theirs is dropped.</param>
    /// <param name="socketType">The type of the socket.</param>
    /// <param name="protocolType">The protocol of the socket; unspecified means the usual one of the type.</param>
    /// <exception cref="ArgumentException">No scheme stands for such a socket, or the end point's name is not valid.</exception>
    public static Address FromEndPoint(
        EndPoint endPoint, SocketType socketType = SocketType.Stream, ProtocolType protocolType = ProtocolType.Unspecified)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        AddressScheme scheme = AddressSchemes.ForEndPoint(endPoint, socketType, protocolType)
            ?? throw new ArgumentException(
                $"No scheme stands for a {socketType} socket of {protocolType} at {Display.Quote($"{endPoint}")}.", nameof(socketType));
        AddressOptions options = AddressOptions.None with
        {
            SocketType = socketType == scheme.DefaultSocketType ? null : socketType,
            ProtocolType = scheme.Protocol == ProtocolType.Raw && protocolType != ProtocolType.Raw ? protocolType : null,
        };
        return new Address(scheme, AddressEndPoints.Normalize(endPoint, scheme), "", options);
    }

    /// <summary>
    /// The same address at another end point, for example with the port that the system picked. Between a path, an abstract name and no
    /// name the scheme follows the end point, because the two ends of one connection may differ in that.
    /// </summary>
    /// <exception cref="ArgumentException">The end point is of a family that the scheme excludes, or its name is not valid.</exception>
    public Address WithEndPoint(EndPoint endPoint)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        if (!_scheme.IsUnix || endPoint is not UnixDomainSocketEndPoint)
            return new Address(_scheme, AddressEndPoints.Normalize(endPoint, _scheme), Path, Options);

        Address other = FromEndPoint(endPoint, SocketType);
        AddressOptions kept = AddressOptionTable.Keep(Options, other._scheme) with { SocketType = other.Options.SocketType };
        return new Address(other._scheme, other.EndPoint, "", kept);
    }

    /// <summary>Whether both addresses have the same canonical text, which says everything about them.</summary>
    public bool Equals(Address? other) => other is not null && _text == other._text;

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(_text);

    /// <summary>The canonical text.</summary>
    public override string ToString() => _text;

    /// <summary>Reads an address, as <see cref="Parse"/> does.</summary>
    /// <exception cref="FormatException">The text is no address.</exception>
    public static implicit operator Address(string text) => Parse(text);
}
