using System.Buffers;
using System.Net.WebSockets;

namespace Sockeye;

/// <summary>
/// What the peer's bytes say: RFC 6455, with permessage-deflate where it was agreed (RFC 7692). Pure: bytes in, payload and events out.
/// </summary>
/// <remarks>
/// <list type="table">
/// <listheader><term>state</term><description>leaves it</description></listheader>
/// <item><term>Header</term><description>a data frame's header → Payload; a control frame's → Control</description></item>
/// <item><term>Payload</term><description>its last byte → Header, or Tail if it ends a compressed message</description></item>
/// <item><term>Tail</term><description>the compressed message is all out → Header, with EndOfMessage</description></item>
/// <item><term>Control</term><description>its last byte → Header, with Ping or Pong; or Closed, with Close</description></item>
/// <item><term>Closed</term><description>never: what comes is dropped (section 5.5.1)</description></item>
/// </list>
/// Whatever the peer sends throws nothing but <see cref="WebSocketFailure"/>; after one, do not ask again.
/// </remarks>
internal sealed class WebSocketDecoder(bool isServer, long messageSizeMax, Inflater? inflater = null, bool keepsContext = true)
{
    /// <summary>The bytes unmasked at a time on their way to the inflater.</summary>
    private const int InflateChunk = 1024;

    private readonly byte[] _control = new byte[WebSocketFrameHeader.ControlPayloadMax];
    private State _state;
    private WebSocketFrameHeader _frame;
    private long _taken;
    private WebSocketOpcode _message;
    private bool _isCompressed;
    private long _messageSize;
    private int _tailTaken;
    private Utf8Checker _text;

    private enum State
    {
        Header,
        Payload,
        Tail,
        Control,
        Closed,
    }

    /// <summary>The most bytes of a message, after inflating. May be changed between messages.</summary>
    public long MessageSizeMax { get; set; } = messageSizeMax;

    /// <summary>Whether the message that the last data belonged to is text.</summary>
    public bool IsText { get; private set; }

    /// <summary>Whether a message has begun and not ended.</summary>
    public bool IsWithinMessage => _message != WebSocketOpcode.Continuation;

    /// <summary>The payload of the last control frame.</summary>
    public ReadOnlySpan<byte> ControlPayload => _control.AsSpan(0, (int)_taken);

    /// <summary>Whether payload was left for want of room: the next call gives it, with no further input.</summary>
    public bool HasPending { get; private set; }

    /// <summary>Decodes up to the next event.</summary>
    /// <param name="input">The bytes; what was used is sliced off.</param>
    /// <param name="output">Where payload goes: at least one byte.</param>
    /// <param name="written">How many bytes of payload there are, with whatever event.</param>
    public WebSocketEventKind Decode(ref ReadOnlySequence<byte> input, Span<byte> output, out int written)
    {
        written = 0;
        if (HasPending && _state != State.Tail)
            InflatePending(output, ref written);
        WebSocketEventKind kind = DecodeOn(ref input, output, ref written);
        HasPending = _state == State.Tail || (_isCompressed && IsWithinMessage && written == output.Length);
        return kind;
    }

    private static WebSocketFailure Violation(string message) => new(WebSocketCloseStatus.ProtocolError, message);

    private WebSocketEventKind DecodeOn(ref ReadOnlySequence<byte> input, Span<byte> output, ref int written)
    {
        while (true)
        {
            switch (_state)
            {
                case State.Header:
                    // What is wrong with the payload that is not out yet comes before what is wrong behind it.
                    if (_isCompressed && IsWithinMessage && written == output.Length)
                        return WebSocketEventKind.Data;
                    if (!TryReadHeader(ref input))
                        return written > 0 ? WebSocketEventKind.Data : WebSocketEventKind.NeedsMore;
                    break;
                case State.Payload:
                    ReadPayload(ref input, output, ref written);
                    if (_taken == _frame.PayloadLength)
                    {
                        if (EndFrame())
                            return WebSocketEventKind.EndOfMessage;
                    }
                    else if (written > 0)
                    {
                        return WebSocketEventKind.Data;
                    }
                    else if (input.IsEmpty)
                    {
                        return WebSocketEventKind.NeedsMore;
                    }

                    break;
                case State.Tail:
                    if (!ReadTail(output, ref written))
                        return WebSocketEventKind.Data;
                    EndMessage();
                    return WebSocketEventKind.EndOfMessage;
                case State.Control:
                    // What was decoded before it is told before it.
                    if (written > 0)
                        return WebSocketEventKind.Data;
                    return ReadControl(ref input);
                default:
                    input = input.Slice(input.End);
                    return WebSocketEventKind.NeedsMore;
            }
        }
    }

