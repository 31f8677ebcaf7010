using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using static Sockeye.Tests.Framing.Decoding;

namespace Sockeye.Tests.Framing;

public class RespCodecTests
{
    private static Gen<string> Values { get; } = Gen.Sized(Value);

    [Theory]
    [InlineData("+OK\r\n")]
    [InlineData("+\r\n")]
    [InlineData("-ERR unknown command\r\n")]
    [InlineData(":0\r\n")]
    [InlineData(":-9223372036854775808\r\n")]
    [InlineData(":+7\r\n")]
    [InlineData("$0\r\n\r\n")]
    [InlineData("$6\r\na\r\nb\r\n\r\n")]
    [InlineData("$-1\r\n")]
    [InlineData("*-1\r\n")]
    [InlineData("*0\r\n")]
    [InlineData("*3\r\n:1\r\n*2\r\n+a\r\n-b\r\n$1\r\nx\r\n")]
    [InlineData("_\r\n")]
    [InlineData("#t\r\n")]
    [InlineData("#f\r\n")]
    [InlineData(",1.23e-7\r\n")]
    [InlineData(",inf\r\n")]
    [InlineData(",-inf\r\n")]
    [InlineData(",nan\r\n")]
    [InlineData("(-3492890328409238509324850943850943825024385\r\n")]
    [InlineData("!21\r\nSYNTAX invalid syntax\r\n")]
    [InlineData("=15\r\ntxt:Some string\r\n")]
    [InlineData("=4\r\nmkd:\r\n")]
    [InlineData("%2\r\n+a\r\n:1\r\n+b\r\n*1\r\n:2\r\n")]
    [InlineData("%0\r\n")]
    [InlineData("~2\r\n:1\r\n:2\r\n")]
    [InlineData(">3\r\n+message\r\n+channel\r\n$2\r\nhi\r\n")]
    [InlineData("|1\r\n+ttl\r\n:3600\r\n*1\r\n:1\r\n")]
    [InlineData("*2\r\n|1\r\n+a\r\n+b\r\n:1\r\n:2\r\n")]
    [InlineData("|0\r\n|1\r\n+a\r\n|0\r\n+b\r\n+value\r\n")]
    [InlineData("PING\r\n")]
    [InlineData("set key \"a value\"\n")]
    [InlineData("\r\n")]
    public void A_value_is_a_frame_with_all_that_is_in_it(string value)
    {
        Expect(Codecs.Resp(), Latin1(value), value);
        Expect(Codecs.Resp(), Latin1(value + ":5\r\n" + value), value, ":5\r\n", value);
        Assert.Equal([value, value], Cut(Codecs.Resp(), value + value, Enumerable.Repeat(1, 2 * value.Length)));
        Assert.Equal(Latin1(value), Encode(Codecs.Resp(), Sequence(value)));
    }

