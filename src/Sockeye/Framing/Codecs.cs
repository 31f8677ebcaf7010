using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json.Serialization.Metadata;

namespace Sockeye;

/// <summary>The frame codecs that Sockeye brings.</summary>
public static class Codecs
{
    /// <summary>The default limit for a line's content: 64 KiB.</summary>
    public const int DefaultMaxLineSize = 64 * 1024;

    /// <summary>The default limit for the content of any other frame: 1 MiB.</summary>
    public const int DefaultMaxFrameSize = 1024 * 1024;

    /// <summary>The longest delimiter of <see cref="Delimited"/>: 64 bytes.</summary>
    public const int DelimiterSizeMax = 64;

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

    /// <summary>Frames that each end with the same bytes, zero copy.</summary>
    /// <remarks>
    /// The first occurrence ends the frame. The last frame needs its delimiter too: a stream that ends without is a
    /// <see cref="ProtocolException"/>. A frame that contains the delimiter, or would together with the one that
    /// follows it, is refused by <see cref="FrameCodec{T}.Encode"/>.
    /// </remarks>
    /// <param name="delimiter">What ends a frame: 1 to <see cref="DelimiterSizeMax"/> bytes. They are copied.</param>
    /// <param name="maxFrameSize">The largest frame in bytes, without the delimiter.</param>
    /// <returns>The codec. Its frames do not contain the delimiter, and are valid until the reader's next read.</returns>
    /// <exception cref="ArgumentException"><paramref name="delimiter"/> is empty or too long.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxFrameSize"/> is not positive.</exception>
    public static FrameCodec<ReadOnlySequence<byte>> Delimited(ReadOnlySpan<byte> delimiter, int maxFrameSize = DefaultMaxFrameSize) =>
        new DelimitedCodec(delimiter, maxFrameSize);

    /// <summary>Frames that all have the same size and nothing between them, zero copy.</summary>
    /// <param name="size">The size of a frame, in bytes. <see cref="FrameCodec{T}.Encode"/> refuses another.</param>
    /// <returns>The codec. Its frames are valid until the reader's next read.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="size"/> is not positive.</exception>
    public static FrameCodec<ReadOnlySequence<byte>> FixedSize(int size) => new FixedSizeCodec(size);

    /// <summary>Netstrings, as in <c>5:hello,</c> (D. J. Bernstein, 1997); zero copy.</summary>
    /// <remarks>
    /// The length is decimal ASCII. One with a needless zero in front, anything but digits before the colon, or another byte than
    /// the comma behind the content is a <see cref="ProtocolException"/>. A length above the limit is a
    /// <see cref="FrameTooLargeException"/> as soon as its colon or its twentieth byte is there.
    /// </remarks>
    /// <param name="maxFrameSize">The largest frame in bytes, without its length and punctuation.</param>
    /// <returns>The codec. Its frames are the content alone, and are valid until the reader's next read.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxFrameSize"/> is not positive.</exception>
    public static FrameCodec<ReadOnlySequence<byte>> Netstring(int maxFrameSize = DefaultMaxFrameSize) => new NetstringCodec(maxFrameSize);

    /// <summary>Packets of the serial line protocol SLIP (RFC 1055): an END on both sides, and escapes within.</summary>
    /// <remarks>
    /// <para>ENDs in a row are one, so there is no empty frame: <see cref="FrameCodec{T}.Encode"/> refuses it. An escape of any other byte
    /// than the two that have one is a <see cref="ProtocolException"/>, where the program printed in the RFC lets it pass.</para>
    /// <para>A frame without escapes is zero copy; one with them is a new array of its size. As only the escapes tell a frame's size, one
    /// that does not end is a <see cref="FrameTooLargeException"/> when twice the limit has come.</para>
    /// </remarks>
    /// <param name="maxFrameSize">The largest frame in bytes, without its escapes. The RFC's own limit is 1006.</param>
    /// <returns>The codec. Its frames are valid until the reader's next read.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxFrameSize"/> is not positive.</exception>
    public static FrameCodec<ReadOnlySequence<byte>> Slip(int maxFrameSize = DefaultMaxFrameSize) => new SlipCodec(maxFrameSize);

    /// <summary>Consistent Overhead Byte Stuffing (Cheshire and Baker, IEEE/ACM Transactions on Networking 7(2), 1999), each frame ended by a zero.</summary>
    /// <remarks>
    /// <para>A frame costs two bytes and one more for each 254 of its bytes at most, whatever they are. Zeros in a row are one; a block
    /// that is longer than what stands before the zero is a <see cref="ProtocolException"/>.</para>
    /// <para>A frame of a single block (up to 254 bytes, no zero among them) is zero copy; any other is a new array of its size.</para>
    /// </remarks>
    /// <param name="maxFrameSize">The largest frame in bytes, before stuffing.</param>
    /// <returns>The codec. Its frames are valid until the reader's next read.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxFrameSize"/> is not positive.</exception>
    public static FrameCodec<ReadOnlySequence<byte>> Cobs(int maxFrameSize = DefaultMaxFrameSize) => new CobsCodec(maxFrameSize);

    /// <summary>Lines of which each is one JSON text in UTF-8 (RFC 8259; jsonlines.org), as bytes; zero copy.</summary>
    /// <remarks>
    /// A line ends with LF or CRLF, and the last one may lack its end. Blank lines are skipped. A line that is not JSON, not UTF-8 or more
    /// than 64 levels deep is a <see cref="ProtocolException"/>. <see cref="FrameCodec{T}.Encode"/> refuses what is not JSON,
    /// contains LF as indented JSON does, or ends with CR.
    /// </remarks>
    /// <param name="maxFrameSize">The longest line in bytes, without its line end.</param>
    /// <returns>The codec. Its frames are the lines without their ends, and are valid until the reader's next read.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxFrameSize"/> is not positive.</exception>
    public static FrameCodec<ReadOnlySequence<byte>> JsonLines(int maxFrameSize = DefaultMaxFrameSize) => new JsonLinesCodec(maxFrameSize);

