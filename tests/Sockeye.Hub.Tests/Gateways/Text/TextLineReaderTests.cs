using System.Buffers;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Sockeye.Hub.Gateways.Text;

namespace Sockeye.Hub.Tests.Gateways.Text;

/// <summary>Bytes in, lines out.</summary>
public class TextLineReaderTests
{
    private const int LineBytesMax = 100;
    private const int EndlessBytesMax = 1000;

    /// <summary>What people, telnets and attackers send, in pieces that matter.</summary>
    private static readonly byte[][] Pieces =
    [
        .. new[] { "a", "word ", "你好", "é", "e\u0301", "👨‍👩‍👧", "🇨🇳", "\n", "\r\n", "\r", "\r\0", "\b", "\u007f", "\u0015", "\u0017", "\u0003", "\u0004", "\0", "\u001b[31m" }
            .Select(Encoding.UTF8.GetBytes),
        [255, 255], [255, 251, 1], [255, 253, 6], [255, 244], [255, 246], [255, 247], [255, 248], [255, 250, 24, 1, 255, 240], [255], [0xe4], [0xbd, 0xa0],
        .. new[] { 50, 99, 101, 2000 }.Select(count => Enumerable.Repeat((byte)'x', count).ToArray()),
    ];

    [Theory]
    [InlineData("one\ntwo\r\nthree\rfour\r\0five\n", "one|two|three|four|five")]
    [InlineData("\n\n\r\n\r\n", "|||")]
    [InlineData("a\r\n\nb\n", "a||b")]
    [InlineData("teh\b\bhe\n", "the")]
    [InlineData("teh\u007f\u007fhe\n", "the")]
    [InlineData("\b\b\u007fa\n", "a")]
    [InlineData("all wrong\u0015right\n", "right")]
    [InlineData("one two  \u0017three\n", "one three")]
    [InlineData("one\u0017\u0017two\n", "two")]
    [InlineData("half\u0003whole\n", "whole")]
    [InlineData("你们\b好\n", "你好")]
    [InlineData("a👨‍👩‍👧\bb\n", "ab")]
    [InlineData("a🇨🇳🇩🇪\bb\n", "a🇨🇳b")]
    [InlineData("ae\u0301\bb\n", "ab")]
    [InlineData("a\0b\n", "ab")]
    public void Lines(string bytes, string lines) => Assert.Equal(lines, string.Join('|', LinesOf(Encoding.UTF8.GetBytes(bytes))));

    [Fact]
    public void Telnet_is_taken_out_of_the_line_and_answered()
    {
        List<TextInput> inputs = Read([[.. "he"u8, 255, 251, 24, .. "llo"u8, 255, 250, 1, 2, 3, 255, 240, 255, 249, (byte)'\r', 255, 241, (byte)'\n', (byte)'x', (byte)'\n']]);

        Assert.Equal(["hello", "x"], inputs.Where(input => input.Kind == TextInputKind.Line).Select(input => input.Text));
        Assert.Equal([255, 254, 24], Assert.Single(inputs, input => input.Kind == TextInputKind.Telnet).Reply);
    }

    [Fact]
    public void Telnet_erases_too()
    {
        byte[] bytes = [.. "abc"u8, 255, 247, .. "x\n"u8, .. "gone"u8, 255, 248, .. "here\n"u8];

        Assert.Equal(["abx", "here"], LinesOf(bytes));
    }

    [Fact]
    public void What_is_no_UTF_8_is_replaced_and_told()
    {
        List<TextInput> inputs = Read([[0xc4, 0xe3, (byte)'a', (byte)'\n', .. "ok\n"u8, 255, 255, (byte)'\n']]);

        Assert.Equal([("\ufffd\ufffda", true), ("ok", false), ("\ufffd", true)], inputs.Select(input => (input.Text, input.IsDamaged)));
    }

    [Fact]
    public void A_broken_character_is_erased_as_far_as_it_came()
    {
        Assert.Equal(["ab"], LinesOf([(byte)'a', 0xe4, 0xbd, 8, (byte)'b', (byte)'\n']));
    }

    [Theory]
    [InlineData("\u0004")]
    [InlineData("\u0003")]
    public void Ctrl_D_and_Ctrl_C_on_an_empty_line_are_the_wish_to_go(string key)
    {
        Assert.Equal(TextInputKind.End, Assert.Single(Read([Encoding.UTF8.GetBytes(key)])).Kind);
        Assert.Equal(["kept"], LinesOf(Encoding.UTF8.GetBytes(key == "\u0004" ? "ke\u0004pt\n" : "x\u0003kept\n")));
    }

