using System.Buffers;
using System.Runtime.InteropServices;
using static Sockeye.Tests.Framing.Decoding;

namespace Sockeye.Tests.Framing;

public class SlipCodecTests
{
    private static FrameCodec<ReadOnlySequence<byte>> Slip { get; } = Codecs.Slip();

    /// <summary>RFC 1055, "Protocol": END is 192, ESC 219; ESC 220 stands for END, ESC 221 for ESC.</summary>
    [Fact]
    public void Special_bytes_are_escaped()
    {
        byte[] frame = [1, 192, 219, 220, 221, 2];
        byte[] wire = [192, 1, 219, 220, 219, 221, 220, 221, 2, 192];
        Assert.Equal(wire, Encode(Slip, new ReadOnlySequence<byte>(frame)));
        Expect(Slip, wire, Text(new ReadOnlySequence<byte>(frame)));
    }

    [Theory]
    [InlineData("a\xC0")]                                   // without an END in front, as many programs write it
    [InlineData("\xC0\xC0\xC0" + "a\xC0\xC0\xC0")]
    public void Ends_in_a_row_are_one(string stream) => Expect(Slip, Latin1(stream), "a");

    [Fact]
    public void The_fill_of_an_idle_line_is_dropped_as_it_comes()
    {
        ReadOnlySequence<byte> input = Sequence("\xC0\xC0\xC0");
        Assert.False(Slip.TryDecode(ref input, out _));
        Assert.True(input.IsEmpty);
        input = Sequence("\xC0\xC0part");
        Assert.False(Slip.TryDecode(ref input, out _));
        Assert.Equal("part", Text(input));
    }

    [Fact]
    public void Only_a_frame_with_escapes_is_copied()
    {
        byte[] wire = [.. "plain"u8, 192, 219, 220, 192];
        ReadOnlySequence<byte> input = new(wire);
        Assert.True(Slip.TryDecode(ref input, out ReadOnlySequence<byte> plain));
        Assert.True(SequenceMarshal.TryGetArray(plain, out ArraySegment<byte> segment));
        Assert.Same(wire, segment.Array);
        Assert.True(Slip.TryDecode(ref input, out ReadOnlySequence<byte> escaped));
        Assert.True(SequenceMarshal.TryGetArray(escaped, out segment));
        Assert.Equal([192], segment.Array);
    }

    [Fact]
    public void Escapes_do_not_count()
    {
        FrameCodec<ReadOnlySequence<byte>> codec = Codecs.Slip(4);
        string longest = new('\xDB', 4);
        Expect(codec, Encode(codec, Sequence(longest)), longest);
        Assert.True(AsksForMore(codec, Latin1("\xDB\xDD\xDB\xDD\xDB\xDD\xDB\xDD")));
        Assert.Throws<FrameTooLargeException>(() => AsksForMore(codec, Latin1("\xDB\xDD\xDB\xDD\xDB\xDD\xDB\xDD\xDB")));
        Refuse<FrameTooLargeException, ReadOnlySequence<byte>>(codec, Latin1("\xDB\xDD\xDB\xDD\xDB\xDD\xDB\xDDx\xC0"));
        Refuse<FrameTooLargeException, ReadOnlySequence<byte>>(codec, Latin1("xxx\xDB\xDDy\xC0"));
    }
}