    /// <summary>Lines of which each is one JSON text, as values: as <see cref="JsonLines(int)"/>, serialized without reflection.</summary>
    /// <remarks>
    /// A line that is no <typeparamref name="T"/>, as <c>null</c> never is, is a <see cref="ProtocolException"/>. For values of any shape
    /// take the type information of <see cref="System.Text.Json.JsonElement"/>. Values are written without indentation.
    /// </remarks>
    /// <typeparam name="T">What a line is to the program.</typeparam>
    /// <param name="type">How the type is read and written, from a <see cref="System.Text.Json.Serialization.JsonSerializerContext"/>.</param>
    /// <param name="maxFrameSize">The longest line in bytes, without its line end.</param>
    /// <returns>The codec. Its frames are the caller's to keep.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxFrameSize"/> is not positive.</exception>
    public static FrameCodec<T> JsonLines<T>(JsonTypeInfo<T> type, int maxFrameSize = DefaultMaxFrameSize)
    {
        ArgumentNullException.ThrowIfNull(type);
        return new JsonValueCodec<T>(type, maxFrameSize);
    }

    /// <summary>Values of the Redis serialization protocol, RESP2 and RESP3, and commands typed inline; zero copy.</summary>
    /// <remarks>
    /// <para>A frame is one value, all of it: an array with what is in it, an attribute with the value it is about. Streamed strings and arrays are a
    /// <see cref="ProtocolException"/>, as are a length with a zero in front and a line that ends with LF alone. Depth has no limit of its own, and needs none.</para>
    /// <para>What does not begin as a value does is a command typed inline, up to its LF. Which side may send that, no codec knows.</para>
    /// </remarks>
    /// <param name="maxFrameSize">The largest value in bytes, with all that is in it. What says that it is larger is refused before it comes.</param>
    /// <returns>The codec. Its frames are the bytes of the value as they stand in the stream, and are valid until the reader's next read.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxFrameSize"/> is not positive.</exception>
    public static FrameCodec<ReadOnlySequence<byte>> Resp(int maxFrameSize = DefaultMaxFrameSize) => new RespCodec(maxFrameSize);

    /// <summary>Messages of HTTP/1.0 and HTTP/1.1 (RFC 9112), requests and responses, each with its body; zero copy.</summary>
    /// <remarks>
    /// <para>A body is chunked, as long as <c>Content-Length</c> says, or, in a response that says neither, all until the stream ends. Requests that say neither, and
    /// responses with 1xx, 204 or 304, have none. What HTTP leaves open to be read in two ways, as a length beside chunks, is a <see cref="ProtocolException"/>.</para>
    /// <para>A codec sees one direction and keeps nothing, so it cannot know what was asked: the answer to <c>HEAD</c> is taken to have the body whose length it states, and
    /// what follows a 101, or a 200 to <c>CONNECT</c>, to be HTTP.</para>
    /// </remarks>
    /// <param name="maxFrameSize">The largest message in bytes, with its head.</param>
    /// <returns>The codec. Its frames are the bytes of the message as they stand in the stream, and are valid until the reader's next read.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxFrameSize"/> is not positive.</exception>
    public static FrameCodec<ReadOnlySequence<byte>> Http(int maxFrameSize = DefaultMaxFrameSize) => new HttpCodec(maxFrameSize);

    /// <summary>Reads a codec from text, as on a command line.</summary>
    /// <remarks>
    /// <para><c>lines</c>, <c>crlf</c>, <c>delimiter:%00</c> (bytes as <c>%HH</c> or in UTF-8; a colon is <c>%3A</c>), <c>fixed:16</c>,
    /// <c>length:4</c> (1, 2, 4 or 8 bytes; then <c>:little</c> and <c>:self</c>, a length that counts itself), <c>varint</c>,
    /// <c>netstring</c>, <c>slip</c>, <c>cobs</c>, <c>jsonl</c>, <c>resp</c> and <c>http</c>. All but <c>fixed</c> take a limit: <c>:max=100</c>, <c>64k</c> or <c>1m</c>.</para>
    /// <para>The <see cref="object.ToString"/> of these codecs is such a text, with what is usual left out.</para>
    /// </remarks>
    /// <param name="text">The codec's name and what follows it, with colons between.</param>
    /// <returns>The codec.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    /// <exception cref="FormatException">The text is no codec; the message names the faulty part and what to try.</exception>
    public static FrameCodec<ReadOnlySequence<byte>> Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return CodecParser.Read(text, out FrameCodec<ReadOnlySequence<byte>>? codec) is { } error ? throw new FormatException(error) : codec!;
    }

    /// <summary>Reads a codec; false, with the message that <see cref="Parse"/> would throw, when the text is none. Never throws.</summary>
    /// <param name="text">The codec's text, as for <see cref="Parse"/>.</param>
    /// <param name="codec">The codec.</param>
    /// <param name="error">What is wrong with the text, and what to try.</param>
    public static bool TryParse(
        string? text,
        [NotNullWhen(true)] out FrameCodec<ReadOnlySequence<byte>>? codec,
        [NotNullWhen(false)] out string? error)
    {
        error = CodecParser.Read(text ?? "", out codec);
        return error is null;
    }
}
