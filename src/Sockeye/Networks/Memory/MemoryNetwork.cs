using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>
/// A network within this process: TCP and UDP over IPv4 and IPv6, and Unix sockets with their names, without the operating system. For tests,
/// and for programs that talk to themselves. It has no thread, and no time but its clock's: with a clock that is moved by hand
/// everything happens in the same order every time.
/// </summary>
/// <remarks>
/// <para>It is one host: 127.0.0.0/8 and ::1 exist, other addresses when added. Unix paths are names in here, not files. Raw sockets,
/// descriptors, handles and credentials it has not.</para>
/// <para>Without a delay whatever is sent arrives within the call. What a call waits for resumes on the thread pool. A plain (not async) call blocks
/// its thread: with a clock moved by hand another thread must move it.</para>
/// <para>Every buffer is bounded: a stream's direction by its sender's SendBufferSize and receiver's ReceiveBufferSize together, a datagram
/// socket by its ReceiveBufferSize. What is on its way counts.</para>
/// </remarks>
public sealed class MemoryNetwork : Network
{
    private const string HostNameDefault = "memory";

    private readonly MemoryNames _names = new();
    private readonly LinkedList<MemorySocket> _sockets = [];
    private long _datagramsDropped;
    private bool _disposed;

    /// <summary>Makes an empty network.</summary>
    /// <param name="timeProvider">The clock of its timeouts and delays; null for the system's.</param>
    /// <param name="hostName">The host's own name, which resolves to its addresses; null for "memory".</param>
    public MemoryNetwork(TimeProvider? timeProvider = null, string? hostName = null)
    {
        TimeProvider = timeProvider ?? TimeProvider.System;
        HostName = hostName ?? HostNameDefault;
        ArgumentException.ThrowIfNullOrWhiteSpace(HostName, nameof(hostName));
        Conditions = new MemoryConditions(this);
        Transit = new MemoryTransit(this);
    }

    /// <inheritdoc/>
    public override TimeProvider TimeProvider { get; }

    /// <inheritdoc/>
    public override string HostName { get; }

    /// <summary>Delays, refusals, silence and resets.</summary>
    public MemoryConditions Conditions { get; }

    /// <summary>How many datagrams were lost: no room in the receiver's buffer, or dropped by <see cref="Conditions"/>.</summary>
    public long DatagramsDropped
    {
        get
        {
            lock (Gate)
                return _datagramsDropped;
        }
    }

    /// <summary>The one lock of all that is in this network.</summary>
    internal Lock Gate { get; } = new();

    internal MemoryAddresses Addresses { get; } = new();

    internal MemoryPorts Ports { get; } = new();

    internal MemoryTransit Transit { get; }

    /// <summary>Gives this host one more address, so that sockets can be bound and connected to it.</summary>
    /// <exception cref="ArgumentException">A wildcard, a multicast or a broadcast address.</exception>
    public void AddAddress(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        IPAddress plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (MemoryAddresses.IsWildcard(plain) || MemoryAddresses.IsMulticast(plain) || MemoryAddresses.IsBroadcast(plain))
            throw new ArgumentException($"{plain} is no address of one host.", nameof(address));
        lock (Gate)
            Addresses.Add(plain);
    }

