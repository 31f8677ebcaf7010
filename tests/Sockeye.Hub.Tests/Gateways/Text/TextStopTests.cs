using Sockeye.Hub.Domain;
using Sockeye.Hub.Storage;
using Sockeye.Interop.Tests.Peers;

namespace Sockeye.Hub.Tests.Gateways.Text;

/// <summary>The hub stops, and starts again on what it kept.</summary>
public sealed class TextStopTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Everybody_is_told_and_the_hub_ends_though_one_reads_nothing()
    {
        await using TextHub hub = await TextHub.StartAsync(new HubOptions { QueueMessagesMax = 4 });
        await using TextPeer stuck = await hub.ComeAsync("Stuck");
        await using TextPeer tom = await hub.ComeAsync("Tom");
        await using TextPeer jack = await hub.ComeAsync("Jack", TextHub.Unix);
        await using TextPeer late = await hub.ComeAsync("Late");
        await using TextPeer nameless = await hub.ConnectAsync(TextHub.Unix);
        await nameless.SaysAsync("What is your name?\r\n");
        string padding = new('x', 3900);
        for (int i = 0; i < 150; i++)
        {
            await tom.TypeAsync($"{i} {padding}");
            await jack.SaysAsync($"Tom: {i} ");
            await jack.LineAsync();
        }

        await hub.StopAsync();

        // One of those who have not read comes to it when it is time to go, and reads what waited, and the last word.
        foreach (TextPeer peer in new[] { tom, jack, nameless, late })
            Assert.EndsWith("* The hub is closing. Good-bye.\r\n", await peer.EndAsync(), StringComparison.Ordinal);
        await hub.PassTimeUntilAsync(hub.Running, TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public async Task One_who_is_held_back_while_pasting_is_let_go()
    {
        await using TextHub hub = await TextHub.StartAsync();
        await using TextPeer reader = await hub.ComeAsync("Reader");
        await using TextPeer tom = await hub.ComeAsync("Tom");
        await tom.TypeAsync([.. Enumerable.Range(1, 1000).Select(i => $"line {i}")]);
        await reader.SaysAsync("Tom: line 190\r\n");

        await hub.StopAsync();
        Assert.EndsWith(
            "* The hub is closing. Good-bye.\r\n! The last of what you sent was not taken any more: say it again when the hub is back.\r\n",
            await tom.EndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_said_something_last_learns_that_it_was_not_kept()
    {
        FailingStore store = new();
        await using TextHub hub = await TextHub.StartAsync(store: store);
        await using TextPeer tom = await hub.ComeAsync("Tom");
        store.Holds = request => request is StoreRequest.Append;
        await tom.TypeAsync("my last word");
        StoreRequest? held;
        while (!store.Held.TryDequeue(out held))
            await Task.Yield();

        await hub.StopAsync();
        await tom.SaysAsync("* The hub is closing. Good-bye.\r\n");
        store.Completed!([StoreRules.Fail(held, RefusalCode.StoreFailed, "The disk is full: nothing was kept.")]);
        Assert.EndsWith("! The disk is full: nothing was kept.\r\n", await tom.EndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_said_something_last_that_is_never_answered_learns_that_too()
    {
        FailingStore store = new();
        await using TextHub hub = await TextHub.StartAsync(store: store);
        await using TextPeer tom = await hub.ComeAsync("Tom");
        store.Holds = request => request is StoreRequest.Append;
        await tom.TypeAsync("my last word", "and another");
        while (store.Held.Count < 2)
            await Task.Yield();

        await hub.StopAsync();
        Task<string> end = tom.EndAsync();
        await hub.PassTimeUntilAsync(end, TimeSpan.FromMilliseconds(100));
        Assert.EndsWith("! 2 of your last lines may not have been kept: look when the hub is back.\r\n", await end, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_comes_back_to_the_next_start_has_missed_nothing()
    {
        List<string> said = [];
        await using (HubOnThisMachine hub = await HubOnThisMachine.StartAsync(_folder))
        {
            await using TextPeer tom = await ComeAsync(hub, "Tom", isUnix: false);
            await using TextPeer jack = await ComeAsync(hub, "Jack", isUnix: true);
            await tom.LineAsync();
            for (int i = 0; i < 5; i++)
            {
                await TalkAsync(tom, jack, $"to Jack {i}");
                await TalkAsync(jack, tom, $"to Tom {i}");
            }

            await jack.DisposeAsync();
            await tom.SaysAsync("* Jack has left.\r\n");
            await tom.TypeAsync("while Jack is away", "/msg Jack for you alone");
            await tom.SettleAsync();
            await hub.StopAsync();
            Assert.Equal("* The hub is closing. Good-bye.\r\n", await tom.EndAsync());
        }

        await using HubOnThisMachine again = await HubOnThisMachine.StartAsync(_folder);
        await using TextPeer jackAgain = await ComeAsync(again, "Jack", isUnix: true);
        string history = await jackAgain.SaysAsync("while Jack is away\r\n");
        string[] all = [.. said.Select(line => line[(line.IndexOf(']', StringComparison.Ordinal) + 1)..])];
        int at = 0;
        foreach (string line in all)
        {
            at = history.IndexOf(line, at, StringComparison.Ordinal);
            Assert.True(at >= 0, $"{line} is not in {history}");
        }

        await jackAgain.SettleAsync();
        Assert.Single(jackAgain.All.Split("for you alone").Skip(1));
        Assert.Single(jackAgain.All.Split("* One new message since you left:").Skip(1));
        await using TextPeer tomAgain = await ComeAsync(again, "Tom", isUnix: false);
        await tomAgain.SaysAsync("while Jack is away\r\n");
        Assert.DoesNotContain("since you left", tomAgain.All, StringComparison.Ordinal);
        await TalkAsync(jackAgain, tomAgain, "we are back");

        async Task TalkAsync(TextPeer from, TextPeer to, string text)
        {
            await from.TypeAsync(text);
            await to.SaysAsync($": {text}\r\n");
            said.Add(text);
        }
    }

    private static async Task<TextPeer> ComeAsync(HubOnThisMachine hub, string name, bool isUnix)
    {
        TextPeer peer = new(await Network.Host.ConnectAsync(isUnix ? $"unix://{hub.UnixPath}" : hub.Text));
        return await peer.AsAsync(name);
    }
}
