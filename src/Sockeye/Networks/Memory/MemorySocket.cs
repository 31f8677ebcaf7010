using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>
/// A socket in memory: where it is bound, its options, and who waits for it. Its network's lock guards it all. End points are kept plain
/// (IPv4 is IPv4) and mapped on the way out.
/// </summary>
internal abstract partial class MemorySocket : NetworkSocket
{
    private static readonly EndPoint Unnamed = EndPoints.FromAddress(new SocketAddress(AddressFamily.Unix, size: 2));

    private bool _boundByConnect;

    internal override bool LacksTcpInfo => true;

    protected MemorySocket(MemoryNetwork network, AddressFamily family, SocketType type, ProtocolType protocol, MemoryOptions? options)
        : base(network, family, type, protocol)
    {
        Memory = network;
        Options = options ?? new MemoryOptions(family, type);
    }

    /// <summary>Where it is bound, plain; null if it is not.</summary>
    public EndPoint? BoundTo { get; protected set; }

    /// <summary>Whom it is connected to, or connecting, plain.</summary>
    public EndPoint? ConnectedTo { get; protected set; }

    /// <summary>Whether it was closed, as the network's lock sees it.</summary>
    public bool IsGone { get; private set; }

    /// <summary>Its place among the network's sockets.</summary>
    public LinkedListNode<MemorySocket>? Place { get; set; }

    public MemoryOptions Options { get; }

    public bool IsDual => AddressFamily == AddressFamily.InterNetworkV6 && !Options.IsSet(SocketOptionLevel.IPv6, SocketOptionName.IPv6Only);

    public bool ReusesAddress => Options.IsSet(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress);

    public bool SharesPort => Options.ReusePort;

    /// <summary>Whether it listens.</summary>
    public virtual bool TakesConnections => false;

    /// <summary>Whether the peer is told of by <see cref="NetworkSocket.RemoteEndPoint"/>.</summary>
    protected virtual bool IsConnected => ConnectedTo is not null;

    protected MemoryNetwork Memory { get; }

    protected MemoryTransit Transit => Memory.Transit;

    /// <summary>All that this socket sends keeps its order.</summary>
    protected MemoryFlow Flow { get; } = new();

    /// <summary>SO_ERROR: what the next call reports.</summary>
    protected SocketError Pending { get; set; }

    protected bool IsUnix => AddressFamily == AddressFamily.Unix;

    protected internal sealed override EndPoint? LocalEndPointCore
    {
        get
        {
            lock (Memory.Gate)
                return Present(BoundTo) ?? (IsUnix && IsConnected ? Unnamed : null);
        }
    }

    protected internal sealed override EndPoint? RemoteEndPointCore
    {
        get
        {
            lock (Memory.Gate)
                return IsConnected ? Present(ConnectedTo) : null;
        }
    }

    protected internal sealed override SocketError BindCore(EndPoint local)
    {
        lock (Memory.Gate)
        {
            if (IsGone)
                return SocketError.OperationAborted;
            if (BoundTo is not null)
                return SocketError.InvalidArgument;
            return Plain(local) switch
            {
                IPEndPoint ip => BindTo(ip),
                UnixDomainSocketEndPoint name when name.Equals(Unnamed) => BindToAnyName(),
                UnixDomainSocketEndPoint name => BindTo(name),
                _ => SocketError.AddressFamilyNotSupported,
            };
        }
    }

    protected internal sealed override SocketError BindAutomaticallyCore()
    {
        lock (Memory.Gate)
        {
            if (IsGone)
                return SocketError.OperationAborted;
            return IsUnix && BoundTo is null ? BindToAnyName() : SocketError.Success;
        }
    }

    protected internal sealed override SocketError TakeErrorCore()
    {
        lock (Memory.Gate)
            return IsGone ? SocketError.OperationAborted : TakePending();
    }

    protected internal sealed override void CloseCore(bool reset)
    {
        lock (Memory.Gate)
            CloseNow(reset);
    }

    /// <summary>Closes; the caller holds the lock. Idempotent.</summary>
    public void CloseNow(bool reset)
    {
        if (IsGone)
            return;
        IsGone = true;
        Memory.Remove(this);
        Leave(reset);
        EndWaits();
    }

    protected internal sealed override SocketError GetOptionCore(SocketOptionLevel level, SocketOptionName name, out int value)
    {
        lock (Memory.Gate)
        {
            value = 0;
            if (IsGone)
                return SocketError.OperationAborted;
            switch (level, name)
            {
                case (SocketOptionLevel.Socket, SocketOptionName.Error):
                    value = (int)TakePending();
                    return SocketError.Success;
                case (SocketOptionLevel.Socket, SocketOptionName.Type):
                    value = (int)SocketType;
                    return SocketError.Success;
                case (SocketOptionLevel.Socket, SocketOptionName.AcceptConnection):
                    value = TakesConnections ? 1 : 0;
                    return SocketError.Success;
                default:
                    return Options.Get(level, name, out value);
            }
        }
    }

