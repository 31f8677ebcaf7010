using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Sockeye.Hub.Domain;
using Sockeye.Hub.Storage;
using Sockeye.Hub.Tests.Gateways.Text;
using Sockeye.Hub.Tests.Gateways.Web;
using Sockeye.Hub.Tests.Storage;

namespace Sockeye.Hub.Tests.Watching;

/// <summary>The wire: who sees which connections, and what of them.</summary>
public class WireTests
{
    private const string Password = "correct horse";

    private static readonly HubOptions AllDoors = WebHub.Options with { Text = "tcp://127.0.0.1:0", Udp = "udp://127.0.0.1:0" };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everybody_sees_their_own_connections_by_all_doors_and_nobody_elses()
    {
        await using WebHub hub = await WebHub.StartAsync(AllDoors);
        using WebPage page = await WebPage.OpenAsAsync(hub.Page, "Tom");
        await KeepNameAsync(page);
        await using TextPeer telnet = await ComeAsTomAsync(hub);
        using WebPage jack = await WebPage.OpenAsAsync(hub.Page, "Jack");

        JsonElement seen = await WiresAsync(page);

        Assert.Equal(2, seen.GetProperty("count").GetInt32());
        JsonElement[] wires = [.. seen.GetProperty("wires").EnumerateArray()];
        Assert.Equal(["web", "text"], wires.Select(wire => Text(wire, "door")));
        Assert.Equal(["WebSocket", null], wires.Select(wire => Text(wire, "layer")));
        Assert.Equal([true, false], wires.Select(wire => wire.GetProperty("page").GetBoolean()));
        Assert.All(wires, wire => Assert.Equal(("Tom", true), (Text(wire, "who"), wire.GetProperty("own").GetBoolean())));
        Assert.Equal($"{telnet.Connection.LocalEndPoint}", Text(wires[1], "from"));
        Assert.Equal(telnet.Connection.BytesSent, wires[1].GetProperty("received").GetInt64());
        Assert.All(wires, wire => Assert.True(wire.GetProperty("sent").GetInt64() > 0));
        Assert.All(wires, wire => Assert.True(wire.GetProperty("seconds").GetDouble() > 0));
        if (OperatingSystem.IsLinux())
            Assert.All(wires, wire => Assert.True(wire.GetProperty("roundTrip").GetDouble() > 0));
        Assert.Equal(1, (await WiresAsync(jack)).GetProperty("count").GetInt32());
    }

    [Fact]
    public async Task A_connection_by_TLS_is_said_to_be_one()
    {
        using StoreDirectory directory = new();
        using TlsCertificate certificate = TlsCertificate.CreateSelfSigned();
        HubOptions options = await (WebHub.Options with { Text = "tls://127.0.0.1:0" }).WithTlsAsync(certificate, directory.Path);
        MemoryStore store = new();
        await using WebHub hub = await WebHub.StartAsync(options, store: store);
        using WebPage owner = await WebPage.OpenAsAsync(hub.Page, "Jill");
        await BecomeOwnerAsync(owner, store);
        await using TextPeer tom = await new TextPeer(await Network.Host.ConnectAsync(
            hub.Server.Addresses.Single(door => door.StartsWith("tls:", StringComparison.Ordinal)),
            new ConnectorOptions { Tls = new TlsClientOptions { AllowUntrusted = true } },
            Cancelled)).AsAsync("Tom");

        JsonElement seen = await WiresAsync(owner);

        Assert.Equal(["TLS 1.3"], seen.GetProperty("wires").EnumerateArray().Where(wire => Text(wire, "door") == "text").Select(wire => Text(wire, "layer")));
    }

    [Fact]
    public async Task Two_pages_of_one_browser_see_each_other_whoever_they_are()
    {
        await using WebHub hub = await WebHub.StartAsync();
        string cookie = WebPage.NewCookie();
        using WebPage tom = await WebPage.OpenAsAsync(hub.Page, "Tom", cookie);
        using WebPage nobody = await WebPage.OpenAsync(hub.Page, cookie);

        Assert.Equal(2, (await WiresAsync(nobody)).GetProperty("count").GetInt32());
    }

