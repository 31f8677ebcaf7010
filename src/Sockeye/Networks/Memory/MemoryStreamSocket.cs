using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>
/// A stream or SEQPACKET socket. Each end keeps what has arrived for it; a sender writes into its peer's inbox, by way of the transit. What is
/// there and what is under way together fill the bound.
/// </summary>
/// <remarks>
/// <list type="table">
/// <listheader><term>phase</term><description>goes to</description></listheader>
/// <item><term>Idle</term><description>Connecting by a connect, Listening by a listen</description></item>
/// <item><term>Connecting</term><description>Connected when the peer answers, Idle when it refuses</description></item>
/// <item><term>Connected</term><description>Broken when the peer resets; ends of direction are flags beside it</description></item>
/// <item><term>Broken, Listening</term><description>nowhere but closed</description></item>
/// </list>
/// </remarks>
internal sealed partial class MemoryStreamSocket : MemorySocket
{
    private readonly MemoryInbox _inbox;
    private MemoryPhase _phase;
    private MemoryStreamSocket? _peer;

    /// <summary>The cost of what is under way to this socket.</summary>
    private int _underWay;

    /// <summary>The peer's end has arrived: after what is in the inbox there is nothing more.</summary>
    private bool _inputEnded;

    /// <summary>This side receives no more.</summary>
    private bool _inputShut;

    /// <summary>This side has sent its end.</summary>
    private bool _outputEnded;

    /// <summary>The peer is known to take nothing more: Unix sockets tell at once, TCP answers data with a reset.</summary>
    private bool _outputRefused;

    public MemoryStreamSocket(MemoryNetwork network, AddressFamily family, SocketType type, ProtocolType protocol, MemoryOptions? options = null)
        : base(network, family, type, protocol, options) => _inbox = new MemoryInbox(type == SocketType.Seqpacket);

    public override bool TakesConnections => _phase == MemoryPhase.Listening && !IsGone;

    protected override bool IsConnected => _phase is MemoryPhase.Connected or MemoryPhase.Broken;

    private bool IsMessages => SocketType == SocketType.Seqpacket;

    /// <summary>What the peer can still be sent, in the inbox's cost. A message is taken whole when there is any room.</summary>
    private int Room => Options.SendBufferSize + _peer!.Options.ReceiveBufferSize - _peer._inbox.Cost - _peer._underWay;

    public static void Join(MemoryStreamSocket first, MemoryStreamSocket second)
    {
        (first._peer, second._peer) = (second, first);
        first._phase = second._phase = MemoryPhase.Connected;
        first.ConnectedTo ??= second.NameForPeers;
        second.ConnectedTo ??= first.NameForPeers;
    }

    protected internal override SocketError TryReceiveCore(Span<byte> buffer, SocketFlags flags, out int count)
    {
        SocketError error = TryReceiveFromCore(buffer, flags, from: null, out DatagramResult result);
        count = result.Count;
        return error;
    }

    protected internal override SocketError TryReceiveFromCore(Span<byte> buffer, SocketFlags flags, SocketAddress? from, out DatagramResult result)
    {
        lock (Memory.Gate)
        {
            result = default;
            if (IsGone)
                return SocketError.OperationAborted;
            bool peek = (flags & SocketFlags.Peek) != 0;
            if ((flags & SocketFlags.OutOfBand) != 0)
            {
                SocketError error = TryReceiveUrgent(buffer, peek, out int count);
                result = new DatagramResult(count, Truncated: false);
                return error;
            }

            if (!_inbox.IsEmpty)
            {
                result = Take(buffer, peek);
                return SocketError.Success;
            }

            if (_inputEnded || _inputShut)
                return SocketError.Success;
            if (Pending != SocketError.Success)
                return TakePending();
            return _phase switch
            {
                MemoryPhase.Connected or MemoryPhase.Connecting => SocketError.WouldBlock,
                MemoryPhase.Broken => SocketError.Success,
                _ => SocketError.NotConnected,
            };
        }
    }

    protected internal override SocketError TrySendToCore(ReadOnlySpan<byte> buffer, SocketFlags flags, SocketAddress to, out int count) =>
        TrySendCore(buffer, flags, out count);

