using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>A datagram socket: an inbox of whole messages, bounded by its receive buffer. UDP and Unix differ in how they send.</summary>
internal abstract class MemoryDatagramSocket(MemoryNetwork network, AddressFamily family, ProtocolType protocol)
    : MemorySocket(network, family, SocketType.Dgram, protocol, options: null)
{
    private readonly MemoryInbox _inbox = new(wholeMessages: true);
    private bool _inputShut;

    protected bool OutputShut { get; private set; }

    /// <summary>The cost of what is under way to this socket and has its place in the inbox already.</summary>
    protected int UnderWay { get; set; }

    /// <summary>A message is taken whole when there is any room: the bound is passed by one message at most.</summary>
    protected bool HasRoom => _inbox.Cost + UnderWay < Options.ReceiveBufferSize;

    protected internal sealed override SocketError ListenCore(int backlog) => SocketError.OperationNotSupported;

    protected internal sealed override SocketError TryAcceptCore(out NetworkSocket? socket)
    {
        socket = null;
        return SocketError.OperationNotSupported;
    }

    protected internal sealed override SocketError TryReceiveCore(Span<byte> buffer, SocketFlags flags, out int count)
    {
        SocketError error = TryReceiveFromCore(buffer, flags, from: null, out DatagramResult result);
        count = result.Count;
        return error;
    }

    protected internal sealed override SocketError TryReceiveFromCore(Span<byte> buffer, SocketFlags flags, SocketAddress? from, out DatagramResult result)
    {
        lock (Memory.Gate)
        {
            result = default;
            if (IsGone)
                return SocketError.OperationAborted;
            if ((flags & SocketFlags.OutOfBand) != 0)
                return SocketError.OperationNotSupported;
            if (Pending != SocketError.Success)
                return TakePending();
            if (_inbox.IsEmpty)
                return _inputShut ? SocketError.Success : SocketError.WouldBlock;
            bool hadRoom = HasRoom;
            result = _inbox.Take(buffer, peek: (flags & SocketFlags.Peek) != 0, out EndPoint? sender);
            if (from is not null && sender is not null)
                Copy(Present(sender)!.Serialize(), from);
            if (!hadRoom && HasRoom)
                RoomIsBack();
            return SocketError.Success;
        }
    }

    protected internal sealed override SocketError TrySendCore(ReadOnlySpan<byte> buffer, SocketFlags flags, out int count)
    {
        lock (Memory.Gate)
        {
            count = 0;
            SocketError error = CheckSend(flags);
            if (error == SocketError.Success)
                error = IsConnected ? SendToPeer(buffer) : IsUnix ? SocketError.NotConnected : SocketError.DestinationAddressRequired;
            if (error == SocketError.Success)
                count = buffer.Length;
            return error;
        }
    }

    protected internal sealed override SocketError TrySendToCore(ReadOnlySpan<byte> buffer, SocketFlags flags, SocketAddress to, out int count)
    {
        lock (Memory.Gate)
        {
            count = 0;
            SocketError error = CheckSend(flags);
            if (error == SocketError.Success)
                error = to.Family == AddressFamily ? SendTo(Plain(EndPoints.FromAddress(to)), buffer) : SocketError.AddressFamilyNotSupported;
            if (error == SocketError.Success)
                count = buffer.Length;
            return error;
        }
    }

    protected internal sealed override SocketError ShutdownCore(SocketShutdown how)
    {
        lock (Memory.Gate)
        {
            if (IsGone)
                return SocketError.OperationAborted;
            if (!IsConnected)
                return SocketError.NotConnected;
            _inputShut |= how != SocketShutdown.Send;
            OutputShut |= how != SocketShutdown.Receive;
            Signal(SocketEvents.Readable | SocketEvents.Writable);
            return SocketError.Success;
        }
    }

    protected sealed override SocketEvents Ready(SocketEvents events)
    {
        SocketEvents ready = SocketEvents.None;
        if (!_inbox.IsEmpty || _inputShut)
            ready |= SocketEvents.Readable;
        if (OutputShut || ((events & SocketEvents.Writable) != 0 && CanSend()))
            ready |= SocketEvents.Writable;
        if (_inputShut && OutputShut)
            ready |= SocketEvents.HangUp;
        if (Pending != SocketError.Success)
            ready |= SocketEvents.Readable | SocketEvents.Writable | SocketEvents.Error;
        return ready & (events | SocketEvents.Error | SocketEvents.HangUp);
    }

    protected override void Leave(bool reset) => _inbox.Clear();

    protected override void RoomMayHaveGrown() => RoomIsBack();

    /// <summary>Whether a send would be taken now; if not, this socket is signalled when it would.</summary>
    protected abstract bool CanSend();

    protected abstract SocketError SendToPeer(ReadOnlySpan<byte> bytes);

    protected abstract SocketError SendTo(EndPoint to, ReadOnlySpan<byte> bytes);

    /// <summary>There is room again: whoever waited for it may send.</summary>
    protected abstract void RoomIsBack();

    protected int CostOf(int length) => _inbox.CostOf(length);

    /// <summary>A message has come for this socket, which has room.</summary>
    protected void Keep(ReadOnlySpan<byte> bytes, EndPoint sender)
    {
        if (_inputShut)
            return;
        _inbox.Add(bytes, sender);
        Signal(SocketEvents.Readable);
    }

    private SocketError CheckSend(SocketFlags flags)
    {
        if (IsGone)
            return SocketError.OperationAborted;
        if ((flags & SocketFlags.OutOfBand) != 0)
            return SocketError.OperationNotSupported;
        if (OutputShut)
            return SocketError.Shutdown;
        return TakePending();
    }

    private static void Copy(SocketAddress source, SocketAddress target)
    {
        int length = Math.Min(source.Size, target.Buffer.Length);
        source.Buffer.Span[..length].CopyTo(target.Buffer.Span);
        target.Size = length;
    }
}