    [Fact]
    public void Values_of_any_shape_are_cut_out_of_pieces_of_any_size() =>
        Prop.ForAll(Values.NonEmptyListOf().ToArbitrary(), Gen.Choose(1, 40).NonEmptyListOf().ToArbitrary(), (values, sizes) =>
        {
            string stream = string.Concat(values);
            IEnumerable<int> endless = Enumerable.Range(0, int.MaxValue).Select(index => sizes[index % sizes.Count]);
            return values.SequenceEqual(Cut(Codecs.Resp(), stream, endless)) && values.SequenceEqual(Whole(Codecs.Resp(), Sequence(stream)));
        }).Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(200));

    /// <summary>Text of the protocol with some bytes changed: cut or whole, the same comes out.</summary>
    [Fact]
    public void Damaged_values_are_frames_or_the_peers_fault() =>
        Prop.ForAll(Values.NonEmptyListOf().ToArbitrary(), Gen.Choose(0, int.MaxValue).ArrayOf().ToArbitrary(), (values, damages) =>
        {
            byte[] bytes = Latin1(string.Concat(values));
            foreach (int damage in damages.Take(3))
                bytes[damage % bytes.Length] = (byte)"\r\n0123456789$*+-:?x%|"[damage / 7 % 21];
            return Outcome(bytes, []) == Outcome(bytes, Enumerable.Range(1, bytes.Length)) && Outcome(bytes, []) == Outcome(bytes, damages);
        }).Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(500));

    [Fact]
    public void Depth_costs_no_stack_and_no_time()
    {
        const int Depth = 50_000;
        string deep = string.Concat(Enumerable.Repeat("*1\r\n", Depth)) + "_\r\n";
        Assert.Equal([deep], Whole(Codecs.Resp(), Sequence(deep)));
        Assert.Equal([deep], Cut(Codecs.Resp(), deep, Enumerable.Repeat(1, deep.Length)));
    }

    /// <summary>Whatever has come, at most one value's head, or a line that has not ended, is looked at again.</summary>
    [Theory]
    [InlineData("*10000\r\n", ":1\r\n", 10_000)]
    [InlineData("*2\r\n$60000\r\n", "\r\nabcdefgh", 5_000)]
    public void What_has_come_is_not_gone_through_again(string begin, string piece, int count)
    {
        byte[] bytes = Latin1(begin + string.Concat(Enumerable.Repeat(piece, count)));
        FrameProgress progress = default;
        for (int length = 1; length < bytes.Length; length++)
        {
            ReadOnlySequence<byte> input = new(bytes, 0, length);
            Assert.False(Codecs.Resp().TryResume(ref input, ref progress, out _));
            progress.Searched = length;
            Assert.True(progress.Position > length - RespScanner.NumberLineMax || (begin.Contains('$', StringComparison.Ordinal) && progress.Position <= begin.Length));
        }
    }

    [Fact]
    public void A_long_line_is_searched_once()
    {
        FrameProgress progress = new() { Searched = 5 };
        ReadOnlySequence<byte> input = Sequence("+a\r\nbc\r");
        Assert.False(Codecs.Resp().TryResume(ref input, ref progress, out _));
    }

    [Theory]
    [InlineData("$101\r\n", 101L)]
    [InlineData("$93\r\n", 100L)]               // fits by itself, but not with what is around it
    [InlineData("*34\r\n", null)]               // no value has less than three bytes
    [InlineData("%17\r\n", null)]
    [InlineData("*1\r\n$89\r\n", null)]
    [InlineData("*9223372036854775807\r\n", null)]
    [InlineData("*99999999999999999999\r\n", null)]
    [InlineData("$99999999999999999999\r\n", null)]
    [InlineData("|9223372036854775807\r\n", null)]
    public void What_says_that_it_is_too_large_is_refused_before_it_comes(string begin, long? size) =>
        Refuse<FrameTooLargeException, ReadOnlySequence<byte>>(Codecs.Resp(99), Latin1(begin), e => Assert.True(e.Limit == 99 && (e.Size == size || begin.StartsWith('*'))));

    /// <summary>The frames of a stream that comes in pieces of these sizes, as a view or a replay looks at it.</summary>
    internal static List<string> Cut(FrameCodec<ReadOnlySequence<byte>> codec, string stream, IEnumerable<int> sizes)
    {
        FrameCutter cutter = new(codec);
        byte[] bytes = Latin1(stream);
        List<string> frames = [];
        int offset = 0;
        foreach (int size in sizes)
        {
            if (offset == bytes.Length)
                break;
            ReadOnlySpan<byte> piece = bytes.AsSpan(offset, Math.Min(size, bytes.Length - offset));
            cutter.Add(piece);
            offset += piece.Length;
            while (cutter.TryRead(out ReadOnlySequence<byte> frame, out _))
                frames.Add(Text(frame));
        }

        while (cutter.TryReadEnd(out ReadOnlySequence<byte> frame, out _))
            frames.Add(Text(frame));
        return frames;
    }

    private static (string Frames, string? Problem) Outcome(byte[] bytes, IEnumerable<int> cuts)
    {
        List<string> frames = [];
        FrameCutter cutter = new(Codecs.Resp(60));
        try
        {
            foreach (ReadOnlyMemory<byte> piece in Sequences.Chunks(bytes, cuts))
            {
                cutter.Add(piece.Span);
                while (cutter.TryRead(out ReadOnlySequence<byte> frame, out _))
                    frames.Add(Text(frame));
            }

            return (string.Join('|', frames), null);
        }
        catch (ProtocolException e)
        {
            return (string.Join('|', frames), e.Message);
        }
    }

    private static Gen<string> Value(int size)
    {
        Gen<string> leaf = Gen.Elements("+OK\r\n", "-ERR\r\n", ":12\r\n", "$-1\r\n", "$0\r\n\r\n", "$5\r\n\r\n*1\r\r\n", "_\r\n", "#t\r\n", ",1.5\r\n", "(99\r\n", "=6\r\ntxt:hi\r\n", "!3\r\nERR\r\n");
        if (size <= 1)
            return leaf;
        Gen<string> inner = Value(size / 3);
        return Gen.OneOf(
            leaf,
            Gen.Choose(0, 4).SelectMany(count => Gen.Elements("*", "~", ">").Zip(inner.ArrayOf(count), (type, values) => $"{type}{count}\r\n{string.Concat(values)}")),
            Gen.Choose(0, 2).SelectMany(count => inner.ArrayOf(2 * count).Select(values => $"%{count}\r\n{string.Concat(values)}")),
            Gen.Choose(0, 2).SelectMany(count => inner.ArrayOf((2 * count) + 1).Select(values => $"|{count}\r\n{string.Concat(values)}")));
    }
}
