using System.Net;
using System.Net.Sockets;
using Sockeye.Hub.Domain;
using Sockeye.Hub.Gateways;
using Sockeye.Hub.Gateways.Text;
using Sockeye.Hub.Gateways.Web;

namespace Sockeye.Hub.Tests.Gateways.Text;

/// <summary>How far a peer of the plain-text door can go, and what it is told.</summary>
public class TextLimitTests
{
    [Fact]
    public async Task One_address_has_so_many_connections_and_room_again_when_one_ends()
    {
        await using TextHub hub = await TextHub.StartAsync(new HubOptions { LimitsLoopback = true, TextConnectionsPerAddressMax = 2 });
        await using TextPeer tom = await hub.ComeAsync("Tom");
        TextPeer jack = await hub.ComeAsync("Jack");
        await using TextPeer refused = await hub.ConnectAsync();
        Assert.Equal("! There are 2 connections from your address already, the most there may be: close one first.\r\n", await refused.EndAsync());
        await using TextPeer unix = await hub.ComeAsync("Unix", TextHub.Unix);

        await jack.DisposeAsync();
        await tom.SaysAsync("* Jack has left.\r\n");
        while (true)
        {
            // The place is free when the connection is closed to its end, a moment later.
            await using TextPeer rose = await hub.ConnectAsync();
            await rose.TypeAsync("Rose", "quit");
            if ((await rose.EndAsync()).Contains("Hello, Rose.", StringComparison.Ordinal))
                break;
        }
    }

    [Fact]
    public async Task This_machines_own_connections_are_not_counted_by_address_unless_told()
    {
        await using TextHub hub = await TextHub.StartAsync(new HubOptions { TextConnectionsPerAddressMax = 1 });
        await using TextPeer tom = await hub.ComeAsync("Tom");
        await using TextPeer jack = await hub.ComeAsync("Jack");
    }

    [Fact]
    public async Task The_door_has_so_many_connections()
    {
        await using TextHub hub = await TextHub.StartAsync(new HubOptions { TextConnectionsMax = 2 });
        await using TextPeer tom = await hub.ComeAsync("Tom");
        await using TextPeer jack = await hub.ComeAsync("Jack", TextHub.Unix);
        await using TextPeer refused = await hub.ConnectAsync(TextHub.Unix);

        Assert.Equal("! This hub is full: it has 2 connections. Come again later.\r\n", await refused.EndAsync());
    }

    [Fact]
    public async Task So_many_beyond_the_limit_are_told_so_at_a_time_and_more_are_closed_without_a_word()
    {
        await using TextHub hub = await TextHub.StartAsync(new HubOptions { TextConnectionsMax = 1 });
        await using TextPeer tom = await hub.ComeAsync("Tom");
        List<TextPeer> refused = [];
        for (int i = 0; i < TextDoor.RefusalsMax; i++)
        {
            // It is told, and holds its place as it does not end, on a clock that stands.
            refused.Add(await hub.ConnectAsync());
            Assert.Equal("! This hub is full: it has 1 connections. Come again later.", await refused[i].LineAsync());
        }

        await using TextPeer closed = await hub.ConnectAsync();
        Assert.Equal("", await closed.EndAsync());
        await tom.SettleAsync();
        foreach (TextPeer peer in refused)
            peer.Connection.Abort();
    }