    [Theory]
    [InlineData((byte)244)]
    [InlineData((byte)243)]
    public void Telnets_interrupt_takes_the_line_back_and_on_an_empty_one_is_the_wish_to_go(byte command)
    {
        List<TextInput> inputs = Read([[.. "typed"u8, 255, command, .. "x\n"u8, 255, command]]);

        Assert.Equal([TextInputKind.Line, TextInputKind.End], inputs.Select(input => input.Kind));
        Assert.Equal("x", inputs[0].Text);
    }

    [Fact]
    public void A_line_of_the_longest_length_is_one_and_a_byte_more_is_told_at_once_and_the_rest_dropped()
    {
        string longest = new('x', LineBytesMax);
        Assert.Equal([longest], LinesOf(Encoding.UTF8.GetBytes(longest + "\n")));

        List<TextInput> inputs = Read([Encoding.UTF8.GetBytes(longest + "yz\nnext\n")]);
        Assert.Equal([TextInputKind.TooLong, TextInputKind.Line], inputs.Select(input => input.Kind));
        Assert.Equal("next", inputs[1].Text);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_000)]
    public void A_line_without_an_end_is_told_once_however_it_comes(int segment)
    {
        byte[] bytes = Enumerable.Repeat((byte)'x', 3 * EndlessBytesMax).ToArray();

        Assert.Equal([TextInputKind.TooLong, TextInputKind.Endless], Read(bytes.Chunk(segment)).Select(input => input.Kind));
    }

    [Fact]
    public void A_line_that_is_too_long_can_be_taken_back()
    {
        List<TextInput> inputs = Read([[.. new byte[200].Select(_ => (byte)'x'), 21, .. "short\n"u8]]);

        Assert.Equal([TextInputKind.TooLong, TextInputKind.Line], inputs.Select(input => input.Kind));
        Assert.Equal("short", inputs[1].Text);
    }

    [Fact]
    public void The_last_line_needs_no_end()
    {
        TextLineReader reader = new(LineBytesMax, EndlessBytesMax);
        ReadOnlySequence<byte> bytes = new("first\nlast"u8.ToArray());
        Assert.True(reader.TryRead(ref bytes, out _));
        Assert.False(reader.TryRead(ref bytes, out _));

        Assert.True(reader.TryEnd(out TextInput last));
        Assert.Equal("last", last.Text);
        Assert.False(reader.TryEnd(out _));
    }

    [Fact]
    public void However_the_bytes_are_split_they_mean_the_same()
    {
        Gen<byte[]> streams = Gen.Elements(Pieces).ListOf().Select(pieces => pieces.SelectMany(piece => piece).ToArray());
        Arbitrary<(byte[] Bytes, List<int> Cuts)> arbitrary =
            (from bytes in streams from cuts in Gen.Choose(1, 40).NonEmptyListOf() select (bytes, cuts.ToList())).ToArbitrary();
        Prop.ForAll(arbitrary, stream =>
        {
            string whole = Describe(Read([stream.Bytes]));
            Assert.Equal(whole, Describe(Read(Split(stream.Bytes, stream.Cuts))));
            Assert.Equal(whole, Describe(Read(stream.Bytes.Chunk(1))));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    private static IEnumerable<byte[]> Split(byte[] bytes, List<int> cuts)
    {
        int at = 0;
        for (int i = 0; at < bytes.Length; i++)
        {
            int length = Math.Min(cuts[i % cuts.Count], bytes.Length - at);
            yield return bytes[at..(at + length)];
            at += length;
        }
    }

    private static string Describe(IEnumerable<TextInput> inputs) =>
        string.Join('\n', inputs.Select(input => $"{input.Kind} {input.IsDamaged} '{input.Text}' {Convert.ToHexString(input.Reply ?? [])}"));

    private static IEnumerable<string> LinesOf(byte[] bytes) => Read([bytes]).Where(input => input.Kind == TextInputKind.Line).Select(input => input.Text);

    private static List<TextInput> Read(IEnumerable<byte[]> segments)
    {
        TextLineReader reader = new(LineBytesMax, EndlessBytesMax);
        List<TextInput> inputs = [];
        foreach (byte[] segment in segments)
        {
            ReadOnlySequence<byte> bytes = new(segment);
            while (reader.TryRead(ref bytes, out TextInput input))
                inputs.Add(input);
        }

        if (reader.TryEnd(out TextInput last))
            inputs.Add(last);
        return inputs;
    }
}
