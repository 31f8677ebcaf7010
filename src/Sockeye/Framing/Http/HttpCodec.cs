using System.Buffers;

namespace Sockeye;

/// <summary>Messages of HTTP/1.1; see <see cref="Codecs.Http"/>. How a body ends is told by <see cref="HttpBody"/>, where its chunks end by <see cref="HttpChunks"/>.</summary>
internal sealed class HttpCodec(int maxFrameSize) : FrameCodec<ReadOnlySequence<byte>>(maxFrameSize)
{
    /// <summary>The longest method; registered ones have up to 17 bytes.</summary>
    public const int MethodSizeMax = 32;

    private const int LineEndSize = 2;

    private static readonly SearchValues<byte> TokenBytes =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    public override bool TryDecode(ref ReadOnlySequence<byte> input, out ReadOnlySequence<byte> frame)
    {
        FrameProgress progress = default;
        return TryResume(ref input, ref progress, out frame);
    }

    public override bool TryDecodeEnd(ref ReadOnlySequence<byte> input, out ReadOnlySequence<byte> frame)
    {
        ReadOnlySequence<byte> rest = input;
        FrameProgress progress = default;
        if (TryResume(ref rest, ref progress, out frame) || (HttpStage)progress.State != HttpStage.UntilEnd)
            return base.TryDecodeEnd(ref input, out frame);
        frame = rest;
        input = rest.Slice(rest.End);
        return true;
    }

    public override void Encode(ReadOnlySequence<byte> frame, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        Check(frame);
        output.Write(frame);
    }

    public override string ToString() => CodecText.Print(CodecText.Http, MaxFrameSize);

    internal override bool TryResume(ref ReadOnlySequence<byte> input, ref FrameProgress progress, out ReadOnlySequence<byte> frame)
    {
        if ((HttpStage)progress.State == HttpStage.Head && !TryPassHead(ref input, ref progress))
        {
            frame = default;
            return false;
        }

        if (FindEnd(input, ref progress) is not { } end)
        {
            frame = default;
            return false;
        }

        frame = input.Slice(0, end);
        input = input.Slice(end);
        return true;
    }

    private bool TryPassHead(ref ReadOnlySequence<byte> input, ref FrameProgress progress)
    {
        // Empty lines before a request are to be overlooked (RFC 9112, section 2.2).
        while (input.Length >= LineEndSize && StartsWith(input, "\r\n"u8))
        {
            input = input.Slice(LineEndSize);
            progress.Searched = 0;
        }

        CheckBegin(input);
        ReadOnlySequence<byte> rest = input;
        if (!HttpHead.TryRead(ref rest, MaxFrameSize, progress.Searched, out HttpHead? head))
            return false;
        HttpBody body = HttpBody.After(head);
        long headSize = input.Length - rest.Length;
        if (body.Length > MaxFrameSize - headSize)
            throw new FrameTooLargeException(MaxFrameSize, body.Length > long.MaxValue - headSize ? null : headSize + body.Length);
        progress.State = (long)body.Stage;
        progress.Position = headSize + body.Length;
        return true;
    }

    /// <summary>Tells what is no HTTP at its first bytes: TLS, for one, has no empty line to wait for.</summary>
    private static void CheckBegin(ReadOnlySequence<byte> input)
    {
        Span<byte> buffer = stackalloc byte[MethodSizeMax + 1];
        buffer = buffer[..(int)Math.Min(input.Length, buffer.Length)];
        input.Slice(0, buffer.Length).CopyTo(buffer);
        ReadOnlySpan<byte> version = "HTTP/1."u8;
        int same = buffer.CommonPrefixLength(version);
        if (same == version.Length || same == buffer.Length || (buffer is [(byte)'\r'] && input.Length == 1))
            return;
        int end = buffer.IndexOfAnyExcept(TokenBytes);
        if (end < 0 && buffer.Length > MethodSizeMax)
            throw new ProtocolException($"No method of HTTP has more than {MethodSizeMax} bytes.");
        if (end == 0 || (end > 0 && buffer[end] != ' '))
            throw new ProtocolException($"0x{buffer[end]:X2} where a method of HTTP, or \"HTTP/1.\", is expected.");
    }

    private long? FindEnd(in ReadOnlySequence<byte> input, ref FrameProgress progress)
    {
        switch ((HttpStage)progress.State)
        {
            case HttpStage.Length:
                return input.Length >= progress.Position ? progress.Position : null;
            case HttpStage.UntilEnd:
                return input.Length <= MaxFrameSize ? null : throw new FrameTooLargeException(MaxFrameSize);
            default:
                HttpChunks chunks = new(input.AtMost(MaxFrameSize), MaxFrameSize, progress);
                if (chunks.TryFindEnd())
                    return chunks.Position;
                (progress.Position, progress.State) = (chunks.Position, (long)chunks.Stage);
                return input.Length < MaxFrameSize ? null : throw new FrameTooLargeException(MaxFrameSize);
        }
    }

    private void Check(in ReadOnlySequence<byte> frame)
    {
        ReadOnlySequence<byte> rest = frame;
        try
        {
            if (TryDecode(ref rest, out ReadOnlySequence<byte> read) && read.Length == frame.Length)
                return;
        }
        catch (ProtocolException e)
        {
            throw new ArgumentException($"The frame is no HTTP message: {e.Message}", nameof(frame), e);
        }

        throw new ArgumentException(
            "The frame is not one whole HTTP message: another would be read, or one that ends only with the stream. Give it the Content-Length that it has.", nameof(frame));
    }

    private static bool StartsWith(in ReadOnlySequence<byte> input, ReadOnlySpan<byte> begin) => new SequenceReader<byte>(input).IsNext(begin);
}
