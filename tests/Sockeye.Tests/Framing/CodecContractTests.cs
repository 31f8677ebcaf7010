using System.Buffers;
using System.IO.Pipelines;
using FsCheck;
using FsCheck.Fluent;
using static Sockeye.Tests.Framing.Decoding;

namespace Sockeye.Tests.Framing;

/// <summary>What holds for every codec: the same questions to each line of <see cref="CodecCase.All"/>.</summary>
public class CodecContractTests
{
    /// <summary>Small, so that random bytes reach it.</summary>
    private const int Limit = 40;

    public static TheoryData<string> Names => [.. CodecCase.All.Keys];

    public static TheoryData<string> LimitedNames => [.. CodecCase.All.Values.Where(each => each.HasLimit).Select(each => each.Text)];

    public static TheoryData<string> SparingNames => [.. CodecCase.All.Values.Where(each => !each.AllocatesForItsHead).Select(each => each.Text)];

    private static Config Quiet { get; } = Config.QuickThrowOnFailure.WithQuietOnSuccess(true);

    /// <summary>Bytes that mean something to some codec are common, any byte is possible.</summary>
    private static Gen<byte> Bytes { get; } = Gen.OneOf(
        Gen.Elements("\r\n\0\x01\x04\x08\x80\xC0\xDB\xDC\xDD\xFF0123:,{}[]\" abaab".Append((char)Limit).Append((char)(Limit + 1)).Select(each => (byte)each).ToArray()),
        Gen.Choose(0, 255).Select(value => (byte)value));

    private static Arbitrary<int[]> Cuts { get; } = Gen.Choose(0, int.MaxValue).ArrayOf().ToArbitrary();

    [Theory]
    [MemberData(nameof(Names))]
    public void Frames_are_written_as_the_wire_picture_shows(string name)
    {
        CodecCase each = CodecCase.All[name];
        Assert.Equal(Convert.ToHexString(each.WireBytes), Convert.ToHexString(Encode(each.Codec(Limit), each.Frames.Select(Sequence))));
        Assert.Equal(each.WireBytes, Encode(each.Codec(Limit), each.Frames.Select(frame => Sequences.ByteByByte(Latin1(frame)))));
    }

