using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Sockeye.Hub.Domain;

namespace Sockeye.Hub.Tests.Gateways.Web;

/// <summary>Pages that are none, or do what no page does.</summary>
public class WebRefusalTests
{
    [Theory]
    [InlineData("http://evil.example")]
    [InlineData("null")]
    [InlineData("https://127.0.0.1:{port}")]
    [InlineData("http://127.0.0.1:1")]
    [InlineData("http://localhost:{port}")]
    [InlineData("http://127.0.0.1.evil.example:{port}")]
    [InlineData("file://")]
    [InlineData(null)]
    public async Task Only_the_hubs_own_page_may_talk_to_it(string? origin)
    {
        await using WebHub hub = await WebHub.StartAsync();

        Assert.Equal(HttpStatusCode.Forbidden, await WebPage.RefusedAsync(hub.Page, origin?.Replace("{port}", $"{hub.Page.Port}", StringComparison.Ordinal)));
        Assert.Equal(0, hub.Server.ClientCount);
    }

    [Fact]
    public async Task A_message_that_is_too_big_ends_the_page_with_1009()
    {
        await using WebHub hub = await WebHub.StartAsync();
        using WebPage page = await WebPage.OpenAsync(hub.Page);

        await page.SendAsync(new string('x', (32 * 1024) + 1));

        Assert.Equal(WebSocketCloseStatus.MessageTooBig, await page.ReadToEndAsync());
    }

    [Fact]
    public async Task A_message_in_many_pieces_is_too_big_all_the_same_and_one_of_the_greatest_size_is_not()
    {
        await using WebHub hub = await WebHub.StartAsync();
        using WebPage page = await WebPage.OpenAsync(hub.Page);
        string largest = "{\"type\":\"name\",\"name\":\"Tom\"}".PadRight(32 * 1024);

        await page.SendAsync(Encoding.ASCII.GetBytes(largest[..1000]), isEnd: false);
        await page.SendAsync(Encoding.ASCII.GetBytes(largest[1000..]));
        await page.NextAsync("named");
        for (int i = 0; i < 33; i++)
            await page.SendAsync(new byte[1024].Select(_ => (byte)' ').ToArray(), isEnd: false);

        Assert.Equal(WebSocketCloseStatus.MessageTooBig, await page.ReadToEndAsync());
    }

    [Fact]
    public async Task Bytes_that_are_not_text_end_the_page_with_1003()
    {
        await using WebHub hub = await WebHub.StartAsync();
        using WebPage page = await WebPage.OpenAsync(hub.Page);

        await page.SendAsync("{}"u8.ToArray(), WebSocketMessageType.Binary);

        Assert.Equal(WebSocketCloseStatus.InvalidMessageType, await page.ReadToEndAsync());
    }

