using System.Buffers;
using System.Text.Json;
using static Sockeye.Tests.Framing.Decoding;

namespace Sockeye.Tests.Framing;

public class JsonLinesCodecTests
{
    private static FrameCodec<Reading> Readings { get; } = Codecs.JsonLines(JsonValueContext.Default.Reading);

    [Theory]
    [InlineData("1\r\n2\n", "1", "2")]
    [InlineData("\n  \n\t\r\n1\n\n", "1")]
    [InlineData("1\n2", "1", "2")]
    [InlineData("1\n ", "1")]
    [InlineData(" {} \n", " {} ")]
    [InlineData("")]
    public void Blank_lines_are_skipped_and_the_last_may_lack_its_end(string stream, params string[] frames) =>
        Expect(Codecs.JsonLines(), Latin1(stream), frames);

    [Theory]
    [InlineData("nope", "'o' cannot stand at its byte 1.")]
    [InlineData("\0\0\0", "0x00 cannot stand at its byte 0.")]
    [InlineData("\u0016\u0003\u0001", "0x16 cannot stand at its byte 0.")]
    [InlineData("{\"a\":1", "it ends after 6 bytes, before its value does.")]
    [InlineData("\"ab", "it ends after 3 bytes, before its value does.")]
    [InlineData("1 2", "'2' cannot stand at its byte 2.")]
    public void A_last_line_that_is_not_JSON_is_refused_and_stays(string line, string problem)
    {
        foreach (string end in new[] { "", "\n" })
        {
            ReadOnlySequence<byte> input = Sequence(line + end);
            ProtocolException e = Assert.Throws<ProtocolException>(() => end.Length == 0
                ? Codecs.JsonLines().TryDecodeEnd(ref input, out _)
                : Codecs.JsonLines().TryDecode(ref input, out _));
            Assert.Equal($"A line is not JSON: {problem}", e.Message);
            Assert.Equal(line + end, Text(input));
        }
    }

    [Fact]
    public void What_does_not_fit_the_type_is_said_without_the_platforms_words()
    {
        ReadOnlySequence<byte> input = Sequence("[]\n");
        string message = Assert.Throws<ProtocolException>(() => Readings.TryDecode(ref input, out _)).Message;
        Assert.DoesNotContain("LineNumber", message, StringComparison.Ordinal);
        Assert.Equal("[]\n", Text(input));
    }

    [Fact]
    public void Blank_lines_are_dropped_as_they_come()
    {
        ReadOnlySequence<byte> input = Sequence("\n\n \n{");
        Assert.False(Codecs.JsonLines().TryDecode(ref input, out _));
        Assert.Equal("{", Text(input));
    }

    [Fact]
    public void Depth_has_a_limit()
    {
        string deepest = new string('[', 64) + new string(']', 64);
        Assert.Equal([deepest], Whole(Codecs.JsonLines(), Sequence(deepest + "\n")));
        Refuse<ProtocolException, ReadOnlySequence<byte>>(Codecs.JsonLines(), Latin1($"[{deepest}]\n"));
    }

    [Fact]
    public void Values_are_read_and_written_in_one_line()
    {
        byte[] wire = """
            {"Sensor":"n\u00F6rd\nlich","Value":7}
            {"Sensor":"","Value":-1}

            """u8.ToArray();
        Assert.Equal(wire, Encode(Readings, new Reading("nörd\nlich", 7), new Reading("", -1)));
        Expect(Readings, wire, $"{new Reading("nörd\nlich", 7)}", $"{new Reading("", -1)}");
        Expect(Readings, wire[..^1], $"{new Reading("nörd\nlich", 7)}", $"{new Reading("", -1)}");
    }

    [Fact]
    public void Values_of_any_shape_are_elements()
    {
        FrameCodec<JsonElement> codec = Codecs.JsonLines(JsonValueContext.Default.JsonElement);
        byte[] wire = Latin1("[1,{\"a\":null}]\n\"x\"\n");
        Expect(codec, wire, "[1,{\"a\":null}]", "x");
        Assert.Equal(wire, Encode(codec, JsonElement.Parse("[1, {\"a\": null}\n]"), JsonElement.Parse("\"x\"")));
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("{\"Sensor\":\"a\",\"Value\":\"b\"}")]
    [InlineData("{\"Sensor\":\"a\",\"Value\":12345678901}")]
    [InlineData("{\"Sensor\":\"\\uD800\",\"Value\":1}")]
    [InlineData("null")]
    [InlineData("{")]
    public void Another_value_is_the_peers_fault(string line) => Refuse<ProtocolException, Reading>(Readings, Latin1(line + "\n"));

    [Fact]
    public void What_cannot_be_written_is_refused()
    {
        RefuseToEncode(Readings, null!);
        RefuseToEncode(Codecs.JsonLines(JsonValueContext.Default.Reading, 20), new Reading("0123456789", 1));
        Knot knot = new();
        knot.Next = knot;
        RefuseToEncode(Codecs.JsonLines(JsonValueContext.Default.Knot), knot);
        Assert.Throws<ArgumentNullException>(() => Readings.Encode(new Reading("", 0), null!));
        Assert.Throws<ArgumentNullException>(() => Codecs.JsonLines<Reading>(null!));
    }

    [Fact]
    public void The_limit_is_the_lines()
    {
        FrameCodec<JsonElement> codec = Codecs.JsonLines(JsonValueContext.Default.JsonElement, 4);
        Expect(codec, Latin1("1234\n"), "1234");
        Refuse<FrameTooLargeException, JsonElement>(codec, Latin1("12345\n"));
        Assert.Throws<FrameTooLargeException>(() => AsksForMore(codec, Latin1("12345")));
    }
}
