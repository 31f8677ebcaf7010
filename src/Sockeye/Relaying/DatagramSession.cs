using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>One sender of a <see cref="DatagramRelay"/>, and the socket that stands for it at the target.</summary>
public sealed class DatagramSession
{
    private long _datagramsIn;
    private long _bytesIn;
    private long _datagramsOut;
    private long _bytesOut;
    private long _lost;
    private long _activeAt;

    internal DatagramSession(SocketAddress from, DatagramSocket target, long now)
    {
        (From, Target, OpenedAt, _activeAt) = (from, target, now, now);
        Node = new LinkedListNode<DatagramSession>(this);
    }

    /// <summary>The sender; null for a Unix socket without a name, which cannot be answered. All such senders share a session.</summary>
    public EndPoint? RemoteEndPoint => EndPoints.TryFromAddress(From) is { } endPoint ? EndPoints.Unmap(endPoint) : null;

    /// <summary>The end point that the target sees.</summary>
    public EndPoint? TargetSideEndPoint => Target.LocalEndPoints is [{ } local, ..] ? local : null;

    /// <summary>How many datagrams of the sender's were passed on.</summary>
    public long DatagramsReceived => Volatile.Read(ref _datagramsIn);

    /// <summary>The bytes in them.</summary>
    public long BytesReceived => Volatile.Read(ref _bytesIn);

    /// <summary>How many datagrams of the target's were passed back to the sender.</summary>
    public long DatagramsSent => Volatile.Read(ref _datagramsOut);

    /// <summary>The bytes in them.</summary>
    public long BytesSent => Volatile.Read(ref _bytesOut);

    /// <summary>How many datagrams, either way, could not be passed on.</summary>
    public long Lost => Volatile.Read(ref _lost);

    internal SocketAddress From { get; }

    internal DatagramSocket Target { get; }

    /// <summary>What goes wrong on the way to the target; null for nothing.</summary>
    internal DatagramFaultFlow? Up { get; set; }

    /// <summary>What goes wrong on the way back.</summary>
    internal DatagramFaultFlow? Down { get; set; }

    internal LinkedListNode<DatagramSession> Node { get; }

    /// <summary>When it began, as a timestamp of the network's clock.</summary>
    internal long OpenedAt { get; }

    /// <summary>Why it ends.</summary>
    internal DatagramSessionEnd End { get; set; }

    /// <summary>When a datagram last came, either way.</summary>
    internal long ActiveAt
    {
        get => Volatile.Read(ref _activeAt);
        set => Volatile.Write(ref _activeAt, value);
    }

    internal void CountReceived(int bytes)
    {
        Interlocked.Increment(ref _datagramsIn);
        Interlocked.Add(ref _bytesIn, bytes);
    }

    internal void CountSent(int bytes)
    {
        Interlocked.Increment(ref _datagramsOut);
        Interlocked.Add(ref _bytesOut, bytes);
    }

    internal void CountLost() => Interlocked.Increment(ref _lost);

    /// <summary>A datagram met a fault.</summary>
    internal void Met(SocketFault fault)
    {
        if (fault.Kind is FaultKind.Dropped or FaultKind.Overflowed)
            CountLost();
        if (Target.Socket is { } socket)
            socket.Observer?.Faulted(socket, fault);
    }
}
