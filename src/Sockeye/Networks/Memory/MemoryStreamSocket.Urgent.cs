using System.Net.Sockets;

namespace Sockeye;

// TCP's urgent data as sockets know it (RFC 6093): one byte beside the stream, and the last one counts.
internal sealed partial class MemoryStreamSocket
{
    private byte? _urgent;

    private bool HasUrgent => !IsUnix && SocketType == SocketType.Stream;

    private SocketError TryReceiveUrgent(Span<byte> buffer, bool peek, out int count)
    {
        count = 0;
        if (!HasUrgent)
            return SocketError.OperationNotSupported;
        if (Options.IsSet(SocketOptionLevel.Socket, SocketOptionName.OutOfBandInline))
            return SocketError.InvalidArgument;
        if (_urgent is { } urgent)
        {
            if (buffer.Length == 0)
                return SocketError.Success;
            buffer[0] = urgent;
            count = 1;
            if (!peek)
                _urgent = null;
            return SocketError.Success;
        }

        if (Pending != SocketError.Success && !_inputEnded)
            return TakePending();
        return _phase switch
        {
            MemoryPhase.Connected => _inputEnded || _inputShut ? SocketError.Success : SocketError.WouldBlock,
            MemoryPhase.Connecting => SocketError.WouldBlock,
            MemoryPhase.Broken => SocketError.Success,
            _ => SocketError.NotConnected,
        };
    }

    /// <summary>Sends bytes of which the last is urgent.</summary>
    private void SendUrgentToPeer(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > 1)
            SendToPeer(bytes[..^1]);
        MemoryStreamSocket peer = _peer!;
        byte urgent = bytes[^1];
        peer._underWay++;
        SendToPeer(() =>
        {
            peer._underWay--;
            peer.ArriveUrgent(urgent);
        });
    }

    private void ArriveUrgent(byte urgent)
    {
        bool isBeside = !IsGone && _phase == MemoryPhase.Connected && !_inputShut
            && !Options.IsSet(SocketOptionLevel.Socket, SocketOptionName.OutOfBandInline);
        if (!isBeside)
        {
            ArriveData([urgent]);
            return;
        }

        _urgent = urgent;
        Signal(SocketEvents.Priority);
        _peer!.Signal(SocketEvents.Writable);
    }
}