    [Fact]
    public async Task What_crosses_my_telnet_is_shown_as_it_happens()
    {
        await using WebHub hub = await WebHub.StartAsync(AllDoors);
        using WebPage page = await WebPage.OpenAsAsync(hub.Page, "Tom");
        await KeepNameAsync(page);
        await using TextPeer telnet = await ComeAsTomAsync(hub);
        await WatchAsync(page, "text");

        await telnet.SendAsync("hel"u8.ToArray());
        await EventsAsync(page, "received");
        await telnet.SendAsync("lo\n/rooms\n"u8.ToArray());
        List<JsonElement> events = await EventsAsync(page, "sent");
        await telnet.Connection.Output.CompleteAsync();
        events.AddRange(await EventsAsync(page, "closed"));

        Assert.Equal("received 10", Lines(events)[0]);
        Assert.Contains("frame 5 \"hello\"", Lines(events));
        Assert.Contains("frame 6 \"/rooms\"", Lines(events));
        Assert.Contains(Lines(events), line => line.StartsWith("sent ", StringComparison.Ordinal) && line.Contains("#lobby", StringComparison.Ordinal) && line.EndsWith("\\r\\n\"", StringComparison.Ordinal));
        Assert.Contains("halfClosedByPeer 0", Lines(events));
        double[] times = [.. events.Select(happened => happened.GetProperty("at").GetDouble())];
        Assert.Equal(times.Order(), times);
    }

