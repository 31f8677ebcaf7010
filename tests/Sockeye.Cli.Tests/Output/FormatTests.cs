using System.Text;
using System.Text.Json;
using Sockeye.Cli.Output;

namespace Sockeye.Cli.Tests.Output;

public class FormatTests
{
    private static readonly CliEvent Received = new(EventKind.Received)
    {
        Time = new DateTimeOffset(2026, 2, 3, 4, 5, 6, TimeSpan.Zero),
        Connection = 7,
        Address = "tcp://127.0.0.1:8080",
        Peer = "tcp://127.0.0.1:50000",
        Bytes = 6,
        Preview = "hello\n"u8.ToArray(),
    };

    [Fact]
    public void A_line_says_who_sent_what() =>
        Assert.Equal(@"#7 tcp://127.0.0.1:50000 sent 6 bytes: hello\n", new TextFormat(() => 80).Format(Received));

    [Fact]
    public void A_line_is_not_wider_than_the_terminal()
    {
        string line = new TextFormat(() => 80).Format(Received with { Preview = Encoding.UTF8.GetBytes(new string('x', 200)) });

        Assert.Equal(80, line.Length);
        Assert.EndsWith("xx…", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_came_and_nothing_follows() =>
        Assert.Equal("#7 tcp://127.0.0.1:50000 sent 0 bytes", new TextFormat(() => 80).Format(Received with { Preview = [], Bytes = 0 }));

    [Fact]
    public void Why_and_what_to_try_are_never_cut()
    {
        CliEvent refused = new(EventKind.Refused)
        {
            Address = "tcp://127.0.0.1:8080",
            Peer = "tcp://127.0.0.1:50000",
            Message = "its address has 4 connections; raise --limit-per-address to allow more",
        };

        Assert.Equal(
            "tcp://127.0.0.1:50000 refused by tcp://127.0.0.1:8080: its address has 4 connections; raise --limit-per-address to allow more",
            new TextFormat(() => 80).Format(refused));
    }

    [Fact]
    public void What_a_sentence_has_escaped_is_not_escaped_again_and_what_it_has_not_is()
    {
        CliEvent refused = new(EventKind.Refused)
        {
            Address = "tcp://127.0.0.1:8080",
            Peer = @"unix://a\b",
            Message = @"it begins with ""\x00"" " + "\u001b[31m",
        };

        Assert.Equal(
            @"unix://a\\b refused by tcp://127.0.0.1:8080: it begins with ""\x00"" \x1b[31m",
            new TextFormat(() => 80).Format(refused));
    }

    [Fact]
    public void A_notice_names_the_peer() =>
        Assert.Equal("#7 tcp://127.0.0.1:50000: no", new TextFormat(() => 80).Format(Received with { Kind = EventKind.Notice, Message = "no" }));

    [Fact]
    public void An_address_to_connect_to_is_never_cut()
    {
        string address = "unix:///" + new string('a', 100);

        Assert.Equal($"listening on {address}", new TextFormat(() => 80).Format(new CliEvent(EventKind.Listening) { Address = address }));
    }

    [Fact]
    public void An_object_has_a_schema_and_every_field() => Assert.Equal(
        """{"schema":1,"event":"received","time":"2026-02-03T04:05:06.0000000Z","connection":7,"address":"tcp://127.0.0.1:8080","peer":"tcp://127.0.0.1:50000","bytes":6,"text":"hello\n"}""",
        new JsonFormat().Format(Received));

    [Fact]
    public void What_is_no_UTF8_is_Base64()
    {
        JsonElement json = Parse(Received with { Preview = [0xFF, 0], Bytes = 2 });

        Assert.Equal(new byte[] { 0xFF, 0 }, json.GetProperty("base64").GetBytesFromBase64());
        Assert.False(json.TryGetProperty("text", out _));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Text_that_we_cut_within_a_character_is_text_all_the_same(int kept)
    {
        byte[] preview = [.. "abc"u8, .. "😀"u8[..kept]];

        JsonElement json = Parse(Received with { Preview = preview, Bytes = 2000 });

        Assert.Equal("abc", json.GetProperty("text").GetString());
        Assert.True(json.GetProperty("cut").GetBoolean());
    }

    private static JsonElement Parse(CliEvent happened) => JsonDocument.Parse(new JsonFormat().Format(happened)).RootElement;
}
