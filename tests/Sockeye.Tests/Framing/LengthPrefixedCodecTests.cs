using System.Buffers;
using static Sockeye.Tests.Framing.Decoding;

namespace Sockeye.Tests.Framing;

public class LengthPrefixedCodecTests
{
    [Theory]
    [InlineData(1, ByteOrder.BigEndian, false, "02")]
    [InlineData(1, ByteOrder.BigEndian, true, "03")]
    [InlineData(1, ByteOrder.LittleEndian, false, "02")]
    [InlineData(1, ByteOrder.LittleEndian, true, "03")]
    [InlineData(2, ByteOrder.BigEndian, false, "0002")]
    [InlineData(2, ByteOrder.LittleEndian, false, "0200")]
    [InlineData(2, ByteOrder.BigEndian, true, "0004")]
    [InlineData(2, ByteOrder.LittleEndian, true, "0400")]
    [InlineData(4, ByteOrder.BigEndian, false, "00000002")]
    [InlineData(4, ByteOrder.BigEndian, true, "00000006")]
    [InlineData(4, ByteOrder.LittleEndian, false, "02000000")]
    [InlineData(4, ByteOrder.LittleEndian, true, "06000000")]
    [InlineData(8, ByteOrder.BigEndian, false, "0000000000000002")]
    [InlineData(8, ByteOrder.LittleEndian, false, "0200000000000000")]
    [InlineData(8, ByteOrder.BigEndian, true, "000000000000000A")]
    [InlineData(8, ByteOrder.LittleEndian, true, "0A00000000000000")]
    public void A_frame_is_its_length_and_its_content_wherever_it_is_cut(int prefixSize, ByteOrder order, bool countsItself, string prefix)
    {
        FrameCodec<ReadOnlySequence<byte>> codec = Codecs.LengthPrefixed(prefixSize, order, countsItself);
        byte[] bytes = [.. Convert.FromHexString(prefix), .. "hi"u8];
        Assert.Equal(bytes, Encode(codec, Sequence("hi")));
        Assert.Equal(bytes, Encode(codec, Sequences.ByteByByte(Latin1("hi"))));
        Expect(codec, bytes, "hi");
        Expect(codec, Encode(codec, Sequence("hi"), default, Sequence("there")), "hi", "", "there");
        Refuse<ProtocolException, ReadOnlySequence<byte>>(codec, [.. bytes, .. bytes[..^1]]);
        if (prefixSize > 1)
            Refuse<ProtocolException, ReadOnlySequence<byte>>(codec, [.. bytes, .. bytes[..(prefixSize - 1)]]);
    }

    [Theory]
    [InlineData(1, ByteOrder.BigEndian)]
    [InlineData(1, ByteOrder.LittleEndian)]
    [InlineData(2, ByteOrder.BigEndian)]
    [InlineData(2, ByteOrder.LittleEndian)]
    [InlineData(4, ByteOrder.BigEndian)]
    [InlineData(4, ByteOrder.LittleEndian)]
    [InlineData(8, ByteOrder.BigEndian)]
    [InlineData(8, ByteOrder.LittleEndian)]
    public void The_limit_is_the_contents_and_needs_only_the_prefix(int prefixSize, ByteOrder order)
    {
        foreach (bool countsItself in new[] { false, true })
        {
            FrameCodec<ReadOnlySequence<byte>> codec = Codecs.LengthPrefixed(prefixSize, order, countsItself, maxFrameSize: 5);
            FrameCodec<ReadOnlySequence<byte>> larger = Codecs.LengthPrefixed(prefixSize, order, countsItself, maxFrameSize: 6);
            Expect(codec, Encode(codec, Sequence("1234"), Sequence("12345")), "1234", "12345");
            RefuseToEncode(codec, Sequence("123456"));
            byte[] prefix = Encode(larger, Sequence("123456"))[..prefixSize];
            Refuse<FrameTooLargeException, ReadOnlySequence<byte>>(codec, prefix, e => Assert.Equal((5, 6), (e.Limit, e.Size)));
        }
    }

    [Theory]
    [InlineData("7FFFFFFF80000000", long.MaxValue - 0x7FFFFFFFL)]
    [InlineData("7FFFFFFFFFFFFFFF", long.MaxValue)]
    [InlineData("8000000000000000", null)]
    [InlineData("FFFFFFFFFFFFFFFF", null)]
    public void A_length_of_eight_bytes_does_not_overflow(string prefix, long? size)
    {
        byte[] bytes = Convert.FromHexString(prefix);
        Refuse<FrameTooLargeException, ReadOnlySequence<byte>>(Codecs.LengthPrefixed(8, maxFrameSize: int.MaxValue), bytes, e => Assert.Equal(size, e.Size));
        Refuse<FrameTooLargeException, ReadOnlySequence<byte>>(Codecs.LengthPrefixed(8, lengthCountsItself: true, maxFrameSize: int.MaxValue), bytes);
    }

    [Fact]
    public void The_largest_limits_ask_for_more_and_allocate_nothing()
    {
        Assert.True(AsksForMore(Codecs.LengthPrefixed(4, maxFrameSize: int.MaxValue), [0x7F, 0xFF, 0xFF, 0xFF]));
        Refuse<FrameTooLargeException, ReadOnlySequence<byte>>(Codecs.LengthPrefixed(4, maxFrameSize: int.MaxValue), [0x80, 0, 0, 0]);
        Assert.True(AsksForMore(Codecs.LengthPrefixed(8, maxFrameSize: int.MaxValue), [0, 0, 0, 0, 0x7F, 0xFF, 0xFF, 0xFF]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void A_length_that_counts_itself_is_never_smaller_than_itself(int prefixSize)
    {
        FrameCodec<ReadOnlySequence<byte>> codec = Codecs.LengthPrefixed(prefixSize, ByteOrder.LittleEndian, lengthCountsItself: true);
        for (byte length = 0; length < prefixSize; length++)
            Refuse<ProtocolException, ReadOnlySequence<byte>>(codec, [length, .. new byte[prefixSize - 1]]);
        Expect(codec, [(byte)prefixSize, .. new byte[prefixSize - 1]], "");
    }

    [Theory]
    [InlineData(1, false, 255)]
    [InlineData(1, true, 254)]
    [InlineData(2, false, 65535)]
    [InlineData(2, true, 65533)]
    [InlineData(4, false, Codecs.DefaultMaxFrameSize)]
    public void The_limit_is_lowered_to_what_the_prefix_can_say(int prefixSize, bool countsItself, int limit)
    {
        FrameCodec<ReadOnlySequence<byte>> codec = Codecs.LengthPrefixed(prefixSize, lengthCountsItself: countsItself);
        Assert.Equal(limit, codec.MaxFrameSize);
        string largest = new('x', limit);
        Assert.Equal([largest], Feed(codec, Encode(codec, Sequence(largest))));
        RefuseToEncode(codec, Sequence(largest + "x"));
    }

    [Fact]
    public void Arguments_are_checked()
    {
        foreach (int prefixSize in new[] { -1, 0, 3, 5, 16 })
            Assert.Throws<ArgumentOutOfRangeException>(() => Codecs.LengthPrefixed(prefixSize));
        Assert.Throws<ArgumentOutOfRangeException>(() => Codecs.LengthPrefixed(byteOrder: (ByteOrder)2));
        Assert.Throws<ArgumentOutOfRangeException>(() => Codecs.LengthPrefixed(maxFrameSize: 0));
        Assert.Throws<ArgumentNullException>(() => Codecs.LengthPrefixed().Encode(default, null!));
    }
}
