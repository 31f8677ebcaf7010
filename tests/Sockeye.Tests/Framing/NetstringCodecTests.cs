using System.Buffers;
using static Sockeye.Tests.Framing.Decoding;

namespace Sockeye.Tests.Framing;

public class NetstringCodecTests
{
    /// <summary>The example of the definition: "hello world!".</summary>
    [Fact]
    public void A_netstring_is_length_colon_content_comma()
    {
        byte[] wire = [0x31, 0x32, 0x3a, 0x68, 0x65, 0x6c, 0x6c, 0x6f, 0x20, 0x77, 0x6f, 0x72, 0x6c, 0x64, 0x21, 0x2c];
        Assert.Equal(wire, Encode(Codecs.Netstring(), Sequence("hello world!")));
        Expect(Codecs.Netstring(), wire, "hello world!");
    }

    [Theory]
    [InlineData("41:", 41L)]
    [InlineData("2147483648:", 2147483648L)]
    [InlineData("9223372036854775807:", long.MaxValue)]
    [InlineData("9999999999999999999:", null)]          // more than 63 bits
    [InlineData("99999999999999999999", null)]          // the twentieth digit: whatever it will be, it is too much
    public void A_length_over_the_limit_needs_only_its_colon(string prefix, long? size)
    {
        FrameCodec<ReadOnlySequence<byte>> codec = Codecs.Netstring(40);
        Assert.True(AsksForMore(codec, Latin1(prefix)[..^1]));
        Refuse<FrameTooLargeException, ReadOnlySequence<byte>>(codec, Latin1(prefix), e => Assert.Equal((40, size), (e.Limit, e.Size)));
    }

    [Fact]
    public void The_message_names_the_byte() =>
        Refuse<ProtocolException, ReadOnlySequence<byte>>(
            Codecs.Netstring(), "2:hi;"u8.ToArray(), e => Assert.Equal("A frame of 2 bytes is followed by 0x3B in place of 0x2C.", e.Message));
}