    [Fact]
    public async Task A_flood_from_many_addresses_of_one_64_is_one_flood()
    {
        const string Lan = "tcp://[2001:db8::1]:8888";
        ChatLimits limits = new() { PerOrigin = new(Burst: 20, PerSecond: 0) };
        await using TextHub hub = await TextHub.StartAsync(new HubOptions { Text = "tcp6://[::]:8888" }, limits: limits);
        foreach (string address in new[] { "2001:db8::1", "2001:db8::2", "2001:db8::ffff:3", "2001:db8:0:1::2" })
            hub.Network.AddAddress(IPAddress.Parse(address));
        await using TextPeer tom = await ComeFromAsync(hub, "2001:db8::2", Lan, "Tom");
        await using TextPeer jack = await ComeFromAsync(hub, "2001:db8::ffff:3", Lan, "Jack");
        await using TextPeer rose = await ComeFromAsync(hub, "2001:db8:0:1::2", Lan, "Rose");
        await tom.TypeAsync([.. Enumerable.Range(1, 10).Select(i => $"line {i}")]);
        await tom.SettleAsync();
        await jack.TypeAsync([.. Enumerable.Range(1, 10).Select(i => $"line {i}")]);

        await jack.SaysAsync("! Too many messages in too short a time: this one was not taken. Wait a little.\r\n");
        await rose.TypeAsync("another network");
        await tom.SaysAsync("Rose: another network\r\n");
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    [InlineData("fe80::1%3", "fe80::/64")]
    public void What_is_done_counts_by_the_same_as_connections(string address, string host)
    {
        IPEndPoint remote = new(IPAddress.Parse(address), 4711);

        Assert.Equal(host, AddressKeys.HostOf(remote));
        Assert.Equal(host, new WebPeer("web:1", remote, null).Host);
    }

    [Fact]
    public async Task Rooms_that_may_not_be_open_hold_nobody_back_who_returns()
    {
        await using TextHub hub = await TextHub.StartAsync(limits: new() { OpenRoomsMax = 3 });
        TextPeer tom = await hub.ComeAsync("Tom");
        await tom.TypeAsync("/join one", "/join two", "quit");
        await tom.EndAsync();
        await using TextPeer jack = await hub.ComeAsync("Jack", TextHub.Unix);
        await jack.TypeAsync("/join a", "/join b", "/join lobby");
        await jack.SettleAsync();
        await using TextPeer again = await hub.ConnectAsync();
        await again.TypeAsync("Tom", "hello", "/who");

        await again.SaysAsync("! You are not in one now: there are as many rooms open as there may be. Join it later.\r\n");
        await again.SaysAsync("! You are not in two now: there are as many rooms open as there may be. Join it later.\r\n");
        await again.SaysAsync("* 2 people are in #lobby: Jack and you.\r\n");
        await jack.SaysAsync("Tom: hello\r\n");
    }

    [Fact]
    public async Task A_reason_to_be_away_that_is_too_long_is_refused_and_one_is_not_away()
    {
        await using TextHub hub = await TextHub.StartAsync();
        await using TextPeer tom = await hub.ComeAsync("Tom");
        string longest = new('x', 80);
        await tom.TypeAsync($"/away {longest}y", "/away", $"/away {longest}", "/who", "/away", "/away");

        Assert.Equal(
            ["! The reason has 81 characters, and 80 are the most: say it shorter.", "* You are away; /back when you are back.",
                "* You are away; /back when you are back.", "* Only you are in #lobby.", "* You are back.", "* You are away; /back when you are back."],
            await tom.LinesAsync(6));
    }

    [Fact]
    public void IPv6_counts_by_64_bits_and_IPv4_whole()
    {
        ConnectionLimits limits = new(connectionsMax: 100, perAddressMax: 1, limitsLoopback: false);

        Assert.True(TryEnter(limits, "2001:db8::1"));
        Assert.False(TryEnter(limits, "2001:db8::ffff:1"));
        Assert.True(TryEnter(limits, "2001:db8:0:1::1"));
        Assert.True(TryEnter(limits, "192.0.2.1"));
        Assert.False(TryEnter(limits, "::ffff:192.0.2.1"));
        Assert.True(TryEnter(limits, "192.0.2.2"));
        limits.Leave(new IPEndPoint(IPAddress.Parse("2001:db8::1"), 1));
        Assert.True(TryEnter(limits, "2001:db8::2"));
        for (int i = 0; i < 3; i++)
        {
            Assert.True(TryEnter(limits, "127.0.0.1"));
            Assert.True(TryEnter(limits, "::1"));
            Assert.True(TryEnter(limits, "::ffff:127.0.0.2"));
        }

        Assert.False(TryEnter(new ConnectionLimits(0, 1, limitsLoopback: false), "127.0.0.1"));
    }

    [Fact]
    public async Task One_address_is_in_so_many_TLS_handshakes_and_what_is_done_or_given_up_counts_no_more()
    {
        using TlsCertificate certificate = TlsCertificate.CreateSelfSigned();
        await using MemoryNetwork network = new();
        await using Listener listener = await network.ListenAsync("tls://127.0.0.1:0", new ListenerOptions { Tls = new TlsServerOptions { Certificate = certificate } });
        HandshakeLimits limits = new(perAddressMax: 2, limitsLoopback: true);
        List<Connection> accepted = [];
        for (int i = 0; i < 3; i++)
        {
            await network.ConnectAsync($"tcp://127.0.0.1:{listener.Address.Port}");
            accepted.Add((await listener.AcceptAsync())!);
        }

        Assert.Equal([true, true, false], accepted.Select(limits.TryBegin));
        limits.End(accepted[2]);
        Assert.False(limits.TryBegin(accepted[2]));
        limits.End(accepted[0]);
        limits.End(accepted[0]);
        Assert.True(limits.TryBegin(accepted[2]));
        Assert.False(limits.TryBegin(accepted[0]));
        foreach (Connection connection in accepted)
            connection.Abort();
    }

    [Theory]
    [InlineData("")]
    [InlineData("Tom")]
    public async Task Who_gives_no_name_is_sent_away_after_a_while_and_who_has_one_never(string name)
    {
        await using TextHub hub = await TextHub.StartAsync();
        await using TextPeer named = await hub.ComeAsync("Named");
        await using TextPeer nobody = await hub.ConnectAsync();
        if (name.Length > 0)
            await nobody.TypeAsync("no name at all", "/help");

        Task<string> end = nobody.EndAsync();
        await hub.PassTimeUntilAsync(end, TimeSpan.FromSeconds(1));
        Assert.EndsWith("! No name has come: good-bye. Come again when you have one.\r\n", await end, StringComparison.Ordinal);
        hub.Clock.Advance(10 * TextHub.Limits.NamelessTimeout);
        await named.SettleAsync();
    }

    [Fact]
    public async Task A_line_that_is_too_long_is_refused_and_the_next_is_not()
    {
        await using TextHub hub = await TextHub.StartAsync();
        await using TextPeer tom = await hub.ComeAsync("Tom");
        await using TextPeer jack = await hub.ComeAsync("Jack");
        await tom.TypeAsync(new string('x', 4001), new string('x', 4257), "short");

        Assert.Equal("[18:02] Tom: short", await jack.LineAsync());
        await tom.SaysAsync("! A line has 4256 bytes at most, and this one was not taken: say it in parts.\r\n");
        await tom.SaysAsync("! The message has 4001 bytes, and 4000 are the most: say it in parts.\r\n");
    }

    [Fact]
    public async Task A_line_without_an_end_is_the_end()
    {
        await using TextHub hub = await TextHub.StartAsync();
        await using TextPeer tom = await hub.ComeAsync("Tom");
        Task sending = tom.SendAsync(Enumerable.Repeat((byte)'x', TextHub.Limits.EndlessLineBytesMax + TextHub.Limits.PageMessages + 5000).ToArray());

        Assert.EndsWith("! This has no end: good-bye.\r\n", await tom.EndAsync(), StringComparison.Ordinal);
        await sending;
    }

    [Fact]
    public async Task So_is_an_option_of_telnet_without_an_end()
    {
        await using TextHub hub = await TextHub.StartAsync();
        await using TextPeer tom = await hub.ComeAsync("Tom");
        await tom.SendAsync([255, 250, .. new byte[2000]]);

        Assert.Equal("! This has no end: good-bye.\r\n", await tom.EndAsync());
    }

    [Fact]
    public async Task Names_that_look_alike_are_one()
    {
        await using TextHub hub = await TextHub.StartAsync();
        await using TextPeer jack = await hub.ComeAsync("Jack");
        await using TextPeer other = await hub.ConnectAsync(TextHub.Unix);
        await other.SaysAsync("What is your name?\r\n");
        await other.TypeAsync("JACK", "Ｊａｃｋ", "Jаck", "Ja\u200bck", new string('n', 25));

        string[] lines = await other.LinesAsync(5);
        Assert.Equal("! JACK is here already: take another name.", lines[0]);
        Assert.Equal("! Ｊａｃｋ looks like Jack, who is here: take another name.", lines[1]);
        Assert.All(lines[2..4], line => Assert.StartsWith("! ", line, StringComparison.Ordinal));
        Assert.Equal("! A name has 24 characters at most.", lines[4]);
    }

    private static async Task<TextPeer> ComeFromAsync(TextHub hub, string address, string to, string name)
    {
        NetworkSocket socket = hub.Network.CreateSocket(AddressFamily.InterNetworkV6, SocketType.Stream);
        socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
        await socket.ConnectAsync(Address.Parse(to).EndPoint);
        return await new TextPeer(hub.Network.CreateConnection(socket)).AsAsync(name);
    }

    private static bool TryEnter(ConnectionLimits limits, string address) => limits.TryEnter(new IPEndPoint(IPAddress.Parse(address), 4711), out _);
}
