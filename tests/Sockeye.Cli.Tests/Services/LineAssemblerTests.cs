using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Sockeye.Cli.Services.Chat;

namespace Sockeye.Cli.Tests.Services;

public class LineAssemblerTests
{
    [Fact]
    public void Lines_end_with_LF_however_they_came()
    {
        LineAssembler lines = new(100);

        Assert.Equal(["one\n", "two\n", "\n", "a\rb\n"], Texts(lines.Add("one\ntwo\r\n\r\na\rb\nthr"u8)));
        Assert.True(lines.HasRest);
        Assert.Equal(["three\n"], Texts(lines.Add("ee\n"u8)));
        Assert.False(lines.HasRest);
    }

    [Fact]
    public void A_line_that_was_begun_can_be_taken()
    {
        LineAssembler lines = new(100);

        Assert.Empty(lines.Add("rest"u8));

        Assert.Equal("rest\n"u8, lines.TakeRest().Span);
        Assert.False(lines.HasRest);
    }

    [Fact]
    public void A_line_may_be_as_long_as_the_limit_and_one_byte_more_makes_two()
    {
        Assert.Equal(["aaaa\n", "b\n"], Texts(new LineAssembler(4).Add("aaaa\nb\n"u8)));
        Assert.Equal(["aaaa\n", "a\n"], Texts(new LineAssembler(4).Add("aaaaa\n"u8)));
    }

    [Fact]
    public void Cutting_the_input_anywhere_changes_nothing()
    {
        Arbitrary<string[]> input = Gen.Elements("a", "bc", "\r", "\n", "\r\n", "ddddd").ArrayOf().ToArbitrary();

        Prop.ForAll(input, pieces =>
        {
            byte[] whole = Encoding.ASCII.GetBytes(string.Concat(pieces));
            LineAssembler one = new(6), other = new(6), single = new(6);
            IEnumerable<string> inPieces = pieces.SelectMany(piece => Texts(one.Add(Encoding.ASCII.GetBytes(piece))));
            IEnumerable<string> inBytes = whole.SelectMany(value => Texts(single.Add([value])));
            string[] atOnce = Texts(other.Add(whole));
            return inPieces.SequenceEqual(atOnce) && inBytes.SequenceEqual(atOnce);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000).WithQuietOnSuccess(true));
    }

    private static string[] Texts(IEnumerable<ReadOnlyMemory<byte>> lines) => [.. lines.Select(line => Encoding.ASCII.GetString(line.Span))];
}
