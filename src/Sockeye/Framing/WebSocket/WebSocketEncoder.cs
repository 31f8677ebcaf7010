using System.Buffers;
using System.Diagnostics;
using System.Net.WebSockets;
using System.Runtime.InteropServices;

namespace Sockeye;

/// <summary>Writes messages and control frames: RFC 6455, with permessage-deflate where it was agreed (RFC 7692). Pure: its randomness comes in.</summary>
/// <param name="isServer">A server does not mask, a client does (section 5.1).</param>
/// <param name="random">Fills memory with bytes that nobody can guess: the masking keys (section 10.3).</param>
/// <param name="deflater">Compresses the messages; null for none.</param>
internal sealed class WebSocketEncoder(bool isServer, Action<Span<byte>> random, Deflater? deflater = null) : IDisposable
{
    /// <summary>Whether a message has begun and not ended.</summary>
    public bool IsWithinMessage { get; private set; }

    /// <summary>Whether the last frame was written: nothing may follow it (section 5.5.1).</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Writes one frame of a message.</summary>
    /// <param name="isText">The message's type; what its first frame said holds.</param>
    /// <param name="payload">The bytes; of a text they may end within a character.</param>
    /// <param name="endOfMessage">Whether the message ends with them.</param>
    /// <param name="output">Where to.</param>
    public void EncodeData(bool isText, ReadOnlySpan<byte> payload, bool endOfMessage, IBufferWriter<byte> output)
    {
        WebSocketOpcode opcode = IsWithinMessage ? WebSocketOpcode.Continuation : isText ? WebSocketOpcode.Text : WebSocketOpcode.Binary;
        byte reserved = 0;
        if (deflater is not null)
        {
            payload = deflater.Deflate(payload, endOfMessage);
            reserved = IsWithinMessage ? (byte)0 : WebSocketFrameHeader.Reserved1;
        }

        IsWithinMessage = !endOfMessage;
        WriteFrame(opcode, reserved, payload, endOfMessage, output);
    }

    /// <summary>Writes a ping or a pong; it may stand between the frames of a message.</summary>
    public void EncodeControl(WebSocketOpcode opcode, ReadOnlySpan<byte> payload, IBufferWriter<byte> output) =>
        WriteFrame(opcode, 0, payload, isFinal: true, output);

    /// <summary>Writes the last frame.</summary>
    /// <exception cref="ArgumentException">The status may not be sent, or the reason is too long; nothing is written.</exception>
    public void EncodeClose(WebSocketCloseStatus status, string reason, IBufferWriter<byte> output)
    {
        Span<byte> payload = stackalloc byte[WebSocketFrameHeader.ControlPayloadMax];
        WriteFrame(WebSocketOpcode.Close, 0, payload[..WebSocketCloseCodes.Emit(status, reason, payload)], isFinal: true, output);
        IsClosed = true;
    }

    public void Dispose() => deflater?.Dispose();

    private void WriteFrame(WebSocketOpcode opcode, byte reserved, ReadOnlySpan<byte> payload, bool isFinal, IBufferWriter<byte> output)
    {
        Debug.Assert(!IsClosed, "Nothing follows a Close frame.");
        uint key = 0;
        if (!isServer)
            random(MemoryMarshal.AsBytes(new Span<uint>(ref key)));
        WebSocketFrameHeader header = new(isFinal, reserved, opcode, IsMasked: !isServer, payload.Length, key);
        Span<byte> start = output.GetSpan(WebSocketFrameHeader.LengthMax);
        output.Advance(header.Emit(start));
        if (isServer)
        {
            output.Write(payload);
            return;
        }

        for (int done = 0; done < payload.Length;)
        {
            Span<byte> room = output.GetSpan();
            int count = Math.Min(room.Length, payload.Length - done);
            WebSocketMask.Apply(payload.Slice(done, count), room, key, done);
            output.Advance(count);
            done += count;
        }
    }
}
