using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Sockeye.Hub.Gateways.Plain;
using Sockeye.Hub.Gateways.Udp;

namespace Sockeye.Hub.Tests.Gateways.Udp;

/// <summary>Lines in pieces that fit.</summary>
public class UdpPiecesTests
{
    private const int BytesMax = 60;

    /// <summary>The longest of them has 25 bytes: a family.</summary>
    private static readonly string[] Characters = ["a", " ", "é", "e\u0301", "好", "😀", "👩‍👩‍👧‍👧", "🇩🇪"];

    private static readonly Config Quiet = Config.QuickThrowOnFailure.WithQuietOnSuccess(true);

    [Fact]
    public void Pieces_fit_lose_nothing_and_keep_characters_whole() =>
        Prop.ForAll(Gen.Elements(Characters).ListOf().Select(string.Concat).ToArbitrary(), line =>
        {
            string[] pieces = [.. UdpPieces.Of(line, BytesMax).Select(Encoding.UTF8.GetString)];

            Assert.All(pieces, piece => Assert.InRange(Encoding.UTF8.GetByteCount(piece), 1, BytesMax));
            Assert.All(pieces, piece => Assert.EndsWith("\n", piece, StringComparison.Ordinal));
            Assert.All(pieces.Skip(1), piece => Assert.StartsWith(PlainMessages.Indent, piece, StringComparison.Ordinal));
            string[] texts = [.. pieces.Select((piece, i) => piece[(i == 0 ? 0 : PlainMessages.Indent.Length)..^1])];
            Assert.Equal(line, string.Concat(texts));
            Assert.Equal(new StringInfo(line).LengthInTextElements, texts.Sum(text => new StringInfo(text).LengthInTextElements));
        }).Check(Quiet);

    [Fact]
    public void A_character_longer_than_a_piece_is_cut_between_those_of_Unicode()
    {
        string tower = "e" + string.Concat(Enumerable.Repeat("\u0301", 200));

        string[] pieces = [.. UdpPieces.Of(tower, BytesMax).Select(Encoding.UTF8.GetString)];

        Assert.True(pieces.Length > 1);
        Assert.All(pieces, piece => Assert.InRange(Encoding.UTF8.GetByteCount(piece), 1, BytesMax));
        Assert.Equal(tower, string.Concat(pieces.Select((piece, i) => piece[(i == 0 ? 0 : PlainMessages.Indent.Length)..^1])));
    }
}
