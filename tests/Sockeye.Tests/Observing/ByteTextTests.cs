using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Sockeye.Tests.Observing;

public class ByteTextTests
{
    [Theory]
    [InlineData("hello", "\"hello\"")]
    [InlineData("a\r\n\tb", "\"a\\r\\n\\tb\"")]
    [InlineData("say \"\\\"", "\"say \\\"\\\\\\\"\"")]
    [InlineData("世界 🦩", "\"世界 🦩\"")]
    [InlineData("\u001b[2J\u0007\u007f", "\"\\x1b[2J\\x07\\x7f\"")]
    [InlineData("\u009b31m", "\"\\xc2\\x9b31m\"")]                  // a C1 control
    [InlineData("\u202e", "\"\\xe2\\x80\\xae\"")]                   // turns the text round
    public void Text_is_shown_and_what_a_terminal_obeys_is_escaped(string text, string shown) => Assert.Equal(shown, Quoted(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("FF", "\"\\xff\"")]
    [InlineData("61C3", "\"a\\xc3\"")]                              // cut within a character
    [InlineData("E28262", "\"\\xe2\\x82b\"")]
    [InlineData("C080", "\"\\xc0\\x80\"")]                          // overlong
    [InlineData("EDA080", "\"\\xed\\xa0\\x80\"")]                   // a surrogate
    public void Malformed_UTF8_is_escaped_byte_by_byte(string hex, string shown) => Assert.Equal(shown, Quoted(Convert.FromHexString(hex)));

    [Theory]
    [InlineData("hello", 5, "\"hello\"")]
    [InlineData("hello!", 5, "\"hello\"…")]
    [InlineData("hell\n", 5, "\"hell\"…")]                          // no half escape
    [InlineData("a", 0, "\"\"…")]
    public void What_is_too_wide_is_cut(string text, int width, string shown) => Assert.Equal(shown, Quoted(Encoding.UTF8.GetBytes(text), width));

    [Theory]
    [InlineData("", 9, "")]
    [InlineData("00FF10", 8, "00 ff 10")]
    [InlineData("00FF10", 7, "00 ff…")]
    [InlineData("00FF10", 5, "00 ff…")]
    [InlineData("00", 1, "…")]
    public void Hex(string hex, int width, string shown)
    {
        StringBuilder line = new();
        ByteText.AppendHex(line, Convert.FromHexString(hex), width);
        Assert.Equal(shown, line.ToString());
    }

    [Fact]
    public void Any_bytes_give_visible_characters_within_the_width() =>
        Prop.ForAll(Gen.Zip(ArbMap.Default.GeneratorFor<byte[]>(), Gen.Choose(0, 40)).ToArbitrary(), input =>
        {
            (byte[] data, int width) = input;
            string shown = Quoted(data, width);
            return shown.Length <= width + 3 && shown.EnumerateRunes().All(rune => !Display.IsInvisible(rune) && rune != Rune.ReplacementChar);
        }).QuickCheckThrowOnFailure();

    private static string Quoted(byte[] data, int width = 100)
    {
        StringBuilder line = new();
        ByteText.AppendQuoted(line, data, width);
        return line.ToString();
    }
}
