using System.Net;
using System.Net.Sockets;
using Sockeye.Interop;

namespace Sockeye;

/// <summary>
/// A network of the operating system's sockets: what <see cref="HostNetwork"/> and the reactors of <c>Sockeye.Linux</c> have in common. They differ in who
/// waits for the kernel, and where who waited goes on.
/// </summary>
public abstract class SystemNetwork : Network
{
    private protected SystemNetwork(TimeProvider? timeProvider, bool isPortable)
    {
        TimeProvider = timeProvider ?? TimeProvider.System;
        IsPortable = isPortable;
    }

    /// <inheritdoc/>
    public override TimeProvider TimeProvider { get; }

    /// <inheritdoc/>
    public override string HostName => Dns.GetHostName();

    /// <summary>Whether it does without system calls of its own.</summary>
    internal bool IsPortable { get; }

    /// <summary>
    /// Makes a socket of a handle that came from elsewhere: inherited, received by <see cref="NetworkSocket.ReceiveDescriptors"/>, detached. Python's
    /// <c>socket(fileno=…)</c>. The socket owns it from then on.
    /// </summary>
    /// <exception cref="SocketException">It is no socket.</exception>
    public NetworkSocket CreateSocket(SafeSocketHandle handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        Socket socket = new(handle);
        if (socket.AddressFamily is not (AddressFamily.InterNetwork or AddressFamily.InterNetworkV6 or AddressFamily.Unix))
            throw SocketErrors.Create(SocketError.NotSocket, "make a socket of the handle", where: null, "it must be an INET, INET6 or UNIX socket");
        HostSocket made = Wrap(socket, socket.AddressFamily, socket.SocketType, socket.ProtocolType);
        if (made.GetOptionCore(SocketOptionLevel.Socket, SocketOptionName.AcceptConnection, out int listening) == SocketError.Success && listening != 0)
            made.MarkListening();
        Adopt(made);
        return made;
    }

