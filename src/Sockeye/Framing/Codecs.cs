using System.Buffers;
using System.Text;

namespace Sockeye;

/// <summary>The frame codecs that Sockeye brings.</summary>
public static class Codecs
{
    /// <summary>The default limit for a line's content: 64 KiB.</summary>
    public const int DefaultMaxLineSize = 64 * 1024;

    /// <summary>The default limit for the content of a frame with a length in front: 1 MiB.</summary>
    public const int DefaultMaxFrameSize = 1024 * 1024;

    /// <summary>The encoding of lines unless another is given: UTF-8 that refuses malformed bytes and writes no byte order mark.</summary>
    internal static readonly Encoding StrictUtf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Lines of text: each ends with LF or CRLF when read, and with <paramref name="ending"/> when written.</summary>
    /// <remarks>
    /// One CR directly before the LF belongs to the line end; any other CR is data. The last line may lack its end.
    /// A line that contains LF is refused by <see cref="FrameCodec{T}.Encode"/>, and so is one that ends with CR if it
    /// would be written with a bare LF, because that CR would be taken for part of the line end.
    /// Malformed bytes are a <see cref="ProtocolException"/> unless <paramref name="encoding"/> replaces them.
    /// </remarks>
    /// <param name="maxFrameSize">The longest line in bytes, without its line end.</param>
    /// <param name="ending">What is written after each line.</param>
    /// <param name="encoding">The text's encoding: <see langword="null"/> is strict UTF-8. A byte order mark is not special.</param>
    /// <returns>The codec.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxFrameSize"/> is not positive, or <paramref name="ending"/> is unknown.</exception>
    /// <exception cref="ArgumentException"><paramref name="encoding"/> does not write CR and LF as the bytes 0x0D and 0x0A, as UTF-16 does not.</exception>
    public static FrameCodec<string> Lines(int maxFrameSize = DefaultMaxLineSize, LineEnding ending = LineEnding.Lf, Encoding? encoding = null) =>
        new LineCodec(new LineBytesCodec(maxFrameSize, ending), encoding ?? StrictUtf8);

    /// <summary>Lines of bytes, zero copy: as <see cref="Lines"/>, in no particular encoding.</summary>
    /// <param name="maxFrameSize">The longest line in bytes, without its line end.</param>
    /// <param name="ending">What is written after each line.</param>
    /// <returns>The codec. Its frames do not contain the line end, and are valid until the reader's next read.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxFrameSize"/> is not positive, or <paramref name="ending"/> is unknown.</exception>
    public static FrameCodec<ReadOnlySequence<byte>> LineBytes(int maxFrameSize = DefaultMaxLineSize, LineEnding ending = LineEnding.Lf) =>
        new LineBytesCodec(maxFrameSize, ending);

    /// <summary>Frames with their length in front as an unsigned number of a fixed size, zero copy.</summary>
    /// <remarks>
    /// A length above the limit is a <see cref="FrameTooLargeException"/> as soon as the prefix is there;
    /// one that counts itself but is smaller than itself is a <see cref="ProtocolException"/>.
    /// </remarks>
    /// <param name="prefixSize">The length's size: 1, 2, 4 or 8 bytes.</param>
    /// <param name="byteOrder">The length's byte order.</param>
    /// <param name="lengthCountsItself">Whether the length includes the prefix.</param>
    /// <param name="maxFrameSize">The largest frame in bytes, without the prefix. If the prefix cannot say as much, the limit
    /// is lowered to what it can say (255 bytes for a prefix of one byte).</param>
    /// <returns>The codec. Its frames do not contain the prefix, and are valid until the reader's next read.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="prefixSize"/> is another number, <paramref name="byteOrder"/>
    /// is unknown, or <paramref name="maxFrameSize"/> is not positive.</exception>
    public static FrameCodec<ReadOnlySequence<byte>> LengthPrefixed(
        int prefixSize = 4,
        ByteOrder byteOrder = ByteOrder.BigEndian,
        bool lengthCountsItself = false,
        int maxFrameSize = DefaultMaxFrameSize) =>
        new LengthPrefixedCodec(prefixSize, byteOrder, lengthCountsItself, maxFrameSize);

    /// <summary>Frames with their length in front as an unsigned LEB128 number, as between Protocol Buffers messages; zero copy.</summary>
    /// <remarks>
    /// Seven bits to a byte, least significant first, the top bit set in all but the last; at most 10 bytes. A length of more
    /// than 64 bits, or one written with more bytes than it needs, is a <see cref="ProtocolException"/>.
    /// </remarks>
    /// <param name="maxFrameSize">The largest frame in bytes, without the prefix.</param>
    /// <returns>The codec. Its frames do not contain the prefix, and are valid until the reader's next read.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxFrameSize"/> is not positive.</exception>
    public static FrameCodec<ReadOnlySequence<byte>> VarintPrefixed(int maxFrameSize = DefaultMaxFrameSize) =>
        new VarintPrefixedCodec(maxFrameSize);
}
