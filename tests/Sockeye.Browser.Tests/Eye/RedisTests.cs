using System.Globalization;
using Microsoft.Playwright;
using Sockeye.Interop.Tests.Peers;
using static Microsoft.Playwright.Assertions;

namespace Sockeye.Browser.Tests.Eye;

/// <summary>A real client talks to a real server, and the eye sees it: Redis.</summary>
public sealed class RedisTests(Chromium chromium) : EyeTests(chromium)
{
    [Fact]
    public async Task A_session_of_Redis_is_seen_and_its_password_is_not()
    {
        using ScratchFolder folder = new();
        string socket = folder.PathOf("redis.sock");
        await using Peer server = Peer.Start(
            Programs.Find("redis-server"), ["--port", "0", "--unixsocket", socket, "--requirepass", "hunter2", "--save", "", "--dir", folder.PathOf(".")]);
        await server.SaysAsync("Ready to accept connections");
        Task relaying = Eye.RelayNextAsync(Address.Parse($"unix://{socket}"));
        string port = Eye.Door.Address.Port.ToString(CultureInfo.InvariantCulture);
        await using Peer client = Peer.Start(Programs.Find("redis-cli"), ["-h", "127.0.0.1", "-p", port]);
        await client.TypeAsync("AUTH hunter2");
        await client.SaysAsync("OK");
        await client.TypeAsync("SET fish salmon");
        await client.SaysAsync("OK");
        await client.TypeAsync("GET fish");
        await client.SaysAsync("salmon");
        await relaying.WaitAsync(Hang.Limit);

        Viewer ana = await OpenAsync();
        await ana.LookAtAsync(1);
        await Expect(ana.Events.Filter(new LocatorFilterOptions { HasText = "$6↵salmon↵" })).ToHaveCountAsync(2);
        await ana.ChooseAsync("AUTH");
        await Expect(ana.Panel).ToHaveTextAsync("*2↵\n$4↵\nAUTH↵\n$7↵\n*******↵\n");
        await Expect(ana.Page.Locator("body")).Not.ToContainTextAsync("hunter2");
        await ana.ShotAsync("eye-10-redis-desk");

        client.EndInput();
        await client.EndAsync();
        await Expect(ana.Events.Filter(new LocatorFilterOptions { HasText = "FIN" })).ToHaveCountAsync(2);
    }
}