    /// <inheritdoc/>
    public override async ValueTask<IPAddress[]> ResolveAsync(string host, AddressFamily family = AddressFamily.Unspecified, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(host);
        IPAddress[] addresses;
        try
        {
            addresses = await Dns.GetHostAddressesAsync(host, family, cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException e)
        {
            throw SocketErrors.Create(e.SocketErrorCode, "resolve", host);
        }

        return addresses.Length > 0 ? addresses : throw SocketErrors.Create(SocketError.NoData, "resolve", host);
    }

    /// <inheritdoc/>
    protected override NetworkSocket CreateSocketCore(AddressFamily family, SocketType type, ProtocolType protocol)
    {
        try
        {
            // System.Net.Sockets lets a TCP server restart while old connections are in TIME-WAIT (SO_REUSEADDR on Unix), if it knows that it is TCP.
            ProtocolType known = (family, type, protocol) switch
            {
                (AddressFamily.Unix, _, _) or (_, SocketType.Raw, _) => protocol,
                (_, SocketType.Stream, ProtocolType.Unspecified) => ProtocolType.Tcp,
                (_, SocketType.Dgram, ProtocolType.Unspecified) => ProtocolType.Udp,
                _ => protocol,
            };
            return (type, known) == (SocketType.Stream, ProtocolType.Tcp) && !IsPortable ? CreateTcp(family) : Wrap(new Socket(family, type, known), family, type, known);
        }
        catch (SocketException e)
        {
            string? advice = e.SocketErrorCode == SocketError.AccessDenied ? "raw sockets need root or the capability CAP_NET_RAW" : null;
            throw SocketErrors.Create(e.SocketErrorCode, $"make a {family} {type} socket", where: null, advice);
        }
    }

    /// <inheritdoc/>
    protected override (NetworkSocket First, NetworkSocket Second) CreatePairCore(SocketType type)
    {
        if (IsPortable)
            return CreatePortablePair(type);
        SocketError error = LibC.Pair(type, out Descriptor? first, out Descriptor? second);
        if (error != SocketError.Success)
            throw SocketErrors.Create(error, "make a pair of sockets");
        return (Wrap(first!, AddressFamily.Unix, type, ProtocolType.Unspecified), Wrap(second!, AddressFamily.Unix, type, ProtocolType.Unspecified));
    }

    /// <inheritdoc/>
    protected override int PollCore(Span<SocketPoll> items, TimeSpan? timeout) =>
        IsPortable ? base.PollCore(items, timeout) : LinuxPoll.Poll(items, timeout, TimeProvider);

    /// <inheritdoc/>
    protected internal override string? AdviseInUseCore(EndPoint local, SocketType type, ProtocolType protocol)
    {
        string? owner = OperatingSystem.IsLinux() ? LinuxPortOwner.Describe(local, type) : null;
        if (local is UnixDomainSocketEndPoint unix)
            return UnixSocketFile.AdviseInUse(unix, owner);
        return owner is null ? null : $"{owner} has it; {SocketErrors.OtherPort}";
    }

    /// <inheritdoc/>
    protected internal override string? DescribeRefusalCore(EndPoint remote) =>
        OperatingSystem.IsLinux() && remote is IPEndPoint ip ? LinuxNeighbours.Describe(ip) : null;

    /// <inheritdoc/>
    protected internal override ValueTask PrepareUnixPathAsync(UnixDomainSocketEndPoint endPoint, SocketType type, CancellationToken cancellationToken) =>
        UnixSocketFile.RemoveIfStaleAsync(this, endPoint, type, cancellationToken);

    /// <inheritdoc/>
    protected internal override void SetUnixPathMode(UnixDomainSocketEndPoint endPoint, UnixFileMode mode) => UnixSocketFile.SetMode(endPoint, mode);

    /// <summary>A socket of the network's own, which its observer need not hear of.</summary>
    internal NetworkSocket CreateUnobserved(AddressFamily family, SocketType type) => CreateSocketCore(family, type, ProtocolType.Unspecified);

    /// <summary>A socket of this network over one of System.Net.Sockets.</summary>
    internal abstract HostSocket Wrap(Socket socket, AddressFamily family, SocketType type, ProtocolType protocol);

    /// <summary>A socket of this network over a bare descriptor in non-blocking mode.</summary>
    internal abstract LinuxHostSocket Wrap(Descriptor descriptor, AddressFamily family, SocketType type, ProtocolType protocol);

    /// <summary>The same of a connection that <paramref name="listener"/> accepted.</summary>
    internal virtual LinuxHostSocket WrapAccepted(Descriptor descriptor, LinuxHostSocket listener) =>
        Wrap(descriptor, listener.AddressFamily, listener.SocketType, listener.ProtocolType);

    /// <summary>Over a bare descriptor: most TCP sockets only connect, and never need a Socket.</summary>
    private LinuxHostSocket CreateTcp(AddressFamily family)
    {
        SocketError error = LibC.CreateTcp(family, out Descriptor? made);
        if (error == SocketError.Success)
        {
            LinuxHostSocket socket = Wrap(made!, family, SocketType.Stream, ProtocolType.Tcp);
            socket.MarkNew();
            return socket;
        }

        made?.Dispose();
        throw new SocketException((int)error);
    }

    /// <summary>As other systems have no socketpair: two sockets over loopback, whose ends know each other by their addresses.</summary>
    private (NetworkSocket First, NetworkSocket Second) CreatePortablePair(SocketType type)
    {
        if (type == SocketType.Seqpacket)
            throw SocketErrors.Create(SocketError.SocketNotSupported, "make a pair of SEQPACKET sockets", where: null, "Linux has them; use STREAM or DGRAM here");
        IPEndPoint any = new(IPAddress.Loopback, 0);
        if (type == SocketType.Dgram)
        {
            Socket one = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            Socket two = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            one.Bind(any);
            two.Bind(any);
            one.Connect(two.LocalEndPoint!);
            two.Connect(one.LocalEndPoint!);
            return (Wrap(one, AddressFamily.InterNetwork, type, ProtocolType.Udp), Wrap(two, AddressFamily.InterNetwork, type, ProtocolType.Udp));
        }

        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(any);
        listener.Listen(1);
        Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.Connect(listener.LocalEndPoint!);
        while (true)
        {
            Socket server = listener.Accept();
            if (!Equals(server.RemoteEndPoint, client.LocalEndPoint))
            {
                // A stranger was quicker.
                server.Dispose();
                continue;
            }

            server.NoDelay = true;
            return (Wrap(client, AddressFamily.InterNetwork, type, ProtocolType.Tcp), Wrap(server, AddressFamily.InterNetwork, type, ProtocolType.Tcp));
        }
    }
}
