using System.Text;
using Sockeye.Cli.Commands;

namespace Sockeye.Cli.Tests.Commands;

public class EscapedBytesTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("hello", "hello")]
    [InlineData("a\\n\\r\\t\\\\\\0z", "a\n\r\t\\\0z")]
    [InlineData("你好\\x41b", "你好Ab")]
    public void Escapes_are_those_of_C(string text, string expected) => Assert.Equal(Encoding.UTF8.GetBytes(expected), EscapedBytes.Parse(text));

    [Fact]
    public void Any_byte_can_be_written() => Assert.Equal([0xff, 0x00, 0x7f], EscapedBytes.Parse("\\xff\\x00\\x7F"));

    [Theory]
    [InlineData("\\")]
    [InlineData("\\q")]
    [InlineData("\\x")]
    [InlineData("\\x1")]
    [InlineData("\\xg0")]
    [InlineData("\\x 1")]
    public void What_is_no_escape_is_refused(string text) => Assert.Null(EscapedBytes.Parse(text));
}
