using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text.Json;
using Sockeye.Hub.Domain;
using Sockeye.Hub.Tests.Storage;

namespace Sockeye.Hub.Tests.Gateways.Web;

/// <summary>What page and hub tell each other.</summary>
public class WebProtocolTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_thing_a_page_is_told_is_the_version_and_the_limits()
    {
        await using WebHub hub = await WebHub.StartAsync();
        using WebPage page = await WebPage.OpenAsync(hub.Page);

        JsonElement hello = await page.NextAsync();

        Assert.Equal(("hello", 1), (hello.GetProperty("type").GetString(), hello.GetProperty("version").GetInt32()));
        Assert.Equal(4000, hello.GetProperty("messageBytesMax").GetInt32());
    }

    [Fact]
    public async Task What_one_page_says_the_other_hears_as_it_was_said_and_the_one_has_a_receipt()
    {
        await using WebHub hub = await WebHub.StartAsync();
        using WebPage tom = await WebPage.OpenAsAsync(hub.Page, "Tom");
        using WebPage jack = await WebPage.OpenAsAsync(hub.Page, "Jack");
        const string Text = "<script>alert(1)</script> & <img src=x onerror=alert(2)> \"quoted\" 鲑鱼 🐟";

        await tom.SendAsync(new { type = "say", room = "lobby", text = Text, key = "k1" });

        JsonElement receipt = await tom.NextAsync("accepted");
        JsonElement heard = await jack.NextAsync("message");
        Assert.Equal(("k1", Text, false), (receipt.GetProperty("key").GetString(), receipt.GetProperty("text").GetString(), receipt.GetProperty("repeated").GetBoolean()));
        Assert.Equal((1, Text), (heard.GetProperty("number").GetInt64(), heard.GetProperty("text").GetString()));
        Assert.Equal("Tom", heard.GetProperty("author").GetProperty("name").GetString());
    }

    [Fact]
    public async Task Saying_the_same_key_again_doubles_nothing()
    {
        await using WebHub hub = await WebHub.StartAsync();
        using WebPage tom = await WebPage.OpenAsAsync(hub.Page, "Tom");

        await tom.SendAsync(new { type = "say", room = "lobby", text = "hello", key = "k1" });
        JsonElement first = await tom.NextAsync("accepted");
        await tom.SendAsync(new { type = "say", room = "lobby", text = "hello", key = "k1" });
        JsonElement second = await tom.NextAsync("accepted");

        Assert.True(second.GetProperty("repeated").GetBoolean());
        Assert.Equal(first.GetProperty("number").GetInt64(), second.GetProperty("number").GetInt64());
    }

    [Fact]
    public async Task A_browser_that_returns_is_who_it_was_and_another_is_asked_for_a_name()
    {
        await using WebHub hub = await WebHub.StartAsync();
        string cookie = WebPage.NewCookie();
        using (WebPage first = await WebPage.OpenAsAsync(hub.Page, "Tom", cookie))
            await first.Socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Cancelled);
        using WebPage again = await WebPage.OpenAsync(hub.Page, cookie);
        using WebPage other = await WebPage.OpenAsync(hub.Page);

        await again.SendAsync(new { type = "return" });
        await other.SendAsync(new { type = "return" });

        Assert.Equal("Tom", (await again.NextAsync("named")).GetProperty("me").GetProperty("name").GetString());
        Assert.Equal("noName", (await other.NextAsync("refused")).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Who_brings_the_owners_secret_is_told_to_be_the_owner()
    {
        using StoreDirectory directory = new();
        HubOptions options = WebHub.Options with { DataDirectory = directory.Path };
        await using HubServer server = await HubServer.StartAsync(options, cancellationToken: Cancelled);
        using CancellationTokenSource stop = new();
        Task running = server.RunAsync(stop.Token);
        Uri link = new(server.OwnerLink!);
        using WebPage tom = await WebPage.OpenAsAsync(new Uri(server.PageAddress!), "Tom");

        await tom.SendAsync(new { type = "claim", secret = link.Fragment["#owner=".Length..] });
        JsonElement owner = await tom.NextAsync("owner");
        await tom.SendAsync(new { type = "claim", secret = link.Fragment["#owner=".Length..] });

        Assert.True(owner.GetProperty("me").GetProperty("owner").GetBoolean());
        Assert.Equal("badInvitation", (await tom.NextAsync("refused")).GetProperty("code").GetString());
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task Many_events_that_wait_come_as_one_message()
    {
        HubOptions options = WebHub.Options with { QueueMessagesMax = 2000, Limits = new() { Web = new() { Commands = Rate.Unlimited } } };
        await using WebHub hub = await WebHub.StartAsync(options, limits: WebHub.Unlimited);
        using WebPage tom = await WebPage.OpenAsAsync(hub.Page, "Tom");
        using WebPage jack = await WebPage.OpenAsAsync(hub.Page, "Jack");
        int before = jack.Messages;
        const int Said = 1000;

        for (int i = 0; i < Said; i++)
            await tom.SendAsync(new { type = "say", room = "lobby", text = $"line {i}", key = $"{i}" });

        for (int i = 0; i < Said; i++)
            Assert.Equal(i + 1, (await jack.NextAsync("message")).GetProperty("number").GetInt64());

        // How many depends on how fast this machine is; each alone would be a thousand.
        Assert.InRange(jack.Messages - before, 1, Said - 1);
    }

    [Fact]
    public async Task A_page_that_asks_faster_than_it_may_is_answered_later_and_not_refused()
    {
        HubOptions options = WebHub.Options with { Limits = new() { Web = new() { Commands = new(Burst: 5, PerSecond: 200) } } };
        await using WebHub hub = await WebHub.StartAsync(options);
        using WebPage tom = await WebPage.OpenAsAsync(hub.Page, "Tom");

        for (int i = 0; i < 100; i++)
            await tom.SendAsync(new { type = "rooms" });

        for (int i = 0; i < 100; i++)
            Assert.Equal("lobby", (await tom.NextAsync("rooms")).GetProperty("rooms")[0].GetProperty("room").GetString());
    }

    [Fact]
    public async Task A_page_that_does_not_read_is_told_that_it_is_behind_and_finds_all_in_history()
    {
        HubOptions options = WebHub.Options with { QueueMessagesMax = 20, Limits = new() { Web = new() { KeepAliveTimeout = TimeSpan.FromMinutes(10) } } };
        await using WebHub hub = await WebHub.StartAsync(options, limits: WebHub.Unlimited with { MessageBytesMax = 20_000 });
        Socket? slowSocket = null;
        using WebPage slow = await WebPage.OpenAsAsync(hub.Page, "Slow", configure: handler => ReceivesLittle(handler, socket => slowSocket = socket));
        using WebPage tom = await WebPage.OpenAsAsync(hub.Page, "Tom");
        long said = 0;
        string text = new('x', 20_000);

        // As much as the two systems' buffers take, and more than the hub's queue.
        for (; said < 600; said++)
        {
            await tom.SendAsync(new { type = "say", room = "lobby", text, key = $"{said}" });
            await tom.NextAsync("accepted");
        }

        slowSocket!.ReceiveBufferSize = 4 * 1024 * 1024;
        long last = 0;
        JsonElement next = await slow.NextAsync();
        for (; next.GetProperty("type").GetString() != "behind"; next = await slow.NextAsync())
        {
            if (next.GetProperty("type").GetString() == "message")
                Assert.Equal(++last, next.GetProperty("number").GetInt64());
        }

        Assert.InRange(last, 20, said - 1);
        while (last < said)
        {
            await slow.SendAsync(new { type = "history", conversation = 1, after = last, count = 50, tag = "after" });
            foreach (JsonElement message in (await slow.NextAsync("history")).GetProperty("messages").EnumerateArray())
                Assert.Equal(++last, message.GetProperty("number").GetInt64());
        }

        await tom.SendAsync(new { type = "say", room = "lobby", text = "live again" });
        Assert.Equal(said + 1, (await slow.NextAsync("message")).GetProperty("number").GetInt64());
    }

    [Fact]
    public async Task A_page_that_asks_and_does_not_read_is_not_answered_without_end()
    {
        HubOptions options = WebHub.Options with { Limits = new() { Web = new() { Commands = Rate.Unlimited, KeepAliveTimeout = TimeSpan.FromMinutes(10) } } };
        await using WebHub hub = await WebHub.StartAsync(options, limits: WebHub.Unlimited);
        using WebPage tom = await WebPage.OpenAsAsync(hub.Page, "Tom", configure: handler => ReceivesLittle(handler));
        for (int i = 0; i < 200; i++)
        {
            await tom.SendAsync(new { type = "say", room = "lobby", text = new string('x', 4000) });
            await tom.NextAsync("accepted");
        }

        // 800 KB of answer each; the hub stops reading when it cannot send.
        Task flood = FloodAsync(tom);

        using WebPage jack = await WebPage.OpenAsAsync(hub.Page, "Jack");
        await jack.SendAsync(new { type = "say", room = "lobby", text = "nobody waits" });
        await jack.NextAsync("accepted");
        tom.Socket.Abort();
        await Assert.ThrowsAnyAsync<Exception>(() => flood);
        await jack.NextAsync("departed");
    }

    [Fact]
    public async Task A_hub_that_stops_says_so_and_a_page_that_agrees_is_not_waited_for()
    {
        await using WebHub hub = await WebHub.StartAsync(WebHub.Options with { DrainTimeout = TimeSpan.FromMinutes(5) });
        using WebPage page = await WebPage.OpenAsAsync(hub.Page, "Tom");

        Task stopped = hub.StopAsync();

        Assert.Equal("The hub is closing.", (await page.NextAsync("closing")).GetProperty("why").GetString());
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, await page.ReadToEndAsync());
        await page.Socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, Cancelled);
        await stopped;
    }

    [Fact]
    public async Task A_page_that_never_agrees_to_the_end_does_not_keep_the_hub()
    {
        await using WebHub hub = await WebHub.StartAsync(WebHub.Options with { DrainTimeout = TimeSpan.FromSeconds(1) });
        using WebPage page = await WebPage.OpenAsAsync(hub.Page, "Tom");

        await hub.StopAsync();

        Assert.Equal(0, hub.Server.ClientCount);
    }

    [Fact]
    public async Task The_page_is_served_by_TLS_with_the_hubs_certificate()
    {
        using StoreDirectory directory = new();
        using TlsCertificate certificate = TlsCertificate.CreateSelfSigned();
        HubOptions options = await (WebHub.Options with { Web = "https://127.0.0.1:0" }).WithTlsAsync(certificate, directory.Path);
        await using WebHub hub = await WebHub.StartAsync(options);
        using SocketsHttpHandler handler = new() { UseCookies = false, UseProxy = false };
        Trust(handler, certificate);
        using HttpClient client = new(handler);

        using HttpResponseMessage answer = await client.GetAsync(hub.Page, Cancelled);
        using WebPage tom = await WebPage.OpenAsAsync(hub.Page, "Tom", configure: tls => Trust(tls, certificate));

        Assert.Equal("https", hub.Page.Scheme);
        Assert.Contains("; secure", Assert.Single(answer.Headers.GetValues("Set-Cookie")), StringComparison.OrdinalIgnoreCase);
        string plain = await RawHttp.AskAsync(hub.Page, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Assert.DoesNotContain("200 OK", plain);
    }

    private static void Trust(SocketsHttpHandler handler, TlsCertificate certificate) =>
        handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) => shown!.GetCertHashString() == certificate.Certificate.GetCertHashString();

    private static void ReceivesLittle(SocketsHttpHandler handler, Action<Socket>? made = null) => handler.ConnectCallback = async (context, cancelled) =>
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        made?.Invoke(socket);
        await socket.ConnectAsync(context.DnsEndPoint, cancelled);
        return new NetworkStream(socket, ownsSocket: true);
    };

    private static async Task FloodAsync(WebPage page)
    {
        while (true)
            await page.SendAsync(new { type = "history", conversation = 1, count = 200 });
    }
}
