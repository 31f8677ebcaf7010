using System.Text;
using Sockeye.Cli.Services.Chat;

namespace Sockeye.Cli.Tests.Services;

public class Utf8PartsTests
{
    [Theory]
    [InlineData("abc", 3, 3)]
    [InlineData("abc", 2, 2)]
    [InlineData("aé", 2, 1)]
    [InlineData("a你", 3, 1)]
    [InlineData("a🙂", 4, 1)]
    [InlineData("a🙂", 2, 1)]
    [InlineData("🙂🙂", 7, 4)]
    [InlineData("🙂", 3, 3)] // a part has to have something in it
    public void No_character_is_cut_in_two(string text, int max, int length) => Assert.Equal(length, Utf8Parts.LengthOfFirst(Encoding.UTF8.GetBytes(text), max));

    [Fact]
    public void What_is_no_UTF_8_is_cut_anywhere() => Assert.Equal(5, Utf8Parts.LengthOfFirst([1, 0x80, 0x80, 0x80, 0x80, 0x80], 5));

    [Fact]
    public void A_line_that_comes_in_bytes_is_cut_between_characters_too()
    {
        LineAssembler lines = new(6);
        List<string> parts = [];
        foreach (byte value in Encoding.UTF8.GetBytes("ab你好é\n"))
            parts.AddRange(lines.Add([value]).Select(part => Encoding.UTF8.GetString(part.Span)));

        Assert.Equal(["ab你\n", "好é\n"], parts);
    }
}
