using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Sockeye;

/// <summary>
/// Sends ICMP or ICMPv6 echo requests to one address and receives what comes back for them: replies, replies that come twice or late, and the errors of
/// routers on the way, with who said it. One sender and one receiver may work side by side.
/// </summary>
/// <remarks>
/// On Linux a socket that needs no privilege is tried first (SOCK_DGRAM with IPPROTO_ICMP, allowed to the groups in net.ipv4.ping_group_range); its
/// identifier is the kernel's, which also gives us our own replies only. Otherwise a raw socket, which hears everybody's: an identifier and a nonce of
/// 64 bits in the data tell ours. RFC 792, RFC 4443 section 4.
/// </remarks>
public sealed class IcmpEcho : IDisposable
{
    private const int NonceLength = 8;

    /// <summary>Room for the longest packet of either family.</summary>
    private const int BufferLength = ushort.MaxValue + IPv6View.HeaderLength;

    private readonly NetworkSocket _socket;
    private readonly TimeProvider _time;

    /// <summary>The target as errors name it.</summary>
    private readonly string _name;
    private readonly SocketAddress _to;
    private readonly EchoTable _table = new();
    private readonly byte[] _request;
    private readonly byte[] _buffer = new byte[BufferLength];
    private readonly SocketAddress _from;
    private readonly ushort _identifier;
    private ushort _next = 1;

    private IcmpEcho(NetworkSocket socket, IPAddress target, string name, IcmpEchoOptions options)
    {
        (_socket, Target, _name, _time) = (socket, target, name, socket.Network.TimeProvider);
        _to = new IPEndPoint(target, 0).Serialize();
        _from = socket.CreateAddress();
        _request = new byte[IcmpView.HeaderLength + options.PayloadLength];
        FillPayload(Payload);
        Span<byte> identifier = stackalloc byte[2];
        RandomNumberGenerator.Fill(identifier);
        _identifier = BitConverter.ToUInt16(identifier);
    }

    /// <summary>Who is asked.</summary>
    public IPAddress Target { get; }

    /// <summary>The socket is a raw one, for which the program needed a privilege.</summary>
    public bool IsRaw => _socket.SocketType == SocketType.Raw;

    private AddressFamily Family => Target.AddressFamily;

    private ProtocolType Protocol => Family == AddressFamily.InterNetwork ? ProtocolType.Icmp : ProtocolType.IcmpV6;

    private Span<byte> Payload => _request.AsSpan(IcmpView.HeaderLength);

