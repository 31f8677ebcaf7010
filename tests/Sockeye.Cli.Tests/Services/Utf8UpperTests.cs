using System.Buffers;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Sockeye.Cli.Services;

namespace Sockeye.Cli.Tests.Services;

public class Utf8UpperTests
{
    private static Gen<byte[]> Pieces { get; } = Gen.Elements<byte[]>(
        "a"u8.ToArray(), "Z"u8.ToArray(), "é"u8.ToArray(), "ß"u8.ToArray(), "ж"u8.ToArray(), "ɐ"u8.ToArray(), "€"u8.ToArray(), "😀"u8.ToArray(), "𐐨"u8.ToArray(),
        [0xFF], [0xC3], [0xE2, 0x82], [0xF0, 0x9F, 0x98], [0xED, 0xA0, 0x80], [0xC0, 0x80], [0x80], [0]);

    [Theory]
    [InlineData("hello, world\n", "HELLO, WORLD\n")]
    [InlineData("žluťoučký кůň ελλάδα", "ŽLUŤOUČKÝ КŮŇ ΕΛΛΆΔΑ")]
    [InlineData("straße", "STRAßE")]
    [InlineData("ɐ", "Ɐ")]
    [InlineData("𐐨 😀", "𐐀 😀")]
    [InlineData("", "")]
    public void Letters_become_capitals(string text, string capitals) =>
        Assert.Equal(capitals, Encoding.UTF8.GetString(Upper([Encoding.UTF8.GetBytes(text)])));

    [Fact]
    public void What_is_no_character_passes_unchanged()
    {
        byte[] garbage = [0xFF, (byte)'a', 0xC3, (byte)'b', 0xED, 0xA0, 0x80, 0xF0, 0x9F];

        Assert.Equal([0xFF, (byte)'A', 0xC3, (byte)'B', 0xED, 0xA0, 0x80, 0xF0, 0x9F], Upper([garbage]));
    }

    [Fact]
    public void A_character_cut_in_two_waits_for_its_other_half()
    {
        Utf8Upper upper = new();
        ArrayBufferWriter<byte> output = new();

        upper.Transform([(byte)'a', 0xC3], output);
        Assert.Equal("A"u8, output.WrittenSpan);
        upper.Transform([0xA9], output);
        Assert.Equal("AÉ"u8, output.WrittenSpan);
    }

    [Fact]
    public void Cutting_the_input_anywhere_changes_nothing()
    {
        Arbitrary<byte[]> input = Pieces.ArrayOf().Select(pieces => pieces.SelectMany(piece => piece).ToArray()).ToArbitrary();
        Arbitrary<int[]> lengths = Gen.Choose(0, 3).ArrayOf().ToArbitrary();

        Prop.ForAll(input, lengths, (input, lengths) => Upper(Cut(input, lengths)).SequenceEqual(Upper([input])))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000).WithQuietOnSuccess(true));
    }

    [Fact]
    public void Valid_text_becomes_what_the_platform_makes_of_it()
    {
        Arbitrary<string> text = Gen.Choose(0, 0x10FFFF).Where(Rune.IsValid).Select(value => new Rune(value).ToString())
            .ArrayOf().Select(string.Concat).ToArbitrary();

        Prop.ForAll(text, text => Upper([Encoding.UTF8.GetBytes(text)]).SequenceEqual(Encoding.UTF8.GetBytes(text.ToUpperInvariant())))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1000).WithQuietOnSuccess(true));
    }

    private static byte[] Upper(IEnumerable<byte[]> pieces)
    {
        Utf8Upper upper = new();
        ArrayBufferWriter<byte> output = new();
        foreach (byte[] piece in pieces)
            upper.Transform(piece, output);
        upper.Flush(output);
        return output.WrittenSpan.ToArray();
    }

    private static IEnumerable<byte[]> Cut(byte[] input, int[] lengths)
    {
        int start = 0;
        foreach (int length in lengths.Where(length => length > 0))
        {
            yield return input[Math.Min(start, input.Length)..Math.Min(start + length, input.Length)];
            start += length;
        }

        yield return input[Math.Min(start, input.Length)..];
    }
}
