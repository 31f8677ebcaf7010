using System.Buffers;
using System.Runtime.InteropServices;
using static Sockeye.Tests.Framing.Decoding;

namespace Sockeye.Tests.Framing;

public class CobsCodecTests
{
    private static FrameCodec<ReadOnlySequence<byte>> Cobs { get; } = Codecs.Cobs();

    /// <summary>The encoding of the paper's section on the algorithm: a block ends at a zero or after 254 bytes.</summary>
    [Theory]
    [InlineData("", "01 00")]
    [InlineData("00", "01 01 00")]
    [InlineData("00 00", "01 01 01 00")]
    [InlineData("11 22 00 33", "03 11 22 02 33 00")]
    [InlineData("11 22 33 44", "05 11 22 33 44 00")]
    [InlineData("11 00 00 00", "02 11 01 01 01 00")]
    [InlineData("00 11 00", "01 02 11 01 00")]
    [InlineData("45 00 00 2C 4C 79 00 00 40 06 4F 37", "02 45 01 04 2C 4C 79 01 05 40 06 4F 37 00")]
    public void Frames_are_blocks_and_a_zero(string content, string wire)
    {
        byte[] frame = Bytes(content);
        Assert.Equal(Bytes(wire), Encode(Cobs, new ReadOnlySequence<byte>(frame)));
        Assert.Equal(Bytes(wire), Encode(Cobs, Sequences.ByteByByte(frame)));
        Expect(Cobs, Bytes(wire), Text(new ReadOnlySequence<byte>(frame)));
    }

    [Theory]
    [InlineData(253, "", "FE")]
    [InlineData(254, "", "FF")]
    [InlineData(254, "00", "FF", "01 01")]
    [InlineData(254, "78", "FF", "02 78")]
    [InlineData(253, "00", "FE", "01")]
    public void A_block_has_up_to_254_bytes(int count, string more, string code, string rest = "")
    {
        byte[] content = [.. Enumerable.Repeat((byte)'x', count), .. Bytes(more)];
        byte[] wire = [.. Bytes(code), .. content[..count], .. Bytes(rest), 0];
        Assert.Equal(wire, Encode(Cobs, new ReadOnlySequence<byte>(content)));
        Expect(Cobs, wire, Text(new ReadOnlySequence<byte>(content)));
    }

    [Fact]
    public void An_empty_block_behind_the_longest_is_read_though_not_written()
    {
        string content = new('x', 254);
        Expect(Codecs.Cobs(254), Latin1("\xFF" + content + "\x01\0"), content);
        Refuse<FrameTooLargeException, ReadOnlySequence<byte>>(Codecs.Cobs(254), Latin1("\xFF" + content + "\x02x\0"));
    }

    [Fact]
    public void Zeros_in_a_row_are_one_and_are_dropped_as_they_come()
    {
        Expect(Cobs, Latin1("\0\0\x02x\0\0\0\x01\0\0"), "x", "");
        ReadOnlySequence<byte> input = Sequence("\0\0\x02");
        Assert.False(Cobs.TryDecode(ref input, out _));
        Assert.Equal("\x02", Text(input));
    }

    [Fact]
    public void Only_a_frame_of_several_blocks_is_copied()
    {
        byte[] wire = [3, 11, 22, 0, 1, 1, 0];
        ReadOnlySequence<byte> input = new(wire);
        Assert.True(Cobs.TryDecode(ref input, out ReadOnlySequence<byte> single));
        Assert.True(SequenceMarshal.TryGetArray(single, out ArraySegment<byte> segment));
        Assert.Same(wire, segment.Array);
        Assert.True(Cobs.TryDecode(ref input, out ReadOnlySequence<byte> several));
        Assert.True(SequenceMarshal.TryGetArray(several, out segment));
        Assert.Equal([0], segment.Array);
    }

    /// <summary>What the stuffing adds at most, and what a peer may make the reader keep.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(253)]
    [InlineData(254)]
    [InlineData(255)]
    [InlineData(508)]
    [InlineData(1000)]
    public void The_overhead_is_two_bytes_and_one_for_each_254(int limit)
    {
        FrameCodec<ReadOnlySequence<byte>> codec = Codecs.Cobs(limit);
        string longest = new('x', limit);
        byte[] wire = Encode(codec, Sequence(longest));
        Assert.InRange(wire.Length, limit + 2, limit + 2 + (limit / 254));
        Assert.Equal([longest], Feed(codec, wire, 1, limit));
        byte[] endless = [.. Enumerable.Repeat((byte)0xFF, limit + (limit / 254) + 2)];
        Assert.Throws<FrameTooLargeException>(() => AsksForMore(codec, endless));
        Assert.True(AsksForMore(codec, endless[1..]));
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