    /// <summary>Whole, byte by byte, and with one or two cuts anywhere: as they arrive, and within one sequence.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Frames_are_read_wherever_they_are_cut(string name)
    {
        CodecCase each = CodecCase.All[name];
        FrameCodec<ReadOnlySequence<byte>> codec = each.Codec(Limit);
        byte[] wire = each.WireBytes;
        Expect(codec, wire, each.Frames);
        for (int first = 0; first <= wire.Length; first++)
        {
            for (int second = first; second <= wire.Length; second++)
            {
                Assert.Equal(each.Frames, Feed(codec, wire, first, second));
                Assert.Equal(each.Frames, Whole(codec, Sequences.Split(wire, first, second)));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Random_frames_are_read_as_they_were_written(string name)
    {
        CodecCase each = CodecCase.All[name];
        FrameCodec<ReadOnlySequence<byte>> codec = each.Codec(Limit);
        Arbitrary<string[]> frames = Bytes.ArrayOf()
            .Select(bytes => each.Adapt(Text(new ReadOnlySequence<byte>([.. bytes.Take(Limit)])))).ArrayOf().ToArbitrary();
        Prop.ForAll(frames, Cuts, (frames, cuts) =>
        {
            byte[] wire = Encode(codec, frames.Select(frame => Sequences.Split(Latin1(frame), cuts)));
            return frames.SequenceEqual(Feed(codec, wire, cuts)) && frames.SequenceEqual(Whole(codec, new ReadOnlySequence<byte>(wire)));
        }).Check(Quiet.WithMaxTest(200));
    }

    /// <summary>Cut or whole, the outcome is the same; <see cref="Feed{T}(FrameCodec{T}, byte[], IEnumerable{int})"/> holds that it ends.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Random_bytes_are_frames_within_the_limit_or_the_peers_fault(string name)
    {
        FrameCodec<ReadOnlySequence<byte>> codec = CodecCase.All[name].Codec(Limit);
        Prop.ForAll(Bytes.ArrayOf().ToArbitrary(), Cuts, (bytes, cuts) =>
        {
            (string[] frames, string? problem) = Outcome(codec, bytes, []);
            (string[] cutFrames, string? cutProblem) = Outcome(codec, bytes, cuts);
            return frames.SequenceEqual(cutFrames) && problem == cutProblem && frames.All(frame => frame.Length <= codec.MaxFrameSize);
        }).Check(Quiet.WithMaxTest(500));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Malformed_bytes_are_the_peers_fault_before_the_stream_ends(string name)
    {
        CodecCase each = CodecCase.All[name];
        foreach (string malformed in each.Malformed)
        {
            Refuse<ProtocolException, ReadOnlySequence<byte>>(each.Codec(Limit), Latin1(malformed), e => Assert.IsNotType<FrameTooLargeException>(e));
            ReadOnlySequence<byte> input = Sequence(malformed);
            Assert.Throws<ProtocolException>(() =>
            {
                while (each.Codec(Limit).TryDecode(ref input, out _))
                {
                }
            });
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_stream_that_ends_within_a_frame_is_the_peers_fault(string name)
    {
        CodecCase each = CodecCase.All[name];
        byte[] wire = Encode(each.Codec(Limit), Sequence(each.Frames[0]));
        for (int size = each.Fill + 1; size < wire.Length; size++)
        {
            if (!each.LastMayLackItsEnd)
                Refuse<ProtocolException, ReadOnlySequence<byte>>(each.Codec(Limit), wire[..size]);
        }

        Assert.Empty(Feed(each.Codec(Limit), wire[..each.Fill]));
        if (each.LastMayLackItsEnd)
            Expect(each.Codec(Limit), Latin1(each.Frames[0]), each.Frames[0]);
    }

    [Theory]
    [MemberData(nameof(LimitedNames))]
    public void The_limit_passes_and_one_byte_more_does_not(string name)
    {
        CodecCase each = CodecCase.All[name];
        string longest = each.FrameOf(Limit);
        FrameCodec<ReadOnlySequence<byte>> codec = each.Codec(Limit);
        Assert.Equal(Limit, codec.MaxFrameSize);
        Expect(codec, Encode(codec, Sequence(longest), Sequence(longest)), longest, longest);

        string tooLong = each.FrameOf(Limit + 1);
        RefuseToEncode(codec, Sequence(tooLong));
        Refuse<FrameTooLargeException, ReadOnlySequence<byte>>(
            codec, Encode(each.Codec(Limit + 1), Sequence(tooLong)), e => Assert.Equal(Limit, e.Limit));
    }

    /// <summary>A peer that never ends its frame makes nobody keep more than a small multiple of the limit.</summary>
    [Theory]
    [MemberData(nameof(LimitedNames))]
    public void Without_an_end_a_frame_is_refused_at_last(string name)
    {
        CodecCase each = CodecCase.All[name];
        byte[] endless = Encode(each.Codec(4 * Limit), Sequence(each.FrameOf(4 * Limit)))[..(3 * Limit)];
        Assert.Throws<FrameTooLargeException>(() => AsksForMore(each.Codec(Limit), endless));
    }

    [Theory]
    [MemberData(nameof(LimitedNames))]
    public void A_frame_over_the_limit_is_refused_without_its_memory(string name)
    {
        const int Large = 1 << 20;
        CodecCase each = CodecCase.All[name];
        if (each.Codec(Large).MaxFrameSize != Large)
            return;     // a short prefix cannot say as much
        ReadOnlySequence<byte> wire = new(Encode(each.Codec(2 * Large), Sequence(each.FrameOf(Large + 1))));
        FrameCodec<ReadOnlySequence<byte>> codec = each.Codec(Large);
        Assert.Throws<FrameTooLargeException>(Decode);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<FrameTooLargeException>(Decode);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Large / 10);

        void Decode()
        {
            ReadOnlySequence<byte> input = wire;
            codec.TryDecode(ref input, out _);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_frame_that_would_be_read_differently_is_refused_and_nothing_is_written(string name)
    {
        CodecCase each = CodecCase.All[name];
        foreach (string unwritable in each.Unwritable)
        {
            RefuseToEncode(each.Codec(Limit), Sequence(unwritable));
            RefuseToEncode(each.Codec(Limit), Sequences.ByteByByte(Latin1(unwritable)));
        }

        Assert.Throws<ArgumentNullException>(() => each.Codec(Limit).Encode(Sequence(each.Frames[0]), null!));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Many_frames_stand_in_one_buffer(string name)
    {
        CodecCase each = CodecCase.All[name];
        string[] frames = [.. Enumerable.Repeat(each.Frames, 500).SelectMany(all => all)];
        byte[] wire = Encode(each.Codec(Limit), frames.Select(Sequence));
        Assert.Equal(frames, Whole(each.Codec(Limit), new ReadOnlySequence<byte>(wire)));
        Assert.Equal(frames, Whole(each.Codec(Limit), Sequences.ByteByByte(wire)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_reader_gives_out_frames_that_come_byte_by_byte(string name)
    {
        CodecCase each = CodecCase.All[name];
        Pipe pipe = new();
        FrameReader<ReadOnlySequence<byte>> reader = new(pipe.Reader, each.Codec(Limit));
        Task writing = WriteAsync();
        List<string> frames = [];
        await foreach (ReadOnlySequence<byte> frame in reader.ReadAllAsync())
            frames.Add(Text(frame));
        await writing;
        Assert.Equal(each.Frames, frames);

        async Task WriteAsync()
        {
            foreach (byte value in each.WireBytes)
                await pipe.Writer.WriteAsync(new[] { value });
            await pipe.Writer.CompleteAsync();
        }
    }

    /// <summary>What was searched is not searched again: an end that stands there is not found.</summary>
    [Theory]
    [InlineData("lines", "11", "\n")]
    [InlineData("jsonl", "11", "\n")]
    [InlineData("delimiter:%00", "11", "\0")]
    [InlineData("delimiter:abaab", "11", "abaab")]
    [InlineData("slip", "11", "\xC0")]
    [InlineData("cobs", "\x02" + "1", "\0")]
    public void Only_new_bytes_are_searched(string name, string begin, string end)
    {
        FrameCodec<ReadOnlySequence<byte>> codec = CodecCase.All[name].Codec(Limit);
        ReadOnlySequence<byte> input = Sequence(begin + end + "222222");
        Assert.False(codec.TryDecode(ref input, input.Length - 1, out _));
        Assert.True(codec.TryDecode(ref input, 2, out _));
    }

    [Theory]
    [MemberData(nameof(SparingNames))]
    public void Decoding_allocates_nothing(string name)
    {
        CodecCase each = CodecCase.All[name];
        FrameCodec<ReadOnlySequence<byte>> codec = each.Codec(Limit);
        ReadOnlySequence<byte> wire = new(Encode(codec, Enumerable.Repeat(Sequence(name is "fixed:3" ? "xyz" : each.FrameOf(20)), 1000)));

        // The runtime allocates now and then on its own account, as when it compiles a method anew: what frames allocate is in every round.
        long least = long.MaxValue;
        for (int round = 0; round < 5; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            ReadOnlySequence<byte> input = wire;
            int count = 0;
            while (codec.TryDecode(ref input, out _))
                count++;
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            Assert.Equal(1000, count);
        }

        Assert.Equal(0, least);
    }

    private static (string[] Frames, string? Problem) Outcome(FrameCodec<ReadOnlySequence<byte>> codec, byte[] bytes, int[] cuts)
    {
        List<string> frames = [];
        try
        {
            Feed(codec, frames, Sequences.Chunks(bytes, cuts));
            return ([.. frames], null);
        }
        catch (ProtocolException e)
        {
            return ([.. frames], e.Message);
        }
    }
}
