using System.Net.Sockets;
using Sockeye.Interop;

namespace Sockeye;

/// <summary>Several datagrams in one system call; and as one message, which the kernel cuts or has put together (udp(7)).</summary>
internal partial class LinuxHostSocket
{
    /// <summary>Whether the kernel cuts messages into datagrams. One that does not know how would send a message whole, so it has to be asked.</summary>
    private static bool? KernelSegments;

    private bool _refusesJoined;

    internal sealed override bool SendsBatches => true;

    internal sealed override bool ReceivesBatches => Reader is null;

    internal sealed override bool HoldsMessage => Reader is { HasMessage: true };

    /// <summary>How messages are received of which the kernel tells more; null for the plain way.</summary>
    private MessageReader? Reader => KnownExtras?.Reader;

    private bool IsUdp => SocketType == SocketType.Dgram && AddressFamily != AddressFamily.Unix && ProtocolType is ProtocolType.Udp or ProtocolType.Unspecified;

    internal override SocketError TryReceiveBatchCore(DatagramBatch batch) => TryReceiveBatch(batch, batch.DatagramsMax);

    internal override SocketError TrySendBatchCore(DatagramBatch batch, int first, int end, out int sent)
    {
        bool mayJoin = !_refusesJoined && end - first > 1 && IsUdp && Segments();
        bool mayJoinLater = mayJoin;
        SocketError error = batch.Messages.Send(Descriptor, first, end, ref mayJoinLater, out sent);
        _refusesJoined |= mayJoin && !mayJoinLater;
        return error;
    }

    internal override void CoalesceReceived()
    {
        // A kernel that does not know it hands over each by itself.
        if (IsUdp && SetInteger(LibC.UdpLevel, LibC.CoalesceOption, 1) == SocketError.Success)
            Extras.Reader = new CoalescedReader();
    }

    private protected SocketError TryReceiveBatch(DatagramBatch batch, int max) => batch.Messages.Receive(Descriptor, max);

    private bool Segments() => KernelSegments ??= GetInteger(LibC.UdpLevel, LibC.SegmentOption, out _) == SocketError.Success;
}
