using System.Buffers;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using static Sockeye.Tests.Framing.Decoding;

namespace Sockeye.Tests.Framing;

/// <summary>What holds for every codec, tried with random frames, random cuts and random bytes.</summary>
public class CodecProperties
{
    /// <summary>Small limits, so that random bytes reach them.</summary>
    private const int Limit = 40;

    private static Config Quiet { get; } = Config.QuickThrowOnFailure.WithQuietOnSuccess(true);

    public static TheoryData<string> ByteCodecNames => [.. ByteCodecs.Keys];

    private static Dictionary<string, FrameCodec<ReadOnlySequence<byte>>> ByteCodecs { get; } = (
        from prefixSize in new[] { 1, 2, 4, 8 }
        from order in Enum.GetValues<ByteOrder>()
        from countsItself in new[] { false, true }
        select (Name: $"{prefixSize} {order} {countsItself}", Codec: Codecs.LengthPrefixed(prefixSize, order, countsItself, Limit)))
        .Append(("varint", Codecs.VarintPrefixed(Limit)))
        .ToDictionary(each => each.Item1, each => each.Item2);

    /// <summary>Bytes that mean something to some codec are common, any byte is possible.</summary>
    private static Gen<byte> Bytes { get; } = Gen.OneOf(
        Gen.Elements((byte)'\r', (byte)'\n', (byte)0, (byte)1, (byte)4, (byte)8, (byte)Limit, (byte)(Limit + 1), (byte)0x80, (byte)0xFF),
        Gen.Choose(0, 255).Select(value => (byte)value));

    private static Arbitrary<byte[]> Garbage { get; } = Bytes.ArrayOf().ToArbitrary();

    private static Arbitrary<int[]> Cuts { get; } = Gen.Choose(0, int.MaxValue).ArrayOf().ToArbitrary();

    [Theory]
    [MemberData(nameof(ByteCodecNames))]
    public void Frames_of_bytes_are_read_as_they_were_written(string name)
    {
        FrameCodec<ReadOnlySequence<byte>> codec = ByteCodecs[name];
        Arbitrary<byte[][]> frames = Bytes.ArrayOf().Select(bytes => bytes.Take(Limit).ToArray()).ArrayOf().ToArbitrary();
        Prop.ForAll(frames, Cuts, (frames, cuts) =>
            frames.Select(Encoding.Latin1.GetString)
                .SequenceEqual(Feed(codec, Encode(codec, frames.Select(frame => Sequences.Split(frame, cuts))), cuts)))
            .Check(Quiet);
    }

    [Fact]
    public void Lines_are_read_as_they_were_written()
    {
        Gen<string> text = Gen.Elements("a", " ", "\r", "\0", "é", "€", "😀").ArrayOf().Select(string.Concat);
        Arbitrary<string[]> lines = text.ArrayOf().ToArbitrary();
        foreach (LineEnding ending in Enum.GetValues<LineEnding>())
        {
            FrameCodec<string> codec = Codecs.Lines(ending: ending);
            Prop.ForAll(lines, Cuts, (lines, cuts) =>
            {
                string[] writable = [.. lines.Select(line => ending == LineEnding.Lf ? line.TrimEnd('\r') : line)];
                return writable.SequenceEqual(Feed(codec, Encode(codec, writable), cuts));
            }).Check(Quiet);
        }
    }

    [Theory]
    [MemberData(nameof(ByteCodecNames))]
    public void Garbage_is_frames_or_the_peers_fault(string name) => EndsInFramesOrProtocolException(ByteCodecs[name]);

    [Fact]
    public void Garbage_is_lines_or_the_peers_fault()
    {
        EndsInFramesOrProtocolException(Codecs.Lines(Limit));
        EndsInFramesOrProtocolException(Codecs.LineBytes(Limit));
    }

    /// <summary>Cut or whole, the outcome is the same; <see cref="Feed{T}(FrameCodec{T}, byte[], IEnumerable{int})"/> holds that it ends.</summary>
    private static void EndsInFramesOrProtocolException<T>(FrameCodec<T> codec) =>
        Prop.ForAll(Garbage, Cuts, (bytes, cuts) => Outcome(codec, bytes, []) == Outcome(codec, bytes, cuts))
            .Check(Quiet.WithMaxTest(500));

    private static string Outcome<T>(FrameCodec<T> codec, byte[] bytes, int[] cuts)
    {
        try
        {
            return string.Join('|', Feed(codec, bytes, cuts));
        }
        catch (ProtocolException e)
        {
            return e.Message;
        }
    }
}