    /// <summary>Makes a name resolve to these addresses, in this order. A name given again has the new ones.</summary>
    /// <exception cref="ArgumentException">No name, an address in text form, localhost, or no address.</exception>
    public void AddName(string name, params IPAddress[] addresses)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(addresses);
        if (addresses.Length == 0)
            throw new ArgumentException("A name needs an address.", nameof(addresses));
        if (IPAddress.TryParse(name, out _) || AddressResolver.IsLocalhost(name))
            throw new ArgumentException($"'{name}' has its meaning already (RFC 6761, 6.3).", nameof(name));
        lock (Gate)
            _names.Set(name, [.. addresses]);
    }

    /// <inheritdoc/>
    public override ValueTask<IPAddress[]> ResolveAsync(string host, AddressFamily family = AddressFamily.Unspecified, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(host);
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<IPAddress[]>(cancellationToken);
        try
        {
            lock (Gate)
                return new(_names.Resolve(host, family, OwnName()));
        }
        catch (SocketException e)
        {
            return ValueTask.FromException<IPAddress[]>(e);
        }
    }

    /// <summary>Closes every socket of this network. Idempotent.</summary>
    public override ValueTask DisposeAsync()
    {
        MemorySocket[] sockets;
        lock (Gate)
        {
            _disposed = true;
            sockets = [.. _sockets];
        }

        foreach (MemorySocket socket in sockets)
            socket.Close(reset: false);
        lock (Gate)
            Transit.Dispose();
        return base.DisposeAsync();
    }

    /// <inheritdoc/>
    protected override NetworkSocket CreateSocketCore(AddressFamily family, SocketType type, ProtocolType protocol)
    {
        ThrowIfDisposed();
        if (type == SocketType.Raw || protocol is ProtocolType.Icmp or ProtocolType.IcmpV6)
        {
            throw SocketErrors.Create(SocketError.SocketNotSupported, $"make a {family} {type} socket", where: null,
                "a network in memory has STREAM and DGRAM for INET and INET6, and STREAM, DGRAM and SEQPACKET for UNIX; use Network.Host for packets");
        }

        ProtocolType known = (family, type) switch
        {
            (AddressFamily.Unix, _) => protocol,
            (_, SocketType.Stream) => ProtocolType.Tcp,
            _ => ProtocolType.Udp,
        };
        return Add<MemorySocket>((family, type) switch
        {
            (AddressFamily.Unix, SocketType.Dgram) => new MemoryUnixDatagramSocket(this, known),
            (_, SocketType.Dgram) => new MemoryUdpSocket(this, family, known),
            _ => new MemoryStreamSocket(this, family, type, known),
        });
    }

    /// <inheritdoc/>
    protected override (NetworkSocket First, NetworkSocket Second) CreatePairCore(SocketType type)
    {
        ThrowIfDisposed();
        lock (Gate)
        {
            if (type == SocketType.Dgram)
            {
                MemoryUnixDatagramSocket one = Add(new MemoryUnixDatagramSocket(this, ProtocolType.Unspecified));
                MemoryUnixDatagramSocket other = Add(new MemoryUnixDatagramSocket(this, ProtocolType.Unspecified));
                MemoryUnixDatagramSocket.Join(one, other);
                return (one, other);
            }

            MemoryStreamSocket first = Add(new MemoryStreamSocket(this, AddressFamily.Unix, type, ProtocolType.Unspecified));
            MemoryStreamSocket second = Add(new MemoryStreamSocket(this, AddressFamily.Unix, type, ProtocolType.Unspecified));
            MemoryStreamSocket.Join(first, second);
            return (first, second);
        }
    }

    internal T Add<T>(T socket)
        where T : MemorySocket
    {
        lock (Gate)
        {
            socket.Place = _sockets.AddLast(socket);
            return socket;
        }
    }

    /// <summary>A socket has gone: its place and its name are free.</summary>
    internal void Remove(MemorySocket socket)
    {
        _sockets.Remove(socket.Place!);
        Ports.Remove(socket);
    }

    internal void CountDropped() => _datagramsDropped++;

    internal int ResetConnections(Func<EndPoint, bool> endPoints)
    {
        lock (Gate)
            return _sockets.OfType<MemoryStreamSocket>().ToArray().Count(socket => socket.ResetIf(endPoints));
    }

    private void ThrowIfDisposed()
    {
        lock (Gate)
            ObjectDisposedException.ThrowIf(_disposed, this);
    }

    private (string Name, IPAddress[] Addresses) OwnName() =>
        (HostName, Addresses.Added.Count > 0 ? [.. Addresses.Added] : [IPAddress.IPv6Loopback, IPAddress.Loopback]);
}