    private bool TryReadHeader(ref ReadOnlySequence<byte> input)
    {
        Span<byte> copy = stackalloc byte[WebSocketFrameHeader.LengthMax];
        scoped ReadOnlySpan<byte> start = input.FirstSpan;
        if (start.Length < WebSocketFrameHeader.LengthMax && !input.IsSingleSegment)
        {
            int count = (int)Math.Min(input.Length, copy.Length);
            input.Slice(0, count).CopyTo(copy);
            start = copy[..count];
        }

        if (start.Length > 0)
            CheckStart(start);
        if (!WebSocketFrameHeader.TryParse(start, out WebSocketFrameHeader header))
            return false;
        input = input.Slice(header.Length);
        Begin(header);
        return true;
    }

    /// <summary>What the first one or two bytes alone give away.</summary>
    private void CheckStart(ReadOnlySpan<byte> bytes)
    {
        WebSocketFrameHeader header = WebSocketFrameHeader.ParseFixed(bytes[0], bytes.Length > 1 ? bytes[1] : (byte)0);
        bool mayCompress = inflater is not null && header.Opcode is WebSocketOpcode.Text or WebSocketOpcode.Binary;
        if ((header.Reserved & ~(mayCompress ? WebSocketFrameHeader.Reserved1 : 0)) != 0)
            throw Violation($"A WebSocket frame of opcode {(byte)header.Opcode:X} has reserved bits set that nothing agreed on uses (RFC 6455, 5.2).");
        if (!Enum.IsDefined(header.Opcode))
            throw Violation($"A WebSocket frame has the reserved opcode {(byte)header.Opcode:X} (RFC 6455, 5.2).");
        if (header.IsControl && !header.IsFinal)
            throw Violation($"A {header.Opcode} frame is fragmented (RFC 6455, 5.5).");
        if (!header.IsControl && (header.Opcode == WebSocketOpcode.Continuation) != IsWithinMessage)
        {
            throw Violation(IsWithinMessage
                ? $"A {header.Opcode} frame came within a message that had not ended (RFC 6455, 5.4)."
                : "A continuation frame came with no message to continue (RFC 6455, 5.4).");
        }

        if (bytes.Length < 2)
            return;
        if (header.IsMasked != isServer)
            throw Violation(isServer ? "A client's WebSocket frame is not masked (RFC 6455, 5.1)." : "A server's WebSocket frame is masked (RFC 6455, 5.1).");
        if (header.IsControl && header.PayloadLength > WebSocketFrameHeader.ControlPayloadMax)
            throw Violation($"A {header.Opcode} frame is longer than {WebSocketFrameHeader.ControlPayloadMax} bytes (RFC 6455, 5.5).");
    }

    private void Begin(WebSocketFrameHeader header)
    {
        _frame = header;
        _taken = 0;
        if (header.IsControl)
        {
            _state = State.Control;
            return;
        }

        if (!IsWithinMessage)
        {
            _message = header.Opcode;
            _isCompressed = header.Reserved != 0;
            _messageSize = 0;
            _text = default;
            IsText = header.Opcode == WebSocketOpcode.Text;
        }

        // An announced size is refused before a byte of it comes; a compressed one is counted as it comes out.
        if (!_isCompressed && header.PayloadLength > MessageSizeMax - _messageSize)
            throw TooLarge();
        _state = State.Payload;
    }

    private void ReadPayload(ref ReadOnlySequence<byte> input, Span<byte> output, ref int written)
    {
        while (_taken < _frame.PayloadLength && !input.IsEmpty && written < output.Length)
        {
            ReadOnlySpan<byte> part = FirstBytes(input);
            part = part[..(int)Math.Min(part.Length, _frame.PayloadLength - _taken)];
            int used = _isCompressed ? InflatePart(part, output[written..], out int count) : CopyPart(part, output[written..], out count);
            Count(output.Slice(written, count));
            written += count;
            _taken += used;
            input = input.Slice(used);
        }
    }

