using System.Buffers;
using static Sockeye.Tests.Framing.Decoding;

namespace Sockeye.Tests.Framing;

public class VarintPrefixedCodecTests
{
    [Theory]
    [InlineData(0, "00")]
    [InlineData(1, "01")]
    [InlineData(127, "7F")]
    [InlineData(128, "8001")]
    [InlineData(300, "AC02")]           // the example of the Protocol Buffers documentation is 150 = 9601
    [InlineData(150, "9601")]
    public void A_frame_is_its_length_and_its_content_wherever_it_is_cut(int length, string prefix)
    {
        FrameCodec<ReadOnlySequence<byte>> codec = Codecs.VarintPrefixed();
        string content = new('x', length);
        byte[] bytes = [.. Convert.FromHexString(prefix), .. Latin1(content)];
        Assert.Equal(bytes, Encode(codec, Sequence(content)));
        Expect(codec, bytes, content);
        Refuse<ProtocolException, ReadOnlySequence<byte>>(codec, bytes.Length > 1 ? bytes[..^1] : [0x80]);
    }

    [Theory]
    [InlineData(16383, 2)]
    [InlineData(16384, 3)]
    [InlineData(2097151, 3)]
    [InlineData(2097152, 4)]
    public void A_longer_length_takes_a_byte_more(int length, int prefixSize)
    {
        FrameCodec<ReadOnlySequence<byte>> codec = Codecs.VarintPrefixed(int.MaxValue);
        byte[] bytes = Encode(codec, new ReadOnlySequence<byte>(new byte[length]));
        Assert.Equal(prefixSize + length, bytes.Length);
        Assert.Equal([new string('\0', length)], Feed(codec, bytes, 1, 2, 3));
    }

    [Fact]
    public void The_limit_needs_only_the_prefix()
    {
        FrameCodec<ReadOnlySequence<byte>> codec = Codecs.VarintPrefixed(128);
        string largest = new('x', 128);
        Expect(codec, Encode(codec, Sequence(largest[1..]), Sequence(largest)), largest[1..], largest);
        RefuseToEncode(codec, Sequence(largest + "x"));
        Refuse<FrameTooLargeException, ReadOnlySequence<byte>>(codec, [0x81, 0x01], e => Assert.Equal((128, 129), (e.Limit, e.Size)));
    }

    [Theory]
    [InlineData("8080808008", 0x80000000L)]                 // one more than an int
    [InlineData("FFFFFFFFFFFFFFFF7F", long.MaxValue)]
    [InlineData("80808080808080808001", null)]              // 2^63
    [InlineData("FFFFFFFFFFFFFFFFFF01", null)]              // 2^64 - 1
    public void A_large_length_does_not_overflow(string prefix, long? size) =>
        Refuse<FrameTooLargeException, ReadOnlySequence<byte>>(
            Codecs.VarintPrefixed(int.MaxValue), Convert.FromHexString(prefix), e => Assert.Equal(size, e.Size));

    [Theory]
    [InlineData("FFFFFFFFFFFFFFFFFF02")]                    // 65 bits
    [InlineData("FFFFFFFFFFFFFFFFFF81")]                    // more than ten bytes
    [InlineData("80808080808080808080")]
    [InlineData("8000")]                                    // zero in two bytes
    [InlineData("818000")]                                  // one in three
    [InlineData("80808080808080808000")]                    // zero in ten
    public void A_length_that_no_writer_writes_is_refused_at_once(string prefix)
    {
        byte[] bytes = Convert.FromHexString(prefix);
        Assert.True(AsksForMore(Codecs.VarintPrefixed(), bytes[..^1]));
        Assert.Throws<ProtocolException>(() => AsksForMore(Codecs.VarintPrefixed(), bytes));
        Refuse<ProtocolException, ReadOnlySequence<byte>>(Codecs.VarintPrefixed(), bytes);
    }

    [Fact]
    public void Arguments_are_checked()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Codecs.VarintPrefixed(0));
        Assert.Throws<ArgumentNullException>(() => Codecs.VarintPrefixed().Encode(default, null!));
        Assert.Equal(Codecs.DefaultMaxFrameSize, Codecs.VarintPrefixed().MaxFrameSize);
    }
}
