using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Sockeye.Interop;

namespace Sockeye;

/// <summary>
/// Datagrams of a socket that the kernel may hand over several of one sender at once (UDP_GRO, udp(7)): one message of equal datagrams, the last of which may be shorter.
/// They are given out one by one.
/// </summary>
internal sealed class CoalescedReader : MessageReader
{
    /// <summary>The most bytes that the kernel puts together: those of an IP packet.</summary>
    private const int MessageMax = 65_535;

    private readonly byte[] _bytes = new byte[MessageMax];
    private readonly byte[] _name = new byte[LibC.AddressMax];
    private int _nameLength;
    private int _at;
    private int _end;
    private int _length;
    private bool _hasMessage;

    public override bool HasMessage => _hasMessage;

    public override SocketError Receive(SafeHandle socket, Span<byte> buffer, SocketFlags flags, SocketAddress? from, out DatagramResult result)
    {
        result = default;
        if ((flags & SocketFlags.OutOfBand) != 0)
            return LibC.ReceiveFrom(socket, buffer, flags, from, out result);
        if (!_hasMessage && Fill(socket) is not SocketError.Success and var error)
            return error;
        ReadOnlySpan<byte> datagram = _bytes.AsSpan(_at, Math.Min(_length, _end - _at));
        if (from is not null)
            LibC.FillAddress(from, _name.AsSpan(0, _nameLength));
        result = new DatagramResult(Math.Min(datagram.Length, buffer.Length), datagram.Length > buffer.Length);
        datagram[..result.Count].CopyTo(buffer);
        if ((flags & SocketFlags.Peek) == 0)
        {
            _at += datagram.Length;
            _hasMessage = _at < _end;
        }

        return SocketError.Success;
    }

    private SocketError Fill(SafeHandle socket)
    {
        Span<byte> control = stackalloc byte[LibC.ControlMax];
        SocketError error = LibC.ReceiveMessage(socket, _bytes, _name, control, fromErrorQueue: false, out ReceivedMessage received);
        if (error != SocketError.Success)
            return error;
        _nameLength = received.NameLength;
        _at = 0;
        _end = Math.Min(received.Count, _bytes.Length);
        _length = new ControlMessages(control[..received.ControlLength]).FindInteger(LibC.UdpLevel, LibC.CoalesceOption) is { } length and > 0 ? length : _end;
        _hasMessage = true;
        return SocketError.Success;
    }
}
