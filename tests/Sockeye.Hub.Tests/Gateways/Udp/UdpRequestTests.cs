using System.Text;
using Sockeye.Hub.Gateways.Udp;

namespace Sockeye.Hub.Tests.Gateways.Udp;

/// <summary>What datagrams mean.</summary>
public class UdpRequestTests
{
    [Theory]
    [InlineData("hello", "Message", null, "", "hello")]
    [InlineData("hello\n", "Message", null, "", "hello")]
    [InlineData("two\r\nlines", "Message", null, "", "two\nlines")]
    [InlineData("@JACK hello there", "ToOne", null, "JACK", "hello there")]
    [InlineData("@JACK\nhello", "ToOne", null, "JACK", "hello")]
    [InlineData("@JACK", "ToOne", null, "JACK", "")]
    [InlineData("@", "ToOne", null, "", "")]
    [InlineData("/msg JACK hello", "ToOne", null, "JACK", "hello")]
    [InlineData("/msg  @JACK hello", "ToOne", null, "JACK", "hello")]
    [InlineData("/tell JACK two\nlines", "ToOne", null, "JACK", "two\nlines")]
    [InlineData("/MSG", "ToOne", null, "", "")]
    [InlineData("/name TOM", "Command", null, "name", "TOM")]
    [InlineData("/Join  dev ", "Command", null, "join", "dev")]
    [InlineData("/", "Command", null, "", "")]
    [InlineData("quit\n", "Command", null, "quit", "")]
    [InlineData("quit now", "Message", null, "", "quit now")]
    [InlineData("", "Empty", null, "", "")]
    [InlineData(" \r\n", "Empty", null, "", "")]
    [InlineData("\u001b[2J\u0007\0", "Empty", null, "", "")]
    [InlineData("\ufeffhello", "Message", null, "", "hello")]
    [InlineData("#17 hello", "Message", "17", "", "hello")]
    [InlineData("#17 @JACK hello", "ToOne", "17", "JACK", "hello")]
    [InlineData("#17 /who", "Command", "17", "who", "")]
    [InlineData("#017 hello", "Message", "017", "", "hello")]
    [InlineData("#17", "Empty", "17", "", "")]
    [InlineData("#17th of May", "Message", null, "", "#17th of May")]
    [InlineData("#dev is a room", "Message", null, "", "#dev is a room")]
    [InlineData("#", "Message", null, "", "#")]
    [InlineData("#123456789012345678 x", "Message", "123456789012345678", "", "x")]
    [InlineData("#1234567890123456789 x", "Message", null, "", "#1234567890123456789 x")]
    [InlineData("//name TOM", "Message", null, "", "/name TOM")]
    [InlineData("@@JACK hello", "Message", null, "", "@JACK hello")]
    [InlineData("##17 hello", "Message", null, "", "#17 hello")]
    [InlineData("#17 ##18", "Message", "17", "", "#18")]
    [InlineData("大家好 👩‍👩‍👧", "Message", null, "", "大家好 👩‍👩‍👧")]
    public void Text(string datagram, string kind, string? number, string name, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(datagram);
        UdpRequest request = UdpRequest.Read(bytes);

        Assert.Equal((kind, bytes.Length, number, name, text), (request.Kind.ToString(), request.Bytes, request.Number, request.Name, request.Text));
    }

    [Theory]
    [InlineData("quit", false)]
    [InlineData("/quit", true)]
    public void A_bare_quit_and_one_with_its_slash_are_told_apart(string datagram, bool isSlashed) =>
        Assert.Equal(isSlashed, UdpRequest.Read(Encoding.UTF8.GetBytes(datagram)).IsSlashed);

    [Fact]
    public void What_is_not_UTF8_is_that_with_its_number()
    {
        UdpRequest request = UdpRequest.Read([(byte)'#', (byte)'7', (byte)' ', 0xc4, 0xe3]);

        Assert.Equal((UdpRequestKind.NotUtf8, "7"), (request.Kind, request.Number));
    }

    [Fact]
    public void What_was_cut_is_too_long_whatever_is_in_it()
    {
        UdpRequest request = UdpRequest.Read("#8 hello"u8, isTruncated: true);

        Assert.Equal((UdpRequestKind.TooLong, "8"), (request.Kind, request.Number));
    }
}
