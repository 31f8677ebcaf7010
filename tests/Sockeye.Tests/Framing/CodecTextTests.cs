using System.Buffers;
using FsCheck;
using FsCheck.Fluent;

namespace Sockeye.Tests.Framing;

public class CodecTextTests
{
    private static Gen<string> Max { get; } = Gen.OneOf(
        Gen.Constant(""),
        Gen.Elements(1, 1023, 1024, 65536, 1 << 20, int.MaxValue).Select(max => $":max={max}"),
        Gen.Elements(":max=1k", ":max=3M", ":max=2047m"));

    private static Gen<string> Texts { get; } = Gen.OneOf(
        Gen.Elements("lines", "crlf", "varint", "netstring", "slip", "cobs", "jsonl", "resp", "http").Zip(Max, string.Concat),
        Gen.Choose(1, int.MaxValue).Select(size => $"fixed:{size}"),
        Gen.Choose(0, 255).NonEmptyListOf()
            .Select(bytes => "delimiter:" + string.Concat(bytes.Take(Codecs.DelimiterSizeMax).Select(value => $"%{value:x2}")))
            .Zip(Max, string.Concat),
        Gen.Elements("length:1", "length:2", "length:4", "length:8")
            .Zip(Gen.Elements("", ":big", ":little", ":self", ":big:self", ":self:big", ":self:little", ":little:self"), string.Concat)
            .Zip(Max, string.Concat));

    [Theory]
    [InlineData("lines")]
    [InlineData("lines:max=100")]
    [InlineData("crlf")]
    [InlineData("delimiter:%00")]
    [InlineData("delimiter:--%25%3A%20%C3%A9:max=2m")]
    [InlineData("fixed:16")]
    [InlineData("length:1")]
    [InlineData("length:4")]
    [InlineData("length:2:little")]
    [InlineData("length:4:little:self:max=64k")]
    [InlineData("length:8:self")]
    [InlineData("varint")]
    [InlineData("netstring:max=2147483647")]
    [InlineData("slip")]
    [InlineData("cobs:max=254")]
    [InlineData("jsonl")]
    [InlineData("resp")]
    [InlineData("http:max=16m")]
    public void Canonical_text_is_printed_as_it_was_read(string text) => Assert.Equal(text, Codecs.Parse(text).ToString());

    [Theory]
    [InlineData("lines:max=65536", "lines")]
    [InlineData("slip:max=1024K", "slip")]
    [InlineData("delimiter:%61%7e é", "delimiter:a~%20%C3%A9")]
    [InlineData("fixed:1k", "fixed:1024")]
    [InlineData("length:4:max=1m:self:big", "length:4:self")]
    [InlineData("length:1:max=1k", "length:1")]             // it cannot say more than 255
    [InlineData("length:1:self:max=254", "length:1:self")]
    public void What_is_usual_is_left_out(string text, string canonical) => Assert.Equal(canonical, Codecs.Parse(text).ToString());

