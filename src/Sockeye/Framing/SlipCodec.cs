using System.Buffers;

namespace Sockeye;

/// <summary>Frames of the serial line protocol (RFC 1055); see <see cref="Codecs.Slip"/>.</summary>
internal sealed class SlipCodec(int maxFrameSize) : FrameCodec<ReadOnlySequence<byte>>(maxFrameSize)
{
    private const byte End = 0xC0;
    private const byte Escape = 0xDB;
    private const byte EscapedEnd = 0xDC;
    private const byte EscapedEscape = 0xDD;

    /// <summary>Every byte escaped.</summary>
    private long EncodedSizeMax => 2L * MaxFrameSize;

    public override bool TryDecode(ref ReadOnlySequence<byte> input, out ReadOnlySequence<byte> frame) => TryDecode(ref input, 0, out frame);

    public override bool TryDecode(ref ReadOnlySequence<byte> input, long searched, out ReadOnlySequence<byte> frame)
    {
        // Frames have an END on both sides, and an idle line may send more of them.
        ReadOnlySequence<byte> rest = input.TrimStart(End);
        searched -= input.Length - rest.Length;
        ReadOnlySequence<byte> window = rest.AtMost(EncodedSizeMax + 1);
        if (window.PositionOf(End, searched) is { } end)
        {
            frame = Unescape(window.Slice(0, end));
            input = rest.Slice(rest.GetPosition(1, end));
            return true;
        }

        if (window.Length > EncodedSizeMax)
            throw new FrameTooLargeException(MaxFrameSize);
        input = rest;
        frame = default;
        return false;
    }

    public override void Encode(ReadOnlySequence<byte> frame, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (frame.IsEmpty)
            throw new ArgumentException("The frame is empty: between two ENDs it would not be read at all.", nameof(frame));
        if (frame.Length > MaxFrameSize)
            throw new ArgumentException($"The frame has {frame.Length} bytes; the limit is {MaxFrameSize}.", nameof(frame));

        output.Write([End]);
        foreach (ReadOnlyMemory<byte> segment in frame)
            WriteEscaped(segment.Span, output);
        output.Write([End]);
    }

    public override string ToString() => CodecText.Print(CodecText.Slip, MaxFrameSize);

    private static void WriteEscaped(ReadOnlySpan<byte> bytes, IBufferWriter<byte> output)
    {
        while (bytes.IndexOfAny(End, Escape) is var special and >= 0)
        {
            output.Write(bytes[..special]);
            output.Write([Escape, bytes[special] == End ? EscapedEnd : EscapedEscape]);
            bytes = bytes[(special + 1)..];
        }

        output.Write(bytes);
    }

    private ReadOnlySequence<byte> Unescape(in ReadOnlySequence<byte> escaped)
    {
        long escapes = Count(escaped, Escape);
        long size = escaped.Length - escapes;
        if (size > MaxFrameSize)
            throw new FrameTooLargeException(MaxFrameSize);
        if (escapes == 0)
            return escaped;

        byte[] content = new byte[size];
        Span<byte> rest = content;
        SequenceReader<byte> reader = new(escaped);
        while (reader.TryReadTo(out ReadOnlySequence<byte> plain, Escape))
        {
            plain.CopyTo(rest);
            rest = rest[(int)plain.Length..];
            if (!reader.TryRead(out byte code))
                throw new ProtocolException("A SLIP frame ends within an escape.");
            rest[0] = code switch
            {
                EscapedEnd => End,
                EscapedEscape => Escape,
                _ => throw new ProtocolException($"A SLIP escape is followed by 0x{code:X2}; only 0xDC and 0xDD may follow it."),
            };
            rest = rest[1..];
        }

        reader.UnreadSequence.CopyTo(rest);
        return new ReadOnlySequence<byte>(content);
    }

    private static long Count(in ReadOnlySequence<byte> bytes, byte value)
    {
        long count = 0;
        foreach (ReadOnlyMemory<byte> segment in bytes)
            count += segment.Span.Count(value);
        return count;
    }
}
