using System.Buffers;
using static Sockeye.Tests.Framing.Decoding;

namespace Sockeye.Tests.Framing;

public class DelimitedCodecTests
{
    [Fact]
    public void The_first_occurrence_ends_the_frame_even_where_delimiters_overlap()
    {
        Expect(Codecs.Delimited("aa"u8), Latin1("aaaaxaa"), "", "", "x");
        Expect(Codecs.Delimited("aab"u8), Latin1("aaabxaab"), "a", "x");
        Expect(Codecs.Delimited("abab"u8), Latin1("ababab!abab"), "", "ab!");
    }

    /// <summary>All short streams and delimiters of two letters, against a search without tricks.</summary>
    [Fact]
    public void What_is_written_is_read_and_what_is_refused_would_not_be()
    {
        string[] words = [.. Words("ab", 6)];
        foreach (string delimiter in Words("ab", 4).Where(word => word.Length > 0))
        {
            FrameCodec<ReadOnlySequence<byte>> codec = Codecs.Delimited(Latin1(delimiter));
            foreach (string frame in words)
            {
                if ((frame + delimiter).IndexOf(delimiter, StringComparison.Ordinal) == frame.Length)
                    Assert.Equal([frame], Feed(codec, Encode(codec, Sequence(frame)), frame.Length, frame.Length + 1));
                else
                    RefuseToEncode(codec, Sequence(frame));
            }
        }
    }

    [Fact]
    public void Too_much_is_noticed_at_the_first_byte_that_cannot_be_the_delimiter()
    {
        FrameCodec<ReadOnlySequence<byte>> codec = Codecs.Delimited("\r\n\r\n"u8, 4);
        foreach (string possible in new[] { "abcd", "abcd\r", "abcd\r\n", "abcd\r\n\r", "abc\r\n\r", "ab\r\n\r" })
            Assert.True(AsksForMore(codec, Latin1(possible)), possible);
        foreach (string impossible in new[] { "abcde", "abcd\rx", "abcd\n", "abcd\r\nx", "abcd\r\n\rx", "abcde\r\n\r", "a\r\n\rxy" })
            Assert.Throws<FrameTooLargeException>(() => AsksForMore(codec, Latin1(impossible)));
        Expect(codec, Latin1("abcd\r\n\r\nab\r\n\r\n\r\n\r\n"), "abcd", "ab", "");
    }

    [Fact]
    public void Arguments_are_checked()
    {
        Assert.Throws<ArgumentException>(() => Codecs.Delimited(default));
        Assert.Throws<ArgumentException>(() => Codecs.Delimited(new byte[Codecs.DelimiterSizeMax + 1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Codecs.Delimited([0], 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Codecs.FixedSize(0));
        Assert.Equal(Codecs.DefaultMaxFrameSize, Codecs.Delimited([0]).MaxFrameSize);
        Assert.Equal(16, Codecs.FixedSize(16).MaxFrameSize);
    }

    [Fact]
    public void The_delimiter_is_copied()
    {
        byte[] delimiter = [0];
        FrameCodec<ReadOnlySequence<byte>> codec = Codecs.Delimited(delimiter);
        delimiter[0] = 1;
        Expect(codec, Latin1("a\0"), "a");
    }

    private static IEnumerable<string> Words(string letters, int longest)
    {
        string[] words = [""];
        for (int length = 0; length <= longest; length++)
        {
            foreach (string word in words)
                yield return word;
            words = [.. words.SelectMany(word => letters.Select(letter => word + letter))];
        }
    }
}