    [Theory]
    [InlineData("/password {0}")]
    [InlineData("/password\n{0}\n{0}")]
    [InlineData("/Password   {0}")]
    [InlineData("/pasword {0}")]
    [InlineData("  /password {0}")]
    [InlineData("/owner {0}")]
    [InlineData("/name Tom {0}")]
    public async Task What_may_be_a_password_is_not_shown_of_a_line(string typed)
    {
        await using WebHub hub = await WebHub.StartAsync(AllDoors);
        using WebPage page = await WebPage.OpenAsAsync(hub.Page, "Tom");
        await KeepNameAsync(page);
        await using TextPeer telnet = await ComeAsTomAsync(hub);
        await WatchAsync(page, "text");

        await telnet.TypeAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, typed, "s3cr3t-word") + "\nsentinel");

        string all = await EverythingAsync(page, "sentinel");
        Assert.Contains("\"frame\"", all);
        Assert.DoesNotContain("s3cr3t", all);
    }

    [Fact]
    public async Task The_password_that_a_name_is_asked_for_is_not_shown()
    {
        MemoryStore store = new();
        await using WebHub hub = await WebHub.StartAsync(AllDoors, store: store);
        using WebPage page = await WebPage.OpenAsAsync(hub.Page, "Tom");
        await KeepNameAsync(page);
        await BecomeOwnerAsync(page, store);
        await using TextPeer telnet = await ConnectAsync(hub);
        await telnet.SaysAsync("What is your name?");
        await WatchAsync(page, "text");

        await telnet.TypeAsync("Tom", Password, "sentinel");
        await page.NextAsync("message", message => Text(message, "text") == "sentinel");
        await telnet.TypeAsync("/quit");

        // An owner sees that lines came, of a connection that was nobody's when it was chosen.
        string all = string.Concat((await EventsAsync(page, "closed")).Select(happened => happened.GetRawText()));
        Assert.Contains("\"hidden\":true", all);
        Assert.DoesNotContain("horse", all);
        Assert.DoesNotContain("sentinel", all);
    }

    [Theory]
    [InlineData("{\"type\":\"password\",\"password\":\"s3cr3t-word\"}")]
    [InlineData("{\"type\":\"name\",\"name\":\"Tommy\",\"password\":\"s3cr3t-word\"}")]
    [InlineData("{\"type\":\"claim\",\"secret\":\"s3cr3t-word\"}")]
    [InlineData("{\"type\":\"pasword\",\"password\":\"s3cr3t-word\"}")]
    [InlineData("{\"type\":\"password\",\"password\":\"s3cr3t-word\"")]
    public async Task What_may_be_a_password_is_not_shown_of_a_page(string message)
    {
        await using WebHub hub = await WebHub.StartAsync();
        string cookie = WebPage.NewCookie();
        using WebPage page = await WebPage.OpenAsAsync(hub.Page, "Tom", cookie);
        using WebPage other = await WebPage.OpenAsAsync(hub.Page, "Tom", cookie);
        await WatchAsync(page, "web", isPage: false);

        await other.SendAsync(message);
        await other.SendAsync(new { type = "say", room = "lobby", text = "sentinel" });

        string all = await EverythingAsync(page, "sentinel");
        Assert.Contains("\"hidden\":true", all);
        Assert.DoesNotContain("s3cr3t", all);
    }

    [Fact]
    public async Task Datagrams_are_shown_and_passwords_in_them_are_not()
    {
        MemoryStore store = new();
        await using WebHub hub = await WebHub.StartAsync(AllDoors, store: store);
        using WebPage page = await WebPage.OpenAsAsync(hub.Page, "Tom");
        await KeepNameAsync(page);
        string address = hub.Server.Addresses.Single(door => door.StartsWith("udp:", StringComparison.Ordinal));
        await using DatagramSocket socket = await Network.Host.ConnectDatagramAsync(address, Cancelled);
        await AskAsync(socket, $"/name Tom {Password}");
        await WatchAsync(page, "udp");

        await AskAsync(socket, "/password s3cr3t-word");
        await AskAsync(socket, "#17 sentinel");

        string all = await EverythingAsync(page, "sentinel");
        Assert.DoesNotContain("s3cr3t", all);
        Assert.Contains("\"sent\"", all);
    }

    [Fact]
    public async Task The_wires_own_traffic_is_counted_and_not_shown()
    {
        await using WebHub hub = await WebHub.StartAsync();
        using WebPage page = await WebPage.OpenAsAsync(hub.Page, "Tom");
        long before = (await WiresAsync(page)).GetProperty("wires")[0].GetProperty("received").GetInt64();
        await WatchAsync(page, "web");

        for (int i = 0; i < 10; i++)
            await WiresAsync(page);
        await page.SendAsync(new { type = "say", room = "lobby", text = "sentinel", key = "k1" });
        string all = await EverythingAsync(page, "k1");

        Assert.Equal(2, all.Split("\"received\"").Length);
        Assert.DoesNotContain("wire", all);
        Assert.True((await WiresAsync(page)).GetProperty("wires")[0].GetProperty("received").GetInt64() > before + 100);
    }

    [Fact]
    public async Task Somebody_elses_connection_is_gone_for_who_is_not_the_owner()
    {
        await using WebHub hub = await WebHub.StartAsync();
        using WebPage tom = await WebPage.OpenAsAsync(hub.Page, "Tom");
        using WebPage jack = await WebPage.OpenAsAsync(hub.Page, "Jack");
        string id = Text((await WiresAsync(jack)).GetProperty("wires")[0], "id")!;

        await tom.SendAsync(new { type = "watch", wire = id });

        Assert.True((await tom.NextAsync("wire")).GetProperty("gone").GetBoolean());
    }

    [Fact]
    public async Task The_owner_sees_all_connections_and_of_others_not_what_they_say()
    {
        MemoryStore store = new();
        await using WebHub hub = await WebHub.StartAsync(AllDoors, store: store);
        using WebPage owner = await WebPage.OpenAsAsync(hub.Page, "Tom");
        await BecomeOwnerAsync(owner, store);
        await using TextPeer jack = await (await ConnectAsync(hub)).AsAsync("Jack");
        using WebPage jill = await WebPage.OpenAsAsync(hub.Page, "Jill");

        JsonElement seen = await WiresAsync(owner);
        await WatchAsync(owner, "text");
        await jack.TypeAsync("/msg Jill for you alone");
        await jill.SendAsync(new { type = "tell", to = "Jack", text = "and for you" });
        List<JsonElement> events = await EventsAsync(owner, "sent");
        await jack.TypeAsync("/quit");
        events.AddRange(await EventsAsync(owner, "closed"));

        Assert.Equal(["Tom", "Jack", "Jill"], seen.GetProperty("wires").EnumerateArray().Select(wire => Text(wire, "who")));
        Assert.Contains(events, happened => Text(happened, "kind") == "frame" && happened.GetProperty("bytes").GetInt64() == 23);
        Assert.All(events, happened => Assert.False(happened.TryGetProperty("text", out _)));
        Assert.All(events.Where(happened => Text(happened, "kind") is "frame" or "sent"), happened => Assert.True(happened.GetProperty("hidden").GetBoolean()));
    }

    [Fact]
    public async Task Who_looks_away_is_shown_nothing_more()
    {
        await using WebHub hub = await WebHub.StartAsync();
        string cookie = WebPage.NewCookie();
        using WebPage page = await WebPage.OpenAsAsync(hub.Page, "Tom", cookie);
        using WebPage other = await WebPage.OpenAsAsync(hub.Page, "Tom", cookie);
        await WatchAsync(page, "web", isPage: false);
        await page.SendAsync(new { type = "watch", wire = (string?)null });
        await WiresAsync(page);

        await other.SendAsync(new { type = "say", room = "lobby", text = "sentinel" });

        await page.NextAsync("message", message => Text(message, "text") == "sentinel");
        await page.SendAsync(new { type = "people", room = "lobby" });
        for (JsonElement next = await page.NextAsync(); Text(next, "type") != "people"; next = await page.NextAsync())
            Assert.NotEqual("wire", Text(next, "type"));
    }

    private static async Task KeepNameAsync(WebPage page)
    {
        await page.SendAsync(new { type = "password", password = Password });
        await page.NextAsync("password");
    }

    private static async Task BecomeOwnerAsync(WebPage page, MemoryStore store)
    {
        OwnerInvitation invitation = OwnerInvitation.Create(DateTimeOffset.UtcNow);
        await store.AskAsync(invitation.ToRequest());
        await page.SendAsync(new { type = "claim", secret = invitation.Secret });
        await page.NextAsync("owner");
    }

    private static async Task<TextPeer> ConnectAsync(WebHub hub) =>
        new(await Network.Host.ConnectAsync(hub.Server.Addresses.Single(door => door.StartsWith("tcp:", StringComparison.Ordinal)), Cancelled));

    private static async Task<TextPeer> ComeAsTomAsync(WebHub hub)
    {
        TextPeer telnet = await ConnectAsync(hub);
        await telnet.SaysAsync("What is your name?");
        await telnet.TypeAsync("Tom", Password);
        await telnet.SaysAsync("* You are in #");
        await telnet.LineAsync();
        await telnet.SettleAsync();
        return telnet;
    }

    private static async Task AskAsync(DatagramSocket socket, string text)
    {
        await socket.SendAsync(Encoding.UTF8.GetBytes(text), Cancelled);
        byte[] answer = new byte[2048];
        await socket.ReceiveAsync(answer, Cancelled).AsTask().WaitAsync(Hang.Limit);
    }

    private static async Task<JsonElement> WiresAsync(WebPage page)
    {
        await page.SendAsync(new { type = "wires" });
        return await page.NextAsync("wires");
    }

    /// <summary>Watches the connection of a door, and returns when it does.</summary>
    private static async Task WatchAsync(WebPage page, string door, bool isPage = true)
    {
        JsonElement seen = await WiresAsync(page);
        JsonElement wire = seen.GetProperty("wires").EnumerateArray().First(wire => Text(wire, "door") == door && (door != "web" || wire.GetProperty("page").GetBoolean() == isPage));
        await page.SendAsync(new { type = "watch", wire = Text(wire, "id") });

        // Answered in the order of the questions.
        await WiresAsync(page);
    }

    /// <summary>The events up to one of that kind.</summary>
    private static async Task<List<JsonElement>> EventsAsync(WebPage page, string kind)
    {
        List<JsonElement> events = [];
        while (!events.Exists(happened => Text(happened, "kind") == kind))
            events.AddRange((await page.NextAsync("wire")).GetProperty("events").EnumerateArray());
        return events;
    }

    /// <summary>All that is told of the wire up to something that is shown.</summary>
    private static async Task<string> EverythingAsync(WebPage page, string sentinel)
    {
        StringBuilder all = new();
        while (!all.ToString().Contains(sentinel, StringComparison.Ordinal))
            all.Append((await page.NextAsync("wire")).GetProperty("events").GetRawText());
        return all.ToString();
    }

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();

    private static string[] Lines(List<JsonElement> events) =>
        [.. events.Select(happened => $"{Text(happened, "kind")} {happened.GetProperty("bytes")}{(happened.TryGetProperty("text", out JsonElement text) ? $" {text}" : "")}")];
}
