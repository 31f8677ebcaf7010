using System.Text.RegularExpressions;
using Sockeye.Interop.Tests.Peers;
using static Microsoft.Playwright.Assertions;

namespace Sockeye.Browser.Tests;

/// <summary>Two browsers, telnet, nc on the Unix socket and the textbook's UDP client in one conversation, which one of them reloads and the hub is restarted in.</summary>
public sealed partial class ConversationTests(Chromium chromium) : PageTests(chromium)
{
    private readonly List<string> _said = [];

    [Fact]
    public async Task All_end_with_the_same_history()
    {
        Person ana = await EnterAsync("Ana");
        Person bo = await EnterAsync("Bo");
        await TalkAsync(ana, bo, "hello");
        await bo.Page.ReloadAsync();
        await Expect(bo.Saying("hello from a page")).ToBeVisibleAsync();

        await Hub.StopAsync();
        await ana.WriteAsync("is anybody there?");
        await Expect(ana.Pending).ToContainTextAsync("is anybody there?");
        await Hub.OpenAsync();
        await Expect(bo.Saying("is anybody there?")).ToBeVisibleAsync();
        _said.Add("Ana: is anybody there?");

        foreach (string[] history in await TalkAsync(ana, bo, "hello again"))
            Assert.Equal(_said, history);
        string[] texts = [.. _said.Select(line => line[(line.IndexOf(' ') + 1)..])];
        Assert.Equal(texts, await ana.TextsAsync());
        Assert.Equal(texts, await bo.TextsAsync());
    }

    private protected override Task<RunningHub> StartAsync() => RunningHub.StartWithAllDoorsAsync();

    /// <summary>Each says something when all pages have what was said before.</summary>
    /// <returns>What those without a page are shown of the room in the end.</returns>
    private async Task<string[][]> TalkAsync(Person ana, Person bo, string greeting)
    {
        await using Peer tom = await EnterAsync(Programs.Telnet(Hub.Door("tcp")), "Tom");
        await using Peer uma = await EnterAsync(Programs.Netcat("-U", Hub.Door("unix").UnixPath()), "Uma");
        await using Peer jack = Programs.Python("udp_chat_contact.py", Hub.Door("udp").HostAndPort());
        await jack.TypeAsync("/name Jack");
        await jack.SaysAsync("You are in #lobby");

        foreach ((Peer peer, string name, string by) in new[] { (tom, "Tom", "by telnet"), (uma, "Uma", "by nc, 你好"), (jack, "Jack", "by UDP") })
        {
            await peer.TypeAsync($"{greeting} {by}");
            await HeardAsync($"{name}: {greeting} {by}");
        }

        await bo.SayAsync($"{greeting} from a page");
        await HeardAsync($"Bo: {greeting} from a page");
        await ana.SayAsync($"{greeting} from another");
        await HeardAsync($"Ana: {greeting} from another");
        await tom.SaysAsync(_said[^1]);
        await uma.SaysAsync(_said[^1]);
        await jack.TypeAsync("/more"); // the textbook's client hears what is new with an answer
        await jack.SaysAsync(_said[^1]);
        return [await HistoryAsync(tom), await HistoryAsync(uma), await HistoryAsync(jack)];

        async Task HeardAsync(string line)
        {
            _said.Add(line);
            string text = line[(line.IndexOf(' ') + 1)..];
            await Expect(ana.Saying(text)).ToBeVisibleAsync();
            await Expect(bo.Saying(text)).ToBeVisibleAsync();
        }
    }

    private static async Task<Peer> EnterAsync(Peer peer, string name)
    {
        await peer.SaysAsync("name?");
        await peer.TypeAsync(name);
        await peer.SaysAsync("You are in #lobby");
        return peer;
    }

    private static async Task<string[]> HistoryAsync(Peer peer)
    {
        int before = peer.Output.Length;
        await peer.TypeAsync("/history 50");
        await peer.TypeAsync("/nonsense"); // answered after the one before it
        await peer.SaysAsync("There is no command /nonsense");
        return [.. SaidLine().Matches(peer.Output[before..]).Select(match => match.Groups[1].Value)];
    }

    [GeneratedRegex(@"\[\d\d:\d\d\] (\w+: [^\r\n]*)")]
    private static partial Regex SaidLine();
}