    /// <summary>The first segment that is not empty.</summary>
    private static ReadOnlySpan<byte> FirstBytes(in ReadOnlySequence<byte> input)
    {
        SequencePosition position = input.Start;
        ReadOnlyMemory<byte> segment;
        do
            input.TryGet(ref position, out segment);
        while (segment.IsEmpty);
        return segment.Span;
    }

    private int CopyPart(ReadOnlySpan<byte> part, Span<byte> output, out int count)
    {
        count = Math.Min(part.Length, output.Length);
        if (_frame.IsMasked)
            WebSocketMask.Apply(part[..count], output, _frame.MaskKey, _taken);
        else
            part[..count].CopyTo(output);
        return count;
    }

    /// <summary>What the inflater has taken in and not put out.</summary>
    private void InflatePending(Span<byte> output, ref int written)
    {
        ReadOnlySpan<byte> nothing = [];
        inflater!.Inflate(ref nothing, output, out written);
        Count(output[..written]);
    }

    private int InflatePart(ReadOnlySpan<byte> part, Span<byte> output, out int count)
    {
        Span<byte> plain = stackalloc byte[InflateChunk];
        plain = plain[..Math.Min(part.Length, InflateChunk)];
        WebSocketMask.Apply(part[..plain.Length], plain, _frame.MaskKey, _taken);
        ReadOnlySpan<byte> rest = plain;
        inflater!.Inflate(ref rest, output, out count);
        return plain.Length - rest.Length;
    }

    /// <summary>The frame is all there; true when its message is, and was told.</summary>
    private bool EndFrame()
    {
        _state = State.Header;
        if (!_frame.IsFinal)
            return false;
        if (_isCompressed)
        {
            _state = State.Tail;
            _tailTaken = 0;
            return false;
        }

        EndMessage();
        return true;
    }

    /// <summary>The four bytes that every compressed message ends with and none carries (RFC 7692, 7.2.2); false when the output is full.</summary>
    private bool ReadTail(Span<byte> output, ref int written)
    {
        ReadOnlySpan<byte> tail = Deflater.Tail;
        ReadOnlySpan<byte> rest = tail[_tailTaken..];
        inflater!.Inflate(ref rest, output[written..], out int count);
        _tailTaken = tail.Length - rest.Length;
        Count(output.Slice(written, count));
        written += count;
        if (!inflater.IsBetweenBlocks && written == output.Length)
            return false;
        if (!inflater.IsBetweenBlocks)
            throw new WebSocketFailure(WebSocketCloseStatus.InvalidPayloadData, "A compressed message ends within a DEFLATE block (RFC 7692, 7.2.2).");
        if (!keepsContext)
            inflater.Forget();
        return true;
    }

    private void EndMessage()
    {
        if (IsText && !_text.IsComplete)
            throw NotText();
        _message = WebSocketOpcode.Continuation;
        _state = State.Header;
    }

    private void Count(ReadOnlySpan<byte> payload)
    {
        _messageSize += payload.Length;
        if (_messageSize > MessageSizeMax)
            throw TooLarge();
        if (IsText && !_text.Append(payload))
            throw NotText();
    }

    private WebSocketEventKind ReadControl(ref ReadOnlySequence<byte> input)
    {
        int count = (int)Math.Min(input.Length, _frame.PayloadLength - _taken);
        Span<byte> part = _control.AsSpan((int)_taken, count);
        input.Slice(0, count).CopyTo(part);
        WebSocketMask.Apply(part, part, _frame.MaskKey, _taken);
        input = input.Slice(count);
        _taken += count;
        if (_taken < _frame.PayloadLength)
            return WebSocketEventKind.NeedsMore;
        _state = State.Header;
        if (_frame.Opcode == WebSocketOpcode.Ping)
            return WebSocketEventKind.Ping;
        if (_frame.Opcode == WebSocketOpcode.Pong)
            return WebSocketEventKind.Pong;
        WebSocketCloseCodes.Parse(ControlPayload);
        _state = State.Closed;
        return WebSocketEventKind.Close;
    }

    private WebSocketFailure TooLarge() => new(
        WebSocketCloseStatus.MessageTooBig, $"A WebSocket message is larger than {nameof(WebSocketOptions.MessageSizeMax)}, {MessageSizeMax} bytes.");

    private static WebSocketFailure NotText() =>
        new(WebSocketCloseStatus.InvalidPayloadData, "A text message is no UTF-8 (RFC 6455, 8.1).");
}