    /// <summary>Opens a socket for echoes to and from an address.</summary>
    /// <param name="network">Where.</param>
    /// <param name="target">Who is asked.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="SocketException">With <see cref="SocketError.AccessDenied"/>: the program may not; the message says which right it lacks and how to get it.</exception>
    public static IcmpEcho Open(Network network, IPAddress target, IcmpEchoOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(target);
        options ??= new IcmpEchoOptions();
        if (target.AddressFamily is not (AddressFamily.InterNetwork or AddressFamily.InterNetworkV6))
            throw new ArgumentException($"{target} is no IP address.", nameof(target));
        if (options.PayloadLength is < 0 or > IcmpEchoOptions.PayloadLengthMax)
            throw new ArgumentException($"A request carries 0 to {IcmpEchoOptions.PayloadLengthMax} bytes, not {options.PayloadLength}.", nameof(options));
        if (options.TimeToLive is < 1 or > 255)
            throw new ArgumentException($"A time to live is 1 to 255, not {options.TimeToLive}.", nameof(options));
        string name = options.HostName is { } host && host != target.ToString() ? $"{host} ({target})" : target.ToString();
        NetworkSocket socket = CreateSocket(network, target, name);
        try
        {
            if (options.TimeToLive is { } timeToLive)
                socket.TimeToLive = timeToLive;
            IcmpEcho echo = new(socket, target, name, options);
            echo.WarmUp();
            if (socket is LinuxHostSocket linux)
            {
                linux.ReceiveHopLimit();
                if (socket.SocketType == SocketType.Dgram)
                    linux.ReceiveErrors();
            }

            return echo;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends the next request.</summary>
    /// <returns>Its sequence number: 1, 2, … 65535, 0, 1, …</returns>
    /// <exception cref="SocketException">It could not be sent: there is no route, or it is too long.</exception>
    public async ValueTask<ushort> SendAsync(CancellationToken cancellationToken = default)
    {
        ushort sequenceNumber = _next++;
        IcmpHeader.EchoRequest(Family, _identifier, sequenceNumber).WriteTo(_request, Payload);
        bool isSecondTry = false;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _table.Add(sequenceNumber, _time.GetTimestamp(), _time.GetUtcNow().UtcDateTime);
            uint epoch = _socket.EpochCore(SocketEvents.Writable);
            SocketError error = _socket.TrySendTo(_request, _to, out _);
            if (error == SocketError.Success)
                return sequenceNumber;
            if (error == SocketError.WouldBlock)
            {
                await _socket.WaitCoreAsync(SocketEvents.Writable, epoch, timeout: null, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                // A ping socket tells the error of an earlier request here, once, and sends nothing; the queue of errors has it too.
                if (IsRaw || isSecondTry)
                    throw SocketErrors.Create(error, "ping", _name);
                isSecondTry = true;
            }
        }
    }

    /// <summary>Waits for what comes back next for any of the requests. What is not for one of them is passed over.</summary>
    /// <exception cref="SocketException">The socket failed.</exception>
    public async ValueTask<IcmpEchoAnswer> ReceiveAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            uint epoch = _socket.EpochCore(SocketEvents.Readable);
            if (TakeQueuedError(out IcmpEchoAnswer? answer))
            {
                if (answer is not null)
                    return answer;
                continue;
            }

            SocketError error = _socket.TryReceiveFrom(_buffer, out DatagramResult result, _from);
            if (error == SocketError.Success)
            {
                if (Read(_buffer.AsSpan(0, result.Count)) is { } read)
                    return read;
            }
            else if (error == SocketError.WouldBlock)
            {
                await _socket.WaitCoreAsync(SocketEvents.Readable, epoch, timeout: null, cancellationToken).ConfigureAwait(false);
            }
            else if (!IsToldByQueue(error))
            {
                throw SocketErrors.Create(error, "receive echoes of", _name);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private static NetworkSocket CreateSocket(Network network, IPAddress target, string name)
    {
        ProtocolType protocol = target.AddressFamily == AddressFamily.InterNetwork ? ProtocolType.Icmp : ProtocolType.IcmpV6;
        try
        {
            return network.CreateSocket(target.AddressFamily, SocketType.Dgram, protocol);
        }
        catch (SocketException e) when (e.SocketErrorCode is not SocketError.TooManyOpenSockets)
        {
            // Not allowed to us, or not known to this system.
        }

        try
        {
            return network.CreateSocket(target.AddressFamily, SocketType.Raw, protocol);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AccessDenied)
        {
            throw SocketErrors.Create(e.SocketErrorCode, "ping", name, RawSocketAdvice.Ping(), "it needs the capability CAP_NET_RAW or a group of yours in net.ipv4.ping_group_range");
        }
    }

    /// <summary>A nonce, and then bytes that count up.</summary>
    private static void FillPayload(Span<byte> payload)
    {
        for (int i = 0; i < payload.Length; i++)
            payload[i] = (byte)i;
        RandomNumberGenerator.Fill(payload[..Math.Min(NonceLength, payload.Length)]);
    }

    /// <summary>
    /// Goes the way of a request with more bytes than any packet has, which the kernel refuses: otherwise the first round trip would be the time in
    /// which .NET compiles that way.
    /// </summary>
    private void WarmUp()
    {
        EchoTable table = new();
        table.Add(0, _time.GetTimestamp(), _time.GetUtcNow().UtcDateTime);
        IcmpHeader.EchoRequest(Family, _identifier, 0).WriteTo(_request, Payload);
        _socket.TrySendTo(_buffer, _to, out _);
    }

    /// <summary>By the kernel's clock for the end, where it is the clock of the beginning too: how late the program wakes up does not count.</summary>
    private TimeSpan RoundTrip(EchoTable.Moment sentAt)
    {
        TimeSpan measured = _time.GetElapsedTime(sentAt.Timestamp);
        TimeSpan stamped = _time == TimeProvider.System && (_socket as LinuxHostSocket)?.ReceivedAt is { } received ? received - sentAt.Utc : measured;

        // Outside these bounds somebody has set the clock.
        return stamped > TimeSpan.Zero && stamped < measured ? stamped : measured;
    }

    /// <summary>What of a ping socket's errors the queue tells better.</summary>
    private bool IsToldByQueue(SocketError error) => !IsRaw && error is SocketError.HostUnreachable or SocketError.NetworkUnreachable
        or SocketError.ConnectionRefused or SocketError.AccessDenied or SocketError.MessageSize or SocketError.HostDown or SocketError.ProtocolNotSupported
        or SocketError.ProtocolOption or SocketError.OperationNotSupported or SocketError.ConnectionAborted;

    private bool TakeQueuedError(out IcmpEchoAnswer? answer)
    {
        answer = null;
        if (IsRaw || _socket is not LinuxHostSocket linux || !linux.TryReceiveError(_buffer, out int count, out IcmpHeader error, out IPAddress? from))
            return false;
        if (IcmpView.TryParse(_buffer.AsSpan(0, count), Family, out IcmpView quoted, out _))
            answer = ErrorFor(quoted, error, from);
        return true;
    }

    private IcmpEchoAnswer? Read(ReadOnlySpan<byte> packet)
    {
        // A raw IPv4 socket gives the IP header too, some systems' ping sockets as well. No ICMP type is 0x4X.
        int? timeToLive = (_socket as LinuxHostSocket)?.HopLimit;
        if (Family == AddressFamily.InterNetwork && packet.Length > 0 && packet[0] >> 4 == 4)
        {
            if (!IPv4View.TryParse(packet, out IPv4View outer, out _, allowTruncated: true))
                return null;
            timeToLive = outer.TimeToLive;
            packet = outer.Payload;
        }

        // The kernel checks ICMPv6's checksum, and ICMP's but for raw sockets.
        if (!IcmpView.TryParse(packet, Family, out IcmpView icmp, out _) || (Family == AddressFamily.InterNetwork && !icmp.IsChecksumValid(default)))
            return null;
        IPAddress from = ((IPEndPoint)EndPoints.FromAddress(_from)).Address;
        if (icmp.Kind == IcmpKind.EchoReply)
            return ReplyFor(icmp, from, timeToLive);
        return icmp.TryGetQuoted(out IPPacketView quoted) && quoted.Protocol == Protocol && quoted.Destination.Equals(Unscoped(Target))
            && IcmpView.TryParse(quoted.Payload, Family, out IcmpView request, out _)
            ? ErrorFor(request, IcmpHeader.From(icmp), from)
            : null;
    }

    private IcmpEchoAnswer? ReplyFor(IcmpView reply, IPAddress from, int? timeToLive)
    {
        ReadOnlySpan<byte> nonce = Payload[..Math.Min(NonceLength, Payload.Length)];
        if ((IsRaw && reply.Identifier != _identifier) || !reply.Payload.StartsWith(nonce) || _table.Find(reply.SequenceNumber) is not { } sentAt)
            return null;
        return new IcmpEchoAnswer
        {
            Kind = _table.Answer(reply.SequenceNumber) ? IcmpEchoAnswerKind.Reply : IcmpEchoAnswerKind.Duplicate,
            SequenceNumber = reply.SequenceNumber,
            From = from,
            RoundTrip = RoundTrip(sentAt),
            Length = reply.Bytes.Length,
            TimeToLive = timeToLive,
            IsAltered = !reply.Payload.SequenceEqual(Payload),
        };
    }

    private IcmpEchoAnswer? ErrorFor(IcmpView request, IcmpHeader error, IPAddress? from)
    {
        if (request.Kind != IcmpKind.EchoRequest || (IsRaw && request.Identifier != _identifier) || _table.Find(request.SequenceNumber) is not { } sentAt)
            return null;
        return new IcmpEchoAnswer
        {
            Kind = IcmpEchoAnswerKind.Error,
            SequenceNumber = request.SequenceNumber,
            From = from,
            RoundTrip = _time.GetElapsedTime(sentAt.Timestamp),
            Error = error,
        };
    }

    /// <summary>Packets have no scope.</summary>
    private static IPAddress Unscoped(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 && address.ScopeId != 0 ? new IPAddress(address.GetAddressBytes()) : address;
}
