using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>
/// What a proxy says before a connection's first byte: for whom it connects, and to where that one had connected. The PROXY protocol, versions 1
/// (text) and 2 (binary), as haproxy.org/download/1.8/doc/proxy-protocol.txt has it. Pure: bytes in, bytes out.
/// </summary>
public sealed class ProxyHeader
{
    /// <summary>The longest header of version 1, its line end included, in bytes (section 2.1).</summary>
    public const int TextLengthMax = 107;

    /// <summary>The longest header of version 2 that is read or written, extensions included, in bytes. The format itself would allow 65,551.</summary>
    public const int BinaryLengthMax = 16 * 1024;

    /// <summary>A header for a connection between <paramref name="source"/> and <paramref name="destination"/>.</summary>
    /// <param name="source">The client: an <see cref="IPEndPoint"/> or a <see cref="UnixDomainSocketEndPoint"/>; null where it is not known.</param>
    /// <param name="destination">Where the client connected to; of the same kind, null with the other.</param>
    /// <param name="socketType">Stream, or Dgram for a datagram's sender.</param>
    /// <exception cref="ArgumentException">The end points do not go together, or the type is another.</exception>
    public ProxyHeader(EndPoint? source, EndPoint? destination, SocketType socketType = SocketType.Stream)
    {
        bool isKnown = (source, destination) is (IPEndPoint, IPEndPoint) or (UnixDomainSocketEndPoint, UnixDomainSocketEndPoint) or (null, null);
        if (!isKnown)
            throw new ArgumentException("The end points of a PROXY header are two IP ones, two Unix ones, or both null.", nameof(source));
        if (socketType is not (SocketType.Stream or SocketType.Dgram))
            throw new ArgumentException("A PROXY header is for a stream or for datagrams.", nameof(socketType));
        (Source, Destination, SocketType) = (source, destination, socketType);
    }

    private ProxyHeader(bool isLocal) => IsLocal = isLocal;

    /// <summary>The proxy speaks for itself: a health check, say. Version 1 writes it as UNKNOWN.</summary>
    public static ProxyHeader Local { get; } = new(isLocal: true);

    /// <summary>Whether the proxy speaks for itself (LOCAL): the connection's own end points are the true ones.</summary>
    public bool IsLocal { get; }

    /// <summary>The client; null when the proxy does not say: the connection's own end points are to be used then.</summary>
    public EndPoint? Source { get; }

    /// <summary>Where the client connected to; null when the proxy does not say.</summary>
    public EndPoint? Destination { get; }

    /// <summary>Whether the client uses a stream or datagrams.</summary>
    public SocketType SocketType { get; } = SocketType.Stream;

    /// <summary>The extensions, in their order. Only version 2 has them, and not for <see cref="Local"/>.</summary>
    public IReadOnlyList<ProxyTlv> Tlvs { get; init; } = [];

    /// <summary>The header that says for whom a relay of <paramref name="client"/> connects: its peer, and where that one connected to.</summary>
    public static ProxyHeader For(Connection client)
    {
        ArgumentNullException.ThrowIfNull(client);
        return (client.RemoteEndPoint, client.LocalEndPoint) switch
        {
            (IPEndPoint remote, IPEndPoint local) => new ProxyHeader(remote, EndPoints.Unmap(local)),

            (UnixDomainSocketEndPoint remote, UnixDomainSocketEndPoint local) => new ProxyHeader(remote, local),

            // A Unix client has no name as a rule; the format writes that as an empty one.
            (null, UnixDomainSocketEndPoint local) => new ProxyHeader(EndPoints.FromAddress(new SocketAddress(AddressFamily.Unix, sizeof(ushort))), local),
            _ => new ProxyHeader(null, null),
        };
    }

    /// <summary>Reads one whole header and nothing else.</summary>
    /// <exception cref="ProtocolException">The bytes are none; the message says what is wrong.</exception>
    public static ProxyHeader Parse(ReadOnlySpan<byte> bytes, ProxyVersions accepted = ProxyVersions.Any)
    {
        int length = ProxyHeaderReader.Read(bytes, accepted, out ProxyHeader? header);
        if (header is null)
            throw new ProtocolException($"a PROXY header ends after {bytes.Length} bytes, in the middle");
        return length == bytes.Length ? header : throw new ProtocolException($"{bytes.Length - length} bytes follow the PROXY header");
    }

    /// <summary>Reads the header that a stream begins with.</summary>
    /// <param name="bytes">What has come so far.</param>
    /// <param name="accepted">The versions that may come.</param>
    /// <param name="header">The header, if it is whole.</param>
    /// <param name="length">Its length in bytes; the stream's own bytes follow.</param>
    /// <returns>False: it is right so far, and more has to come.</returns>
    /// <exception cref="ProtocolException">What came is no header, or a malformed one: known at the first wrong byte of its beginning.</exception>
    public static bool TryParse(ReadOnlySequence<byte> bytes, ProxyVersions accepted, [NotNullWhen(true)] out ProxyHeader? header, out int length)
    {
        if (accepted is ProxyVersions.None or > ProxyVersions.Any)
            throw new ArgumentOutOfRangeException(nameof(accepted), accepted, "Accept version 1, version 2 or any.");
        ReadOnlySequence<byte> head = bytes.Slice(0, Math.Min(bytes.Length, BinaryLengthMax));
        length = ProxyHeaderReader.Read(head.IsSingleSegment ? head.FirstSpan : head.ToArray(), accepted, out header);
        return header is not null;
    }

    /// <summary>
    /// Writes the header. Version 1 knows only TCP over IP and writes anything else as UNKNOWN, without its extensions. An IPv4 end point beside an
    /// IPv6 one is written mapped into IPv6.
    /// </summary>
    /// <exception cref="ArgumentException">The version is not one of the two, or the extensions make it longer than <see cref="BinaryLengthMax"/>.</exception>
    public void Emit(ProxyVersions version, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        switch (version)
        {
            case ProxyVersions.V1:
                ProxyHeaderWriter.WriteText(this, output);
                break;
            case ProxyVersions.V2:
                ProxyHeaderWriter.WriteBinary(this, output);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(version), version, "A header is written as version 1 or as version 2.");
        }
    }
}
