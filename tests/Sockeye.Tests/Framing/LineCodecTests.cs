using System.Buffers;
using System.Text;
using static Sockeye.Tests.Framing.Decoding;

namespace Sockeye.Tests.Framing;

public class LineCodecTests
{
    [Theory]
    [InlineData("")]
    [InlineData("\n", "")]
    [InlineData("\r\n", "")]
    [InlineData("one\n", "one")]
    [InlineData("one\r\ntwo\n\nthree\r\n", "one", "two", "", "three")]
    [InlineData("a\rb\n\r\r\n", "a\rb", "\r")]
    [InlineData("one\nrest", "one", "rest")]
    [InlineData("one\r\nrest\r", "one", "rest\r")]
    public void Lines_end_with_LF_or_CRLF_wherever_they_are_cut(string stream, params string[] frames)
    {
        Expect(Codecs.Lines(), Latin1(stream), frames);
        Expect(Codecs.LineBytes(), Latin1(stream), frames);
        Expect(Codecs.Lines(ending: LineEnding.CrLf), Latin1(stream), frames);
    }

    [Fact]
    public void Text_is_UTF8_wherever_it_is_cut() =>
        Expect(Codecs.Lines(), "\uFEFFnaïve €\r\n😀\n日本"u8.ToArray(), "\uFEFFnaïve €", "😀", "日本");

    [Theory]
    [InlineData("\xFF\n")]
    [InlineData("ok\xC3\n")]            // a character cut short by the line end
    [InlineData("\xC0\x80\n")]          // overlong
    [InlineData("\xED\xA0\x80\n")]      // a surrogate
    [InlineData("\xE2\x82")]            // cut short by the end of the stream
    public void Malformed_UTF8_is_the_peers_fault(string stream) =>
        Refuse<ProtocolException, string>(Codecs.Lines(), Latin1(stream), e => Assert.IsType<DecoderFallbackException>(e.InnerException));

    [Fact]
    public void Another_encoding_may_be_given()
    {
        FrameCodec<string> codec = Codecs.Lines(encoding: Encoding.Latin1);
        Expect(codec, [0xE9, (byte)'\n'], "é");
        Assert.Equal([0xE9, (byte)'\n'], Encode(codec, "é"));
        Expect(Codecs.Lines(encoding: Encoding.UTF8), [0xFF, (byte)'\n'], "\uFFFD");
    }

    [Fact]
    public void An_encoding_whose_line_end_is_no_single_byte_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Codecs.Lines(encoding: Encoding.Unicode));
        Assert.Throws<ArgumentException>(() => Codecs.Lines(encoding: Encoding.UTF32));
    }

    [Theory]
    [InlineData("abc\n")]
    [InlineData("abcd\n")]
    [InlineData("abcd\r\n")]
    [InlineData("abc\r\r\n")]
    [InlineData("abcd")]
    public void A_line_up_to_the_limit_is_read(string stream)
    {
        string content = stream.Replace("\r\n", "", StringComparison.Ordinal).TrimEnd('\n');
        Expect(Codecs.Lines(4), Latin1(stream), content);
        Expect(Codecs.LineBytes(4), Latin1(stream + "\nnext\r\n"), stream.EndsWith('\n') ? [content, "", "next"] : [content, "next"]);
    }

    [Theory]
    [InlineData("abcde\n")]
    [InlineData("abcde\r\n")]
    [InlineData("abcd\r\r\n")]
    [InlineData("abcde")]
    [InlineData("abcd\r")]              // at the end of the stream a CR is data
    [InlineData("abcdefghijklmnopqrstuvwxyz")]
    public void A_line_of_one_byte_more_is_refused(string stream)
    {
        Refuse<FrameTooLargeException, string>(Codecs.Lines(4), Latin1(stream), e => Assert.Equal((4, null), (e.Limit, e.Size)));
        Refuse<FrameTooLargeException, ReadOnlySequence<byte>>(Codecs.LineBytes(4), Latin1("ok\n" + stream));
    }

    [Fact]
    public void The_limit_is_noticed_without_waiting_for_a_line_end()
    {
        FrameCodec<ReadOnlySequence<byte>> codec = Codecs.LineBytes(4);
        Assert.True(AsksForMore(codec, Latin1("abcd")));
        Assert.True(AsksForMore(codec, Latin1("abcd\r")));
        Assert.Throws<FrameTooLargeException>(() => AsksForMore(codec, Latin1("abcde")));
        Assert.Throws<FrameTooLargeException>(() => AsksForMore(codec, Latin1("abcd\rx")));
        Assert.Throws<FrameTooLargeException>(() => AsksForMore(codec, Latin1("abcd\r\r")));
        Assert.True(AsksForMore(Codecs.LineBytes(int.MaxValue), Latin1("abcd")));
    }

    [Fact]
    public void The_limit_counts_bytes_not_characters()
    {
        Expect(Codecs.Lines(4), "éé\n"u8.ToArray(), "éé");
        Refuse<FrameTooLargeException, string>(Codecs.Lines(4), "éé!\n"u8.ToArray());
        RefuseToEncode(Codecs.Lines(4), "éé!");
    }

    [Fact]
    public void Lines_are_written_with_the_ending_asked_for()
    {
        Assert.Equal("é\n\n"u8, Encode(Codecs.Lines(), "é", ""));
        Assert.Equal("é\r\n\r\n"u8, Encode(Codecs.Lines(ending: LineEnding.CrLf), "é", ""));
        Assert.Equal("ab\n"u8, Encode(Codecs.LineBytes(), Sequences.Split(Latin1("ab"), 1)));
        Assert.Equal("ab\r\n"u8, Encode(Codecs.LineBytes(ending: LineEnding.CrLf), Sequence("ab")));
    }

    [Theory]
    [InlineData("a\nb")]
    [InlineData("\n")]
    [InlineData("abcde")]
    public void A_line_that_would_not_be_read_back_is_not_written(string line)
    {
        foreach (LineEnding ending in Enum.GetValues<LineEnding>())
        {
            RefuseToEncode(Codecs.Lines(4, ending), line);
            RefuseToEncode(Codecs.LineBytes(4, ending), Sequence(line));
        }
    }

    [Fact]
    public void A_CR_at_the_end_can_only_be_written_before_a_CR()
    {
        RefuseToEncode(Codecs.Lines(), "a\r");
        RefuseToEncode(Codecs.LineBytes(), Sequences.Split(Latin1("a\r"), 1));
        FrameCodec<string> codec = Codecs.Lines(ending: LineEnding.CrLf);
        Expect(codec, Encode(codec, "a\r"), "a\r");
    }

    [Fact]
    public void Text_that_the_encoding_cannot_write_is_refused() => RefuseToEncode(Codecs.Lines(), "\uD800");

    [Fact]
    public void Arguments_are_checked()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Codecs.Lines(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Codecs.LineBytes(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Codecs.Lines(ending: (LineEnding)2));
        Assert.Throws<ArgumentNullException>(() => Codecs.Lines().Encode(null!, new ArrayBufferWriter<byte>()));
        Assert.Throws<ArgumentNullException>(() => Codecs.Lines().Encode("", null!));
        Assert.Equal(Codecs.DefaultMaxLineSize, Codecs.Lines().MaxFrameSize);
    }
}
