using FsCheck;
using FsCheck.Fluent;
using static Sockeye.Tests.Framing.Decoding;

namespace Sockeye.Tests.Framing;

/// <summary>Lines of text, tried with random lines, random cuts and random bytes; lines of bytes are in <see cref="CodecContractTests"/>.</summary>
public class LineProperties
{
    private static Config Quiet { get; } = Config.QuickThrowOnFailure.WithQuietOnSuccess(true);

    private static Arbitrary<int[]> Cuts { get; } = Gen.Choose(0, int.MaxValue).ArrayOf().ToArbitrary();

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

    [Fact]
    public void Garbage_is_lines_or_the_peers_fault()
    {
        Gen<byte> bytes = Gen.OneOf(
            Gen.Elements((byte)'\r', (byte)'\n', (byte)'a', (byte)0xC3, (byte)0xA9),
            Gen.Choose(0, 255).Select(value => (byte)value));
        FrameCodec<string> codec = Codecs.Lines(20);
        Prop.ForAll(bytes.ArrayOf().ToArbitrary(), Cuts, (bytes, cuts) => Outcome(codec, bytes, []) == Outcome(codec, bytes, cuts))
            .Check(Quiet.WithMaxTest(500));
    }

    private static string Outcome(FrameCodec<string> codec, byte[] bytes, int[] cuts)
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
