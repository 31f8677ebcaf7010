using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Sockeye.Interop;

namespace Sockeye;

/// <summary>Messages, the hop limit that each came with, and when.</summary>
/// <param name="level">IPPROTO_IP or IPPROTO_IPV6.</param>
/// <param name="hopLimitMessage">What tells the hop limit there.</param>
/// <param name="timestampMessage">What tells the time, of SOL_SOCKET.</param>
internal sealed class HopLimitReader(int level, int hopLimitMessage, int timestampMessage) : MessageReader
{
    private const int SocketLevel = 1;

    /// <summary>The hop limit of the message received last, if the kernel told it.</summary>
    public int? HopLimit { get; private set; }

    /// <summary>When the kernel took that message from the interface, UTC, if it told.</summary>
    public DateTime? ReceivedAt { get; private set; }

    public override SocketError Receive(SafeHandle socket, Span<byte> buffer, SocketFlags flags, SocketAddress? from, out DatagramResult result)
    {
        if (flags != SocketFlags.None)
            return LibC.ReceiveFrom(socket, buffer, flags, from, out result);
        Span<byte> name = stackalloc byte[LibC.AddressMax];
        Span<byte> control = stackalloc byte[LibC.ControlMax];
        result = default;
        SocketError error = LibC.ReceiveMessage(socket, buffer, name, control, fromErrorQueue: false, out ReceivedMessage received);
        if (error != SocketError.Success)
            return error;
        if (from is not null)
            LibC.FillAddress(from, name[..received.NameLength]);
        ControlMessages beside = new(control[..received.ControlLength]);
        HopLimit = beside.FindInteger(level, hopLimitMessage);
        ReceivedAt = KernelTime.Read(beside.Find(SocketLevel, timestampMessage));
        result = new DatagramResult(Math.Min(received.Count, buffer.Length), received.Count > buffer.Length);
        return SocketError.Success;
    }
}
