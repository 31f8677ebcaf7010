using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>A Unix datagram socket: nothing is lost. A missing receiver is an error at once, and a full one makes the sender wait (unix(7)).</summary>
internal sealed class MemoryUnixDatagramSocket(MemoryNetwork network, ProtocolType protocol)
    : MemoryDatagramSocket(network, AddressFamily.Unix, protocol)
{
    /// <summary>Who found this socket full and waits for room.</summary>
    private readonly List<MemoryUnixDatagramSocket> _waiting = [];

    private MemoryUnixDatagramSocket? _peer;

    /// <summary>Whom this socket found full: several senders may wait for several.</summary>
    private readonly List<MemoryUnixDatagramSocket> _fullReceivers = [];

    public static void Join(MemoryUnixDatagramSocket first, MemoryUnixDatagramSocket second)
    {
        (first._peer, second._peer) = (second, first);
        (first.ConnectedTo, second.ConnectedTo) = (second.NameForPeers, first.NameForPeers);
    }

    protected internal override SocketError TryConnectCore(EndPoint remote)
    {
        lock (Memory.Gate)
        {
            if (IsGone)
                return SocketError.OperationAborted;
            SocketError error = Find(remote, out MemoryUnixDatagramSocket? receiver);
            if (error != SocketError.Success)
                return error;
            _peer = receiver;
            ConnectedTo = remote;
            return SocketError.Success;
        }
    }

    protected override bool CanSend()
    {
        if (IsFull(_peer))
            WaitFor(_peer!);
        return !_fullReceivers.Exists(IsFull);
    }

    protected override SocketError SendToPeer(ReadOnlySpan<byte> bytes) =>
        _peer is { IsGone: false } peer ? Deliver(peer, bytes) : SocketError.ConnectionRefused;

    protected override SocketError SendTo(EndPoint to, ReadOnlySpan<byte> bytes)
    {
        SocketError error = Find(to, out MemoryUnixDatagramSocket? receiver);
        return error == SocketError.Success ? Deliver(receiver!, bytes) : error;
    }

    protected override void RoomIsBack()
    {
        MemoryUnixDatagramSocket[] waiting = [.. _waiting];
        _waiting.Clear();
        foreach (MemoryUnixDatagramSocket sender in waiting)
        {
            sender._fullReceivers.Remove(this);
            sender.Signal(SocketEvents.Writable);
        }
    }

    protected override void Leave(bool reset)
    {
        base.Leave(reset);
        RoomIsBack();
        foreach (MemoryUnixDatagramSocket receiver in _fullReceivers)
            receiver._waiting.Remove(this);
        _fullReceivers.Clear();
    }

    private SocketError Find(EndPoint remote, out MemoryUnixDatagramSocket? receiver)
    {
        UnixDomainSocketEndPoint name = (UnixDomainSocketEndPoint)remote;
        MemorySocket? found = Memory.Ports.Find(name, SocketType.Dgram);
        receiver = found as MemoryUnixDatagramSocket;
        if (Memory.Conditions.Refuses(name))
            return SocketError.ConnectionRefused;
        if (receiver is not null)
            return receiver._peer is null || receiver._peer == this ? SocketError.Success : SocketError.AccessDenied;
        return found is not null ? SocketError.ProtocolType : MemoryPorts.IsPath(name) ? SocketError.AddressNotAvailable : SocketError.ConnectionRefused;
    }

    private SocketError Deliver(MemoryUnixDatagramSocket receiver, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > Options.SendBufferSize)
            return SocketError.MessageSize;
        if (!receiver.HasRoom)
        {
            WaitFor(receiver);
            return SocketError.WouldBlock;
        }

        EndPoint sender = NameForPeers;
        if (Transit.IsImmediate(Flow))
        {
            receiver.Keep(bytes, sender);
            return SocketError.Success;
        }

        byte[] copy = bytes.ToArray();
        int cost = CostOf(copy.Length);
        receiver.UnderWay += cost;
        Transit.Send(new MemoryPacket(Flow, sender, receiver.NameForPeers, IsDatagram: true, () => receiver.ArriveFrom(sender, copy), () => receiver.HasCome(cost)));
        return SocketError.Success;
    }

    private static bool IsFull(MemoryUnixDatagramSocket? receiver) => receiver is { IsGone: false, HasRoom: false };

    /// <summary>Is told when <paramref name="receiver"/> has room again.</summary>
    private void WaitFor(MemoryUnixDatagramSocket receiver)
    {
        if (_fullReceivers.Contains(receiver))
            return;
        _fullReceivers.Add(receiver);
        receiver._waiting.Add(this);
    }

    private void HasCome(int cost)
    {
        UnderWay -= cost;
        if (HasRoom)
            RoomIsBack();
    }

    private void ArriveFrom(EndPoint sender, ReadOnlySpan<byte> bytes)
    {
        if (!IsGone)
            Keep(bytes, sender);
    }
}
