using Sockeye.Cli.Output;

namespace Sockeye.Cli.Tests.Output;

public sealed class SentencesTests
{
    [Theory]
    [InlineData("Another hub uses the directory.", "another hub uses the directory.")]
    [InlineData("A frame is too long.", "a frame is too long.")]
    [InlineData("There, nothing", "there, nothing")]
    [InlineData("TCP carries it.", "TCP carries it.")]
    [InlineData("WebSocket frames are masked.", "WebSocket frames are masked.")]
    [InlineData("Unix sockets have no ports.", "Unix sockets have no ports.")]
    [InlineData("UTF-8 it is not.", "UTF-8 it is not.")]
    [InlineData("/srv/Hub is not there", "/srv/Hub is not there")]
    [InlineData("Ärger", "Ärger")]
    [InlineData("cannot listen", "cannot listen")]
    [InlineData("", "")]
    public void Only_an_ordinary_word_loses_its_capital(string sentence, string expected) => Assert.Equal(expected, Sentences.Continue(sentence));
}
