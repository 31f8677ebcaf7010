using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>A UDP socket: datagrams to one, to the members of a group, or to everybody at a port. What finds no room is lost.</summary>
internal sealed class MemoryUdpSocket(MemoryNetwork network, AddressFamily family, ProtocolType protocol) : MemoryDatagramSocket(network, family, protocol)
{
    /// <summary>What one datagram carries: 65,535 bytes less the headers of IPv4 and UDP (RFC 768, RFC 791). IPv6's length leaves its own header out (RFC 8200, 3).</summary>
    private const int DatagramMaxV4 = 65507;
    private const int DatagramMaxV6 = 65527;

    private readonly List<IPAddress> _groups = [];

    /// <summary>The cost of what this socket has sent and has not arrived.</summary>
    private int _sending;

    protected override bool CanSend() => _sending < Options.SendBufferSize;

    private SocketOptionLevel IpLevel => AddressFamily == AddressFamily.InterNetworkV6 ? SocketOptionLevel.IPv6 : SocketOptionLevel.IP;

    protected internal override SocketError TryConnectCore(EndPoint remote)
    {
        lock (Memory.Gate)
        {
            if (IsGone)
                return SocketError.OperationAborted;
            SocketError error = FindWay((IPEndPoint)Plain(remote), out IPEndPoint destination);
            if (error == SocketError.Success && !MayBroadcastTo(destination.Address))
                error = SocketError.AccessDenied;
            if (error == SocketError.Success)
                error = BindToward(destination.Address);
            if (error == SocketError.Success)
                ConnectedTo = destination;
            return error;
        }
    }

    protected internal override SocketError SetMembershipCore(IPAddress group, int interfaceIndex, bool join)
    {
        lock (Memory.Gate)
        {
            if (IsGone)
                return SocketError.OperationAborted;
            if (!MemoryAddresses.IsMulticast(group))
                return SocketError.InvalidArgument;
            if (!join)
                return _groups.Remove(group) ? SocketError.Success : SocketError.AddressNotAvailable;
            if (_groups.Contains(group))
                return SocketError.AddressAlreadyInUse;
            _groups.Add(group);
            return SocketError.Success;
        }
    }

    protected override void RoomIsBack() => Signal(SocketEvents.Writable);

    protected override SocketError SendToPeer(ReadOnlySpan<byte> bytes) => SendTo((IPEndPoint)ConnectedTo!, bytes);

    protected override SocketError SendTo(EndPoint to, ReadOnlySpan<byte> bytes)
    {
        SocketError error = FindWay((IPEndPoint)to, out IPEndPoint destination);
        if (error != SocketError.Success)
            return error;
        if (destination.Port == 0)
            return SocketError.InvalidArgument;
        if (!MayBroadcastTo(destination.Address))
            return SocketError.AccessDenied;
        if (bytes.Length > (destination.AddressFamily == AddressFamily.InterNetwork ? DatagramMaxV4 : DatagramMaxV6))
            return SocketError.MessageSize;
        if (!CanSend())
            return SocketError.WouldBlock;
        if (BoundTo is null && BindTo((IPEndPoint)Plain(EndPoints.Any(AddressFamily))) is var unbound and not SocketError.Success)
            return unbound == SocketError.AddressAlreadyInUse ? SocketError.NoBufferSpaceAvailable : unbound;
        Transmit(bytes, destination);
        return SocketError.Success;
    }

    private bool MayBroadcastTo(IPAddress address) =>
        !MemoryAddresses.IsBroadcast(address) || Options.IsSet(SocketOptionLevel.Socket, SocketOptionName.Broadcast);

    private void Transmit(ReadOnlySpan<byte> bytes, IPEndPoint destination)
    {
        IPEndPoint bound = (IPEndPoint)BoundTo!;
        IPEndPoint source = Memory.Addresses.Exists(bound.Address) ? bound : new IPEndPoint(Memory.Addresses.SourceFor(destination.Address), bound.Port);
        if (Transit.IsImmediate(Flow))
        {
            Arrive(bytes, source, destination);
            return;
        }

        byte[] copy = bytes.ToArray();
        int cost = CostOf(copy.Length);
        _sending += cost;
        Transit.Send(new MemoryPacket(Flow, source, destination, IsDatagram: true, () => Arrive(copy, source, destination), () => HasLeft(cost)));
    }

    private void HasLeft(int cost)
    {
        bool could = CanSend();
        _sending -= cost;
        if (!could && CanSend())
            RoomIsBack();
    }

    /// <summary>This socket's datagram has come to <paramref name="destination"/>.</summary>
    private void Arrive(ReadOnlySpan<byte> bytes, IPEndPoint source, IPEndPoint destination)
    {
        if (MemoryAddresses.IsMulticast(destination.Address))
        {
            // All members are on this host.
            if (!Options.IsSet(IpLevel, SocketOptionName.MulticastLoopback))
                return;
            foreach (MemoryUdpSocket socket in HearersOf(destination, source))
            {
                if (socket._groups.Contains(destination.Address))
                    socket.Hear(bytes, source);
            }
        }
        else if (MemoryAddresses.IsBroadcast(destination.Address))
        {
            foreach (MemoryUdpSocket socket in HearersOf(destination, source))
                socket.Hear(bytes, source);
        }
        else if (!Memory.Conditions.Refuses(destination)
            && Memory.Ports.Find(SocketType.Dgram, destination, socket => ((MemoryUdpSocket)socket).Fit(source)) is MemoryUdpSocket receiver)
        {
            receiver.Hear(bytes, source);
        }
        else if (Equals(ConnectedTo, destination))
        {
            // ICMP port unreachable (RFC 1122, 4.1.3.3): only a connected socket hears of it.
            Transit.Send(new MemoryPacket(new MemoryFlow(), destination, source, IsDatagram: true, ArriveUnreachable));
        }
    }

    private IEnumerable<MemoryUdpSocket> HearersOf(IPEndPoint destination, IPEndPoint source) =>
        [.. Memory.Ports.At(SocketType.Dgram, destination.Port).Cast<MemoryUdpSocket>()
            .Where(socket => MemoryPorts.Precision(socket, destination.Address) >= 0 && socket.Fit(source) >= 0)];

    /// <summary>A connected socket hears its peer only, and before others.</summary>
    private int Fit(IPEndPoint source) => ConnectedTo is null ? 0 : ConnectedTo.Equals(source) ? 1 : -1;

    private void Hear(ReadOnlySpan<byte> bytes, IPEndPoint source)
    {
        if (HasRoom)
            Keep(bytes, source);
        else
            Memory.CountDropped();
    }

    private void ArriveUnreachable()
    {
        if (IsGone)
            return;
        Pending = SocketError.ConnectionRefused;
        Signal(SocketEvents.Readable | SocketEvents.Writable | SocketEvents.Error);
    }
}
