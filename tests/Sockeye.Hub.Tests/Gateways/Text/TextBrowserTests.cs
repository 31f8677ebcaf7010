using System.Text;

namespace Sockeye.Hub.Tests.Gateways.Text;

/// <summary>A browser, or another program that speaks something else, at the plain-text door.</summary>
public class TextBrowserTests
{
    [Theory]
    [InlineData("GET / HTTP/1.1", "200 OK")]
    [InlineData("GET /some/page?x=1 HTTP/1.0", "200 OK")]
    [InlineData("POST / HTTP/1.1", "405 Method Not Allowed\r\nAllow: GET, HEAD")]
    [InlineData("PROPFIND / HTTP/1.1", "405 Method Not Allowed\r\nAllow: GET, HEAD")]
    [InlineData("PRI * HTTP/2.0", "505 HTTP Version Not Supported")]
    public async Task A_request_is_answered_with_the_way_to_the_page(string request, string status)
    {
        await using TextHub hub = await TextHub.StartAsync();
        await using TextPeer browser = await hub.ConnectAsync();
        await browser.SendAsync(Encoding.ASCII.GetBytes($"{request}\r\nHost: localhost\r\n\r\n"));

        string[] answer = (await browser.EndAsync()).Split("\r\n\r\n", 2);
        Assert.Equal(
            $"""
            HTTP/1.1 {status}
            Date: Fri, 20 Nov 2026 18:02:00 GMT
            Content-Type: text/html; charset=utf-8
            Content-Length: {Encoding.UTF8.GetByteCount(answer[1])}
            Cache-Control: no-store
            Connection: close
            """.ReplaceLineEndings("\r\n"),
            answer[0]);
        Assert.Contains("plain-text door", answer[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task HEAD_is_answered_without_the_page_itself()
    {
        await using TextHub hub = await TextHub.StartAsync();
        await using TextPeer browser = await hub.ConnectAsync();
        await browser.SendAsync("HEAD / HTTP/1.1\r\n\r\n"u8.ToArray());

        string answer = await browser.EndAsync();
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", answer, StringComparison.Ordinal);
        Assert.EndsWith("Connection: close\r\n\r\n", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Content-Length: 0", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_in_pieces_is_waited_for()
    {
        await using TextHub hub = await TextHub.StartAsync();
        await using TextPeer browser = await hub.ConnectAsync();
        foreach (string piece in new[] { "G", "ET", " / HT", "TP/1.1\r", "\nHost" })
            await browser.SendAsync(Encoding.ASCII.GetBytes(piece));

        Assert.StartsWith("HTTP/1.1 200 OK\r\n", await browser.EndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_that_comes_after_the_greeting_says_nothing_in_the_chat()
    {
        await using TextHub hub = await TextHub.StartAsync();
        await using TextPeer tom = await hub.ComeAsync("Tom");
        await using TextPeer browser = await hub.ConnectAsync();
        await hub.PassTimeUntilAsync(browser.SaysAsync("What is your name?\r\n"), TimeSpan.FromMilliseconds(200));
        await browser.SendAsync("POST / HTTP/1.1\r\nHost: localhost\r\n\r\nMallory\nhello\n"u8.ToArray());

        Assert.StartsWith("HTTP/1.1 405", await browser.EndAsync(), StringComparison.Ordinal);
        Assert.Equal("", await tom.SettleAsync());
    }

    [Fact]
    public async Task So_does_one_with_a_target_longer_than_any_line()
    {
        await using TextHub hub = await TextHub.StartAsync();
        await using TextPeer tom = await hub.ComeAsync("Tom");
        await using TextPeer browser = await hub.ConnectAsync();
        await browser.SendAsync(Encoding.ASCII.GetBytes($"POST /{new string('x', 20_000)} HTTP/1.1\r\n\r\nMallory\nhello\n"));

        await browser.EndAsync();
        Assert.Equal("", await tom.SettleAsync());
    }

    [Fact]
    public async Task TLS_is_told_that_there_is_none()
    {
        await using TextHub hub = await TextHub.StartAsync();
        await using TextPeer client = await hub.ConnectAsync();
        await client.SendAsync([22, 3, 1, 2, 0, 1]);

        Assert.Equal("! This is plain text without TLS: connect without it.\r\n", await client.EndAsync());
    }

    [Fact]
    public async Task Somebody_with_a_name_in_capitals_is_somebody()
    {
        await using TextHub hub = await TextHub.StartAsync();
        await using TextPeer tom = await hub.ConnectAsync();
        await tom.SendAsync("TO"u8.ToArray());
        await tom.SendAsync("M\n"u8.ToArray());
        await tom.SaysAsync("* Hello, TOM.");
    }
}