    [Fact]
    public void Printing_and_reading_round_trip() =>
        Prop.ForAll(Texts.ToArbitrary(), text =>
        {
            FrameCodec<ReadOnlySequence<byte>> codec = Codecs.Parse(text);
            FrameCodec<ReadOnlySequence<byte>> again = Codecs.Parse(codec.ToString()!);
            return codec.ToString() == again.ToString() && codec.MaxFrameSize == again.MaxFrameSize && codec.GetType() == again.GetType();
        }).Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(300));

    /// <summary>Each of a prefix's 16 forms is read as what it says, and printed in one way.</summary>
    [Fact]
    public void Every_form_of_a_length_is_read()
    {
        foreach (int size in new[] { 1, 2, 4, 8 })
        {
            foreach (ByteOrder order in Enum.GetValues<ByteOrder>())
            {
                foreach (bool countsItself in new[] { false, true })
                {
                    string text = $"length:{size}{(order == ByteOrder.LittleEndian ? ":little" : ":big")}{(countsItself ? ":self" : "")}";
                    FrameCodec<ReadOnlySequence<byte>> read = Codecs.Parse(text), made = Codecs.LengthPrefixed(size, order, countsItself);
                    Assert.Equal(made.ToString(), read.ToString());
                    Assert.Equal(made.MaxFrameSize, read.MaxFrameSize);
                    Assert.Equal(Decoding.Encode(made, Decoding.Sequence("hello")), Decoding.Encode(read, Decoding.Sequence("hello")));
                    Assert.Equal(read.ToString(), Codecs.Parse(read.ToString()!).ToString());
                }
            }
        }
    }

    [Fact]
    public void Codecs_say_what_they_are()
    {
        Assert.Equal("crlf:max=9", Codecs.Lines(9, LineEnding.CrLf).ToString());
        Assert.Equal("jsonl:max=9", Codecs.JsonLines(JsonValueContext.Default.JsonElement, 9).ToString());
        Assert.Equal("delimiter:%0D%0A", Codecs.Delimited("\r\n"u8).ToString());
    }

    [Theory]
    [InlineData("", "\"\" is no codec: no name stands in front; the names are lines, crlf, delimiter, fixed, length, varint, netstring, slip, cobs, jsonl, resp and http.")]
    [InlineData("liens", "\"liens\" is no codec: \"liens\" is unknown; did you mean \"lines\"?")]
    [InlineData("SLIP", "\"SLIP\" is no codec: \"SLIP\" is unknown; did you mean \"slip\"?")]
    [InlineData("legnth:4", "\"legnth:4\" is no codec: \"legnth\" is unknown; did you mean \"length\"?")]
    [InlineData("websocket", "\"websocket\" is no codec: \"websocket\" is unknown; the names are lines,")]
    [InlineData("length", "a length has 1, 2, 4 or 8 bytes; try length:4.")]
    [InlineData("length:3", "a length has 1, 2, 4 or 8 bytes; try length:4.")]
    [InlineData("length:4:litle", "\"litle\" is unknown here; did you mean \"little\"?")]
    [InlineData("length:4:xyzzy!", "\"xyzzy!\" is unknown here; what may follow is big, little, self or max=.")]
    [InlineData("length:4:big:little", "\"little\" says again what was said before; remove one of them.")]
    [InlineData("length:4:self:self", "\"self\" says again")]
    [InlineData("slip:max=1:max=2", "\"max=2\" says again")]
    [InlineData("slip:mx=5", "\"mx=5\" is unknown here; did you mean \"max=\"?")]
    [InlineData("slip:self", "\"self\" is unknown here")]
    [InlineData("lines:", "\"\" is unknown here")]
    [InlineData("lines:max=0", "\"max=0\" is no limit; write a number of bytes from 1, as in max=64k.")]
    [InlineData("lines:max=", "\"max=\" is no limit")]
    [InlineData("lines:max=-1", "\"max=-1\" is no limit")]
    [InlineData("lines:max=2147483648", "is no limit")]
    [InlineData("lines:max=2048m", "is no limit")]
    [InlineData("fixed", "the size of a frame is a number of bytes from 1; try fixed:16.")]
    [InlineData("fixed:0", "the size of a frame is a number of bytes from 1")]
    [InlineData("fixed:16:max=3", "\"max=3\" is unknown; nothing stands behind the size.")]
    [InlineData("delimiter", "it names no delimiter; write its bytes behind the colon, as in delimiter:%00.")]
    [InlineData("delimiter:", "it names no delimiter")]
    [InlineData("delimiter:%0", "\"%0\" is no escape")]
    [InlineData("delimiter:a%zz", "\"%zz\" is no escape; write a byte as % and two hex digits, and % itself as %25.")]
    public void What_is_no_codec_is_told_with_what_to_try(string text, string message)
    {
        Assert.False(Codecs.TryParse(text, out FrameCodec<ReadOnlySequence<byte>>? codec, out string? error));
        Assert.Null(codec);
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.Equal(error, Assert.Throws<FormatException>(() => Codecs.Parse(text)).Message);
    }

    [Fact]
    public void A_delimiter_has_a_longest_length()
    {
        string longest = "delimiter:" + new string('x', Codecs.DelimiterSizeMax);
        Assert.Equal(longest, Codecs.Parse(longest).ToString());
        Assert.Contains("65 bytes; the most is 64", Assert.Throws<FormatException>(() => Codecs.Parse(longest + "x")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_text_is_a_codec_or_refused() =>
        Prop.ForAll<string>(text => Codecs.TryParse(text, out _, out string? error) || error!.Length > 0)
            .Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(500));

    [Fact]
    public void Null_is_no_text()
    {
        Assert.Throws<ArgumentNullException>(() => Codecs.Parse(null!));
        Assert.False(Codecs.TryParse(null, out _, out _));
    }

    [Fact]
    public void Half_a_character_is_no_delimiter()      // which no attribute can hold
    {
        Assert.False(Codecs.TryParse("delimiter:\uD800", out _, out string? error));
        Assert.Contains("half of a surrogate pair", error, StringComparison.Ordinal);
    }
}
