using System.Numerics;

namespace Sockeye.Eye.Masking.WebSockets;

/// <summary>Where the frames of one direction begin and end (RFC 6455, 5), however the stream is cut: nothing is kept but a header.</summary>
/// <param name="isExtended">Whether an extension was agreed on, so that RSV1 may be set (RFC 7692, 6).</param>
internal sealed class FramePieces(bool isExtended)
{
    private readonly byte[] _header = new byte[WebSocketFrameHeader.LengthMax];
    private int _headerLength;
    private WebSocketFrameHeader _frame;
    private long _taken;
    private bool _isInPayload;

    /// <summary>The message that has begun and not ended; <see cref="WebSocketOpcode.Continuation"/>: none has.</summary>
    private WebSocketOpcode _message;

    /// <summary>Takes the next piece. False: these are no frames that may be sent, and nothing that follows is known.</summary>
    /// <param name="data">Not empty.</param>
    /// <param name="piece">How much of it is what.</param>
    public bool TryTake(ReadOnlySpan<byte> data, out FramePiece piece)
    {
        if (_isInPayload)
        {
            piece = TakePayload(data);
            return true;
        }

        return TryTakeHeader(data, out piece);
    }

    private WebSocketOpcode Carried => _frame.IsControl ? _frame.Opcode : _message;

    private FramePiece TakePayload(ReadOnlySpan<byte> data)
    {
        int length = (int)Math.Min(data.Length, _frame.PayloadLength - _taken);
        uint key = BitOperations.RotateRight(_frame.MaskKey, 8 * (int)(_taken % sizeof(uint)));
        WebSocketOpcode carried = Carried;
        _taken += length;
        return new FramePiece(length, IsPayload: true, carried, key, EndsMessage: _taken == _frame.PayloadLength && EndFrame());
    }

    private bool TryTakeHeader(ReadOnlySpan<byte> data, out FramePiece piece)
    {
        piece = default;
        int taken = 0;
        WebSocketFrameHeader frame = default;
        try
        {
            while (!WebSocketFrameHeader.TryParse(_header.AsSpan(0, _headerLength), out frame))
            {
                if (taken == data.Length)
                {
                    piece = new FramePiece(taken, IsPayload: false, WebSocketOpcode.Continuation, 0, EndsMessage: false);
                    return true;
                }

                _header[_headerLength++] = data[taken++];
                if (_headerLength == 2 && !MayBegin(WebSocketFrameHeader.ParseFixed(_header[0], _header[1])))
                    return false;
            }
        }
        catch (WebSocketFailure)
        {
            return false;
        }

        (_headerLength, _frame, _taken, _isInPayload) = (0, frame, 0, true);
        if (!frame.IsControl && frame.Opcode != WebSocketOpcode.Continuation)
            _message = frame.Opcode;
        WebSocketOpcode carried = Carried;
        piece = new FramePiece(taken, IsPayload: false, carried, 0, EndsMessage: frame.PayloadLength == 0 && EndFrame());
        return true;
    }

    /// <summary>Whether such a frame may come now: RFC 6455, 5.2, 5.4, 5.5.</summary>
    private bool MayBegin(WebSocketFrameHeader start) => start.Opcode switch
    {
        WebSocketOpcode.Continuation => start.Reserved == 0 && _message != WebSocketOpcode.Continuation,
        WebSocketOpcode.Text or WebSocketOpcode.Binary =>
            (start.Reserved & ~(isExtended ? WebSocketFrameHeader.Reserved1 : 0)) == 0 && _message == WebSocketOpcode.Continuation,
        WebSocketOpcode.Close or WebSocketOpcode.Ping or WebSocketOpcode.Pong =>
            start.Reserved == 0 && start.IsFinal && start.PayloadLength <= WebSocketFrameHeader.ControlPayloadMax,
        _ => false,
    };

    /// <summary>Whether the message ends with the frame.</summary>
    private bool EndFrame()
    {
        _isInPayload = false;
        if (!_frame.IsControl && _frame.IsFinal)
            _message = WebSocketOpcode.Continuation;
        return _frame.IsFinal;
    }
}