    protected internal sealed override SocketError SetOptionCore(SocketOptionLevel level, SocketOptionName name, int value)
    {
        lock (Memory.Gate)
        {
            if (IsGone)
                return SocketError.OperationAborted;
            if ((level, name) == (SocketOptionLevel.IPv6, SocketOptionName.IPv6Only) && BoundTo is not null)
                return SocketError.InvalidArgument;
            SocketError error = Options.Set(level, name, value);
            RoomMayHaveGrown();
            return error;
        }
    }

    protected internal sealed override bool ReusePortCore
    {
        get
        {
            lock (Memory.Gate)
                return Options.ReusePort;
        }

        set
        {
            lock (Memory.Gate)
                Options.ReusePort = value;
        }
    }

    /// <summary>Tells peers, and lets go of what is kept; the socket is gone already.</summary>
    protected abstract void Leave(bool reset);

    /// <summary>An option may have made a buffer larger.</summary>
    protected abstract void RoomMayHaveGrown();

    protected SocketError TakePending()
    {
        SocketError error = Pending;
        Pending = SocketError.Success;
        return error;
    }

    /// <summary>Where to send for <paramref name="remote"/>, and whether there is a way from here.</summary>
    protected SocketError FindWay(IPEndPoint remote, out IPEndPoint destination)
    {
        destination = MemoryAddresses.Destination(remote);
        IPAddress address = destination.Address;
        if (address.AddressFamily != AddressFamily && !IsDual)
            return SocketError.NetworkUnreachable;
        if (BoundTo is IPEndPoint bound && bound.Address.AddressFamily != address.AddressFamily && !(IsDual && bound.Address.Equals(IPAddress.IPv6Any)))
            return SocketError.NetworkUnreachable;
        bool forMany = MemoryAddresses.IsMulticast(address) || MemoryAddresses.IsBroadcast(address);
        return Memory.Addresses.Exists(address) || (forMany && SocketType == SocketType.Dgram) ? SocketError.Success : SocketError.NetworkUnreachable;
    }

    /// <summary>A socket that connects has the one address its peer sees, and a port of its own.</summary>
    protected SocketError BindToward(IPAddress destination)
    {
        IPAddress source = Memory.Addresses.SourceFor(destination);
        if (BoundTo is IPEndPoint bound)
        {
            if (MemoryAddresses.IsWildcard(bound.Address))
                BoundTo = new IPEndPoint(source, bound.Port);
            return SocketError.Success;
        }

        SocketError error = BindTo(new IPEndPoint(source, 0));
        _boundByConnect = error == SocketError.Success;
        return error == SocketError.AddressAlreadyInUse ? SocketError.AddressNotAvailable : error;
    }

    /// <summary>A connect that failed leaves nothing behind.</summary>
    protected void UnbindAfterConnect()
    {
        if (!_boundByConnect)
            return;
        _boundByConnect = false;
        Memory.Ports.Remove(this);
        BoundTo = null;
    }

    protected SocketError BindTo(IPEndPoint local)
    {
        if (!Memory.Addresses.CanBind(local.Address, SocketType) || (local.AddressFamily != AddressFamily && !IsDual))
            return SocketError.AddressNotAvailable;
        SocketError error = Memory.Ports.Bind(this, local, out IPEndPoint bound);
        if (error == SocketError.Success)
            BoundTo = bound;
        return error;
    }

    protected static EndPoint Plain(EndPoint endPoint) => EndPoints.Unmap(endPoint);

    /// <summary>An end point as this socket's family writes it.</summary>
    protected EndPoint? Present(EndPoint? endPoint) =>
        AddressFamily == AddressFamily.InterNetworkV6 && endPoint is IPEndPoint { AddressFamily: AddressFamily.InterNetwork } ip
            ? new IPEndPoint(ip.Address.MapToIPv6(), ip.Port)
            : endPoint;

    /// <summary>Who a peer is told this socket is.</summary>
    protected EndPoint NameForPeers => BoundTo ?? Unnamed;

    private SocketError BindTo(UnixDomainSocketEndPoint name)
    {
        SocketError error = Memory.Ports.Bind(this, name);
        if (error == SocketError.Success)
            BoundTo = name;
        return error;
    }

    private SocketError BindToAnyName()
    {
        BoundTo = Memory.Ports.BindAutomatically(this);
        return SocketError.Success;
    }
}
