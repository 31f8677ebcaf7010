using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Sockeye.Cli.Output;

namespace Sockeye.Cli.Tests.Output;

public class EscapedTextTests
{
    [Theory]
    [InlineData("hello", "hello")]
    [InlineData("a\r\nb\tc\n", @"a\r\nb\tc\n")]
    [InlineData("Žluťoučký kůň 日本 😀", "Žluťoučký kůň 日本 😀")]
    [InlineData("\u001b[31mred\u0007\0", @"\x1b[31mred\x07\x00")]
    [InlineData("\u007f\u009b1m", @"\x7f\xc2\x9b1m")]
    [InlineData(@"C:\new", @"C:\\new")]
    [InlineData("a\u202Eb\u2028c", @"a\xe2\x80\xaeb\xe2\x80\xa8c")]
    [InlineData("👩\u200D🚀", "👩\u200D🚀")]
    [InlineData("", "")]
    public void Only_what_is_harmless_is_shown(string text, string shown) => Assert.Equal(shown, Escape(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void What_is_no_UTF8_is_shown_byte_by_byte() =>
        Assert.Equal(@"a\xff\xc3b\xe2\x82", Escape([(byte)'a', 0xFF, 0xC3, (byte)'b', 0xE2, 0x82]));

    [Theory]
    [InlineData("abcdef", 6, "abcdef")]
    [InlineData("abcdefg", 6, "abcde…")]
    [InlineData("日本日", 6, "日本日")]
    [InlineData("日本日本", 6, "日本…")]
    [InlineData("abcd\n\n", 6, @"abcd…")]
    [InlineData("abc\u0001d", 7, @"abc…")]
    [InlineData("e\u0301e\u0301e\u0301e\u0301", 4, "e\u0301e\u0301e\u0301e\u0301")]
    public void It_is_cut_to_the_columns_and_never_within_an_escape(string text, int columns, string shown) =>
        Assert.Equal(shown, EscapedText.Escape(Encoding.UTF8.GetBytes(text), columns));

    [Fact]
    public void Nothing_a_terminal_obeys_comes_out()
    {
        Arbitrary<byte[]> bytes = Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf().ToArbitrary();

        Prop.ForAll(bytes, bytes => !Escape(bytes).Any(char.IsControl)).Check(Config.QuickThrowOnFailure.WithMaxTest(1000).WithQuietOnSuccess(true));
    }

    private static string Escape(byte[] bytes) => EscapedText.Escape(bytes, int.MaxValue);
}