    protected internal override SocketError TrySendCore(ReadOnlySpan<byte> buffer, SocketFlags flags, out int count)
    {
        lock (Memory.Gate)
        {
            count = 0;
            if (IsGone)
                return SocketError.OperationAborted;
            bool isUrgent = (flags & SocketFlags.OutOfBand) != 0;
            if (isUrgent && !HasUrgent)
                return SocketError.OperationNotSupported;
            if (_outputEnded)
                return SocketError.Shutdown;
            if (Pending != SocketError.Success)
                return TakePending();
            SocketError error = _phase switch
            {
                MemoryPhase.Connected => _outputRefused ? SocketError.Shutdown : SocketError.Success,
                MemoryPhase.Connecting => SocketError.WouldBlock,
                MemoryPhase.Broken => SocketError.Shutdown,
                _ => SocketError.NotConnected,
            };
            if (error != SocketError.Success)
                return error;
            if (IsMessages && buffer.Length > Options.SendBufferSize)
                return SocketError.MessageSize;
            if (buffer.Length == 0 && !IsMessages)
                return SocketError.Success;
            int room = Room;
            if (room <= 0)
                return SocketError.WouldBlock;
            count = IsMessages ? buffer.Length : Math.Min(buffer.Length, room);

            // Of bytes that do not all fit the urgent one is still to come.
            if (isUrgent && count == buffer.Length)
                SendUrgentToPeer(buffer);
            else
                SendToPeer(buffer[..count]);
            return SocketError.Success;
        }
    }

    protected internal override SocketError ShutdownCore(SocketShutdown how)
    {
        lock (Memory.Gate)
        {
            if (IsGone)
                return SocketError.OperationAborted;
            if (_phase != MemoryPhase.Connected)
                return SocketError.NotConnected;
            if (how != SocketShutdown.Send && !_inputShut)
            {
                _inputShut = true;
                MemoryStreamSocket peer = _peer!;
                if (IsUnix)
                    SendToPeer(peer.ArriveRefusal);
                Signal(SocketEvents.Readable);
            }

            if (how != SocketShutdown.Receive && !_outputEnded)
            {
                _outputEnded = true;
                SendToPeer(_peer!.ArriveEnd);
                Signal(SocketEvents.Writable);
            }

            return SocketError.Success;
        }
    }

    /// <summary>Resets this side, as if the peer had; the caller holds the lock.</summary>
    public void ArriveReset()
    {
        if (IsGone || _phase != MemoryPhase.Connected)
            return;

        // RFC 9293, 3.10.7.4: a reset flushes all queues. Where the peer's end had come before, nothing is missing and nothing is lost; nor is it
        // on Unix sockets.
        bool isWhole = _inputEnded || IsUnix;
        if (!isWhole)
        {
            _inbox.Clear();
            _urgent = null;
        }

        _phase = MemoryPhase.Broken;
        Pending = _inputEnded ? SocketError.Shutdown : SocketError.ConnectionReset;
        Signal(SocketEvents.Readable | SocketEvents.Writable | SocketEvents.Error | SocketEvents.HangUp);
    }

    /// <summary>Resets both sides if one of the ends is among <paramref name="endPoints"/>; tells whether it did.</summary>
    public bool ResetIf(Func<EndPoint, bool> endPoints)
    {
        if (_phase != MemoryPhase.Connected || IsGone || _peer is not { } peer)
            return false;
        if (!endPoints(NameForPeers) && !endPoints(peer.NameForPeers))
            return false;
        ArriveReset();
        peer.ArriveReset();
        return true;
    }

    protected override SocketEvents Ready(SocketEvents events)
    {
        SocketEvents ready = _phase switch
        {
            MemoryPhase.Listening => _accepted.Count > 0 ? SocketEvents.Readable : SocketEvents.None,
            MemoryPhase.Connecting => SocketEvents.None,
            MemoryPhase.Connected => ReadyInConnection(events),
            MemoryPhase.Broken => SocketEvents.Readable | SocketEvents.Writable | SocketEvents.HangUp,
            _ => SocketEvents.Writable | SocketEvents.HangUp,
        };
        if (Pending != SocketError.Success)
            ready |= SocketEvents.Readable | SocketEvents.Writable | SocketEvents.Error;
        return ready & (events | SocketEvents.Error | SocketEvents.HangUp);
    }

