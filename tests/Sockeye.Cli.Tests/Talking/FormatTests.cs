using System.Buffers;
using System.Net.Sockets;
using System.Text;
using Sockeye.Cli.Talking;
using Sockeye.Cli.Talking.Formats;

namespace Sockeye.Cli.Tests.Talking;

/// <summary>What becomes of bytes on their way, whole and byte by byte.</summary>
public class FormatTests
{
    [Theory]
    [InlineData("a\nb", "a\r\nb")]
    [InlineData("a\r\nb\n\n", "a\r\nb\r\n\r\n")]
    [InlineData("\n\r\r\n", "\r\n\r\r\n")]
    public void Line_ends_become_CRLF_once(string typed, string sent) =>
        Check(() => new TalkFormat { Crlf = true }.CreateSending(SocketType.Stream)!, typed, sent);

    [Theory]
    [InlineData("68 65\n6c6c\t6f\r\n\n", "hello")]
    [InlineData("0D0a", "\r\n")]
    public void Hexadecimal_digits_become_bytes(string typed, string sent) =>
        Check(() => new TalkFormat { Hex = true }.CreateSending(SocketType.Stream)!, typed, sent);

    [Theory]
    [InlineData("00\n6g", "line 2 of the input is no hex: \"6g\"")]
    [InlineData("68 6 5", "line 1 of the input is no hex: \"6\"")]
    public void What_is_no_hex_is_named_with_its_line(string typed, string message) => Assert.StartsWith(
        message,
        Assert.Throws<InvalidDataException>(() => Run(new HexInputTranslation(), typed, typed.Length)).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("plain\ttext\n日本\r\n\\n", "plain\ttext\n日本\r\n\\n")]
    [InlineData("\u001b]0;x\u0007\u202e\r!", "\\x1b]0;x\\x07\\xe2\\x80\\xae\\r!")]
    public void A_terminal_shows_and_does_not_obey(string came, string shown) =>
        Check(() => new TalkFormat { IsSafe = true }.CreateReceiving(SocketType.Stream, writeJson: null)!, came, shown);

    [Theory]
    [InlineData("{}\nnope", "what came is no frame at byte 3: a line is not JSON: 'o' cannot stand at its byte 1.")]
    [InlineData("\0\0", "what came is no frame at byte 0: a line is not JSON: 0x00 cannot stand at its byte 0.")]
    public void A_last_frame_that_is_none_is_told_with_its_place(string came, string message)
    {
        for (int step = 1; step <= came.Length; step++)
        {
            FramesToLines lines = new(Codecs.JsonLines(), static (_, _) => { });
            Assert.Equal(message, Assert.Throws<ProtocolException>(() => Run(lines, came, step)).Message);
        }
    }

    [Fact]
    public void What_is_no_text_is_escaped_even_at_the_end() =>
        Assert.Equal("a\\xe6\\x97", Encoding.UTF8.GetString(Run(new TerminalTranslation(), [(byte)'a', 0xE6, 0x97], 1)));

    [Fact]
    public void Without_a_terminal_or_an_option_bytes_stay_as_they_are() =>
        Assert.Null(new TalkFormat().CreateReceiving(SocketType.Stream, writeJson: null) ?? new TalkFormat().CreateSending(SocketType.Stream));

    [Fact]
    public void A_hex_dump_goes_on_counting()
    {
        string shown = Encoding.UTF8.GetString(Run(new HexDumpTranslation(), Encoding.UTF8.GetBytes("0123456789abcdefg\n"), 18));

        Assert.Equal(
            "00000000  30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66  |0123456789abcdef|\n"
            + "00000010  67 0a                                             |g.|\n",
            shown);
    }

    [Theory]
    [InlineData("length:2", false, "one\n\ntwo", "\0\u0003one\0\0\0\u0003two")]
    [InlineData("netstring", true, "61 62\n00", "2:ab,1:\0,")]
    public void Lines_become_frames(string codec, bool hex, string typed, string sent) =>
        Check(() => new TalkFormat { Frames = Codecs.Parse(codec), Hex = hex }.CreateSending(SocketType.Stream)!, typed, sent);

    [Theory]
    [InlineData("length:2", false, "\0\u0003one\0\0\0\u0004tw\no", "one\n\ntw\\no\n")]
    [InlineData("netstring", true, "2:ab,1:\0,", "6162\n00\n")]
    [InlineData("lines", false, "a\r\nb\nc", "a\nb\nc\n")]
    public void Frames_become_lines(string codec, bool hex, string came, string shown) =>
        Check(() => new TalkFormat { Frames = Codecs.Parse(codec), Hex = hex }.CreateReceiving(SocketType.Stream, writeJson: null)!, came, shown);