    [Fact]
    public async Task Text_that_is_not_UTF_8_ends_the_page_with_1007()
    {
        await using WebHub hub = await WebHub.StartAsync();
        using WebPage page = await WebPage.OpenAsync(hub.Page);

        await page.SendAsync([(byte)'"', 0xC3, 0x28, (byte)'"']);

        Assert.Equal(WebSocketCloseStatus.InvalidPayloadData, await page.ReadToEndAsync());
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"type\":7}")]
    [InlineData("{\"type\":\"dance\"}")]
    [InlineData("{\"type\":\"say\",\"room\":\"lobby\"}")]
    [InlineData("{\"type\":\"say\",\"room\":\"lobby\",\"text\":{\"a\":1}}")]
    [InlineData("{\"type\":\"say\",\"room\":\"lobby\",\"text\":\"\\ud800\"}")]
    [InlineData("{\"type\":\"read\",\"conversation\":1,\"number\":1.5}")]
    [InlineData("{\"type\":\"read\",\"conversation\":1,\"number\":99999999999999999999}")]
    [InlineData("{\"type\":\"watch\",\"wire\":\"-1\"}")]
    [InlineData("{\"type\":\"name\",\"name\":[[[[[[1]]]]]]}")]
    public async Task What_is_not_understood_is_said_and_the_page_stays(string message)
    {
        await using WebHub hub = await WebHub.StartAsync();
        using WebPage page = await WebPage.OpenAsync(hub.Page);

        await page.SendAsync(message);

        JsonElement refused = await page.NextAsync("refused");
        Assert.Equal("misunderstood", refused.GetProperty("code").GetString());
        Assert.NotEqual("", refused.GetProperty("text").GetString());
        await page.SendAsync(new { type = "name", name = "Tom" });
        await page.NextAsync("named");
    }

    [Theory]
    [InlineData("hello", "line 1, byte 1.")]
    [InlineData("{\"type\":\n\"name\",}", "line 2, byte 8.")]
    [InlineData("", "line 1, byte 1.")]
    [InlineData("[[[[[", "line 1, byte 5.")]
    public async Task What_is_not_JSON_is_said_in_our_words_and_where(string message, string where)
    {
        await using WebHub hub = await WebHub.StartAsync();
        using WebPage page = await WebPage.OpenAsync(hub.Page);

        await page.SendAsync(message);

        Assert.Equal($"That is not JSON of 4 levels at most (RFC 8259): look at {where}", (await page.NextAsync("refused")).GetProperty("text").GetString());
    }

    [Fact]
    public async Task JSON_of_a_great_depth_is_not_followed()
    {
        await using WebHub hub = await WebHub.StartAsync();
        using WebPage page = await WebPage.OpenAsync(hub.Page);

        await page.SendAsync(new string('[', 30_000));

        Assert.Equal("misunderstood", (await page.NextAsync("refused")).GetProperty("code").GetString());
    }

    [Fact]
    public async Task What_is_not_understood_is_said_again_in_part_only()
    {
        await using WebHub hub = await WebHub.StartAsync();
        using WebPage page = await WebPage.OpenAsync(hub.Page);

        await page.SendAsync(new { type = new string('x', 20_000) });

        Assert.InRange((await page.NextAsync("refused")).GetProperty("text").GetString()!.Length, 10, 100);
    }

    [Fact]
    public async Task Who_sends_much_that_is_not_understood_is_put_out()
    {
        HubOptions options = WebHub.Options with { Limits = new() { Web = new() { Misunderstood = new Rate(3, 0) } } };
        await using WebHub hub = await WebHub.StartAsync(options);
        using WebPage page = await WebPage.OpenAsync(hub.Page);

        for (int i = 0; i < 4; i++)
            await page.SendAsync("nonsense");

        for (int i = 0; i < 3; i++)
            await page.NextAsync("refused");
        Assert.Equal(WebSocketCloseStatus.PolicyViolation, await page.ReadToEndAsync());
    }

    [Fact]
    public async Task Somebody_without_a_name_is_told_so_and_history_is_answered_all_the_same()
    {
        await using WebHub hub = await WebHub.StartAsync();
        using WebPage page = await WebPage.OpenAsync(hub.Page);

        await page.SendAsync(new { type = "history", conversation = 1, count = 10, tag = "latest" });
        JsonElement refused = await page.NextAsync("refused");
        await page.SendAsync(new { type = "say", room = "lobby", text = "hello", key = "k1" });

        Assert.Equal(("noName", "latest"), (refused.GetProperty("code").GetString(), refused.GetProperty("tag").GetString()));
        Assert.Equal("k1", (await page.NextAsync("refused")).GetProperty("key").GetString());
    }

    [Fact]
    public async Task A_message_whose_own_number_is_too_long_is_not_kept()
    {
        await using WebHub hub = await WebHub.StartAsync();
        using WebPage page = await WebPage.OpenAsAsync(hub.Page, "Tom");

        await page.SendAsync(new { type = "say", room = "lobby", text = "hello", key = new string('1', 65) });

        Assert.Equal("tooLong", (await page.NextAsync("refused")).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Pages_of_one_address_are_limited_and_those_that_go_make_room()
    {
        HubOptions options = WebHub.Options with { LimitsLoopback = true, WebConnectionsPerAddressMax = 1 };
        await using WebHub hub = await WebHub.StartAsync(options);
        using WebPage first = await WebPage.OpenAsync(hub.Page);
        string origin = hub.Page.GetLeftPart(UriPartial.Authority);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await WebPage.RefusedAsync(hub.Page, origin));
        await first.Socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, TestContext.Current.CancellationToken);
        using WebPage second = await OpenWhenThereIsRoomAsync(hub.Page);
    }

    [Fact]
    public async Task A_new_cookie_is_no_way_around_what_one_address_may_do()
    {
        await using WebHub hub = await WebHub.StartAsync(limits: new() { PerOrigin = new(Burst: 5, PerSecond: 0) });
        using WebPage tom = await WebPage.OpenAsAsync(hub.Page, "Tom");
        for (int i = 0; i < 5; i++)
            await tom.SendAsync(new { type = "say", room = "lobby", text = $"{i}" });
        Assert.Equal("tooFast", (await tom.NextAsync("refused")).GetProperty("code").GetString());
        using WebPage other = await WebPage.OpenAsync(hub.Page);
        await other.SendAsync(new { type = "name", name = "Other" });

        Assert.Equal("tooFast", (await other.NextAsync("refused")).GetProperty("code").GetString());
    }

    [Fact]
    public async Task This_machines_own_address_is_exempt_and_the_limit_of_all_holds_for_it_too()
    {
        HubOptions options = WebHub.Options with { WebConnectionsPerAddressMax = 1, WebConnectionsMax = 2 };
        await using WebHub hub = await WebHub.StartAsync(options);
        using WebPage first = await WebPage.OpenAsync(hub.Page);
        using WebPage second = await WebPage.OpenAsync(hub.Page);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await WebPage.RefusedAsync(hub.Page, hub.Page.GetLeftPart(UriPartial.Authority)));
    }

    [Fact]
    public async Task A_page_that_never_says_a_name_is_put_out()
    {
        HubOptions options = WebHub.Options with { Limits = new() { Web = new() { NamelessTimeout = TimeSpan.FromSeconds(1) } } };
        await using WebHub hub = await WebHub.StartAsync(options);
        using WebPage nobody = await WebPage.OpenAsync(hub.Page);
        using WebPage tom = await WebPage.OpenAsync(hub.Page);
        await tom.SendAsync(new { type = "name", name = "Tom" });

        Assert.Equal(WebSocketCloseStatus.PolicyViolation, await nobody.ReadToEndAsync());
    }

    [Fact]
    public async Task A_page_that_does_not_answer_pings_is_cut_off()
    {
        HubOptions options = WebHub.Options with
        {
            Limits = new() { Web = new() { KeepAliveInterval = TimeSpan.FromMilliseconds(300), KeepAliveTimeout = TimeSpan.FromMilliseconds(300) } },
        };
        await using WebHub hub = await WebHub.StartAsync(options);
        using TcpClient client = await RawHttp.ConnectAsync(hub.Page);
        string origin = hub.Page.GetLeftPart(UriPartial.Authority);

        // It reads all, as a browser whose script hangs does, and answers nothing.
        string all = await RawHttp.AskAsync(
            client,
            $"GET /ws HTTP/1.1\r\nHost: {hub.Page.Authority}\r\nOrigin: {origin}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
            until: null);

        Assert.StartsWith("HTTP/1.1 101 ", all);
        Assert.Contains("\"hello\"", all);
        Assert.Contains((char)0x89, all);
    }

    private static async Task<WebPage> OpenWhenThereIsRoomAsync(Uri page)
    {
        while (true)
        {
            try
            {
                return await WebPage.OpenAsync(page);
            }
            catch (WebSocketException)
            {
                // The hub has not noticed yet that the other is gone.
                await Task.Delay(20, TestContext.Current.CancellationToken);
            }
        }
    }
}