    protected override void RoomMayHaveGrown()
    {
        if (_phase != MemoryPhase.Connected)
            return;
        Signal(SocketEvents.Writable);
        _peer!.Signal(SocketEvents.Writable);
    }

    protected override void Leave(bool reset)
    {
        switch (_phase)
        {
            case MemoryPhase.Listening:
                TurnAllAway();
                break;
            case MemoryPhase.Connected:
                LeavePeer(reset);
                break;
        }

        _inbox.Clear();
    }

    private SocketEvents ReadyInConnection(SocketEvents events)
    {
        SocketEvents ready = SocketEvents.None;
        if (!_inbox.IsEmpty || _inputEnded || _inputShut)
            ready |= SocketEvents.Readable;
        if (_urgent is not null)
            ready |= SocketEvents.Priority;
        if (_outputEnded || _outputRefused || Room > 0)
            ready |= SocketEvents.Writable;
        if ((_inputEnded || _inputShut) && (_outputEnded || _outputRefused))
            ready |= SocketEvents.HangUp;

        // A reader of messages has no other way to tell the end from an empty message.
        if (IsMessages && _inputEnded && (events & SocketEvents.Readable) != 0)
            ready |= SocketEvents.HangUp;
        return ready;
    }

    private DatagramResult Take(Span<byte> buffer, bool peek)
    {
        bool wasFull = _peer is { IsGone: false, _phase: MemoryPhase.Connected } && _peer.Room <= 0;
        DatagramResult result = _inbox.Take(buffer, peek, out _);
        if (wasFull && _peer!.Room > 0)
            _peer.Signal(SocketEvents.Writable);
        return result;
    }

    private void LeavePeer(bool reset)
    {
        Debug.Assert(_peer is not null, "A connected socket has a peer.");
        MemoryStreamSocket peer = _peer;
        bool unread = !_inbox.IsEmpty;
        if (IsUnix)
        {
            // unix(7) knows no reset of a close's own; unread input is one.
            SendToPeer(unread ? peer.ArriveReset : peer.ArriveLeaving);
        }
        else if (reset || unread)
        {
            SendToPeer(peer.ArriveReset);
        }
        else if (!_outputEnded)
        {
            SendToPeer(peer.ArriveEnd);
        }
    }

    private void SendToPeer(ReadOnlySpan<byte> bytes)
    {
        MemoryStreamSocket peer = _peer!;
        if (Transit.IsImmediate(Flow))
        {
            peer.ArriveData(bytes);
            return;
        }

        byte[] copy = bytes.ToArray();
        int cost = peer._inbox.CostOf(copy.Length);
        peer._underWay += cost;
        SendToPeer(() =>
        {
            peer._underWay -= cost;
            peer.ArriveData(copy);
        });
    }

    private void SendToPeer(Action arrive) => Transit.Send(new MemoryPacket(Flow, NameForPeers, ConnectedTo, IsDatagram: false, arrive));

    private void ArriveData(ReadOnlySpan<byte> bytes)
    {
        if (IsGone || _phase != MemoryPhase.Connected)
        {
            // Nobody is there any more, and a reset says so (RFC 9293, 3.10.7.1).
            if (!IsUnix && IsGone)
                SendToPeer(_peer!.ArriveReset);
        }
        else if (_inputShut)
        {
            _peer!.Signal(SocketEvents.Writable);
        }
        else
        {
            _inbox.Add(bytes, sender: null);
            Signal(SocketEvents.Readable);
        }
    }

    private void ArriveEnd()
    {
        if (IsGone || _phase != MemoryPhase.Connected)
            return;
        _inputEnded = true;
        Signal(_outputEnded || IsMessages ? SocketEvents.Readable | SocketEvents.HangUp : SocketEvents.Readable);

        // No urgent byte will come: who waits for one learns it by trying again.
        SignalCore(SocketEvents.Priority);
    }

    /// <summary>The peer has shut its receiving down.</summary>
    private void ArriveRefusal()
    {
        if (IsGone || _phase != MemoryPhase.Connected)
            return;
        _outputRefused = true;
        Signal(_inputEnded ? SocketEvents.Writable | SocketEvents.HangUp : SocketEvents.Writable);
    }

    private void ArriveLeaving()
    {
        ArriveEnd();
        ArriveRefusal();
    }
}