    [Theory]
    [InlineData("3:abc,4:xyz,", 6)]
    [InlineData("3:abc,x", 6)]
    [InlineData("x", 0)]
    public void A_malformed_frame_is_named_with_its_place(string came, int offset)
    {
        ArrayBufferWriter<byte> shown = new();
        Translation translation = new TalkFormat { Frames = Codecs.Parse("netstring") }.CreateReceiving(SocketType.Stream, writeJson: null)!;

        ProtocolException error = Assert.Throws<ProtocolException>(() => Run(translation, Encoding.UTF8.GetBytes(came), came.Length, shown));

        Assert.StartsWith($"what came is no frame at byte {offset}: ", error.Message, StringComparison.Ordinal);
        Assert.Equal(offset > 0 ? "abc\n" : "", Encoding.UTF8.GetString(shown.WrittenSpan));
    }

    [Fact]
    public void A_line_that_makes_no_frame_is_named() => Assert.Equal(
        "line 2 of the input makes no frame: the frame has 3 bytes; each has 2",
        Assert.Throws<InvalidDataException>(() => Run(new LinesToFrames(Codecs.Parse("fixed:2"), isHex: false), "ab\nabc\n", 7)).Message);

    [Theory]
    [InlineData("lines", "a\nb\n")]
    [InlineData("crlf", "a\r\nb\r\n")]
    public void A_typed_line_may_end_with_CRLF_where_frames_are_lines(string codec, string sent) =>
        Check(() => new TalkFormat { Frames = Codecs.Parse(codec), FramesAreLines = true }.CreateSending(SocketType.Stream)!, "a\r\nb\r\n", sent);

    [Fact]
    public void Elsewhere_a_CR_is_a_byte_of_the_frame() =>
        Check(() => new TalkFormat { Frames = Codecs.Parse("netstring") }.CreateSending(SocketType.Stream)!, "a\r\n", "2:a\r,");

    [Fact]
    public void A_line_without_an_end_has_a_limit()
    {
        HexInputTranslation translation = new();
        byte[] endless = new byte[HexInputTranslation.LineBytesMax + 1];
        Array.Fill(endless, (byte)' ');

        Run(translation, endless.AsSpan(1), endless.Length);
        Assert.Throws<InvalidDataException>(() => Run(translation, endless, endless.Length));
    }

    [Fact]
    public void Messages_stay_apart()
    {
        Translation sending = new TalkFormat().CreateSending(SocketType.Seqpacket)!;
        ReadOnlySequence<byte> typed = new("one\ntwo"u8.ToArray());
        ArrayBufferWriter<byte> first = new(), second = new();

        typed = typed.Slice(sending.Translate(typed, isLast: true, first));
        sending.Translate(typed, isLast: true, second);

        Assert.Equal(("one", "two"), (Encoding.UTF8.GetString(first.WrittenSpan), Encoding.UTF8.GetString(second.WrittenSpan)));
    }

    private static void Check(Func<Translation> create, string input, string expected)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(input);
        for (int step = 1; step <= Math.Max(bytes.Length, 1); step++)
            Assert.Equal(expected, Encoding.UTF8.GetString(Run(create(), bytes, step)));
    }

    private static byte[] Run(Translation translation, string input, int step) => Run(translation, Encoding.UTF8.GetBytes(input), step);

    private static byte[] Run(Translation translation, ReadOnlySpan<byte> bytes, int step)
    {
        ArrayBufferWriter<byte> output = new();
        Run(translation, bytes, step, output);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Gives it so many bytes more each time, behind what it left.</summary>
    private static void Run(Translation translation, ReadOnlySpan<byte> bytes, int step, ArrayBufferWriter<byte> output)
    {
        ReadOnlySequence<byte> rest = new([]);
        do
        {
            rest = new ReadOnlySequence<byte>([.. rest.ToArray(), .. bytes[..Math.Min(step, bytes.Length)]]);
            bytes = bytes[Math.Min(step, bytes.Length)..];
            bool hasMoved;
            do
            {
                SequencePosition consumed = translation.Translate(rest, bytes.IsEmpty, output);
                hasMoved = !consumed.Equals(rest.Start);
                rest = rest.Slice(consumed);
            }
            while (hasMoved && !rest.IsEmpty);
        }
        while (!bytes.IsEmpty);
    }
}
