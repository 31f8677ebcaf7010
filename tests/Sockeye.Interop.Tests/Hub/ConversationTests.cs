using Sockeye.Interop.Tests.Peers;

namespace Sockeye.Interop.Tests.Hub;

/// <summary>One conversation by all doors at once, over the ends and starts of the hub: whoever asks afterwards is told the same.</summary>
public class ConversationTests
{
    private const string PressCtrlC = "is stopped";
    private const string Kill = "is killed";

    [Theory]
    [InlineData(PressCtrlC)]
    [InlineData(Kill)]
    public async Task All_doors_have_one_history_though_one_page_is_reloaded_and_the_hub(string end)
    {
        using ScratchFolder folder = new();
        (string data, string socket) = (folder.PathOf("data"), folder.PathOf("s"));
        List<string> said = [];

        HubPage ana, bo;
        await using (HubPeople first = await HubPeople.StartAsync(data, socket))
        {
            ana = new HubPage(first.Page);
            bo = new HubPage(first.Page);
            await ana.EnterAsync("Ana");
            await bo.EnterAsync("Bo");
            await using Peer tom = await first.TelnetAsync("Tom");
            await using Peer uma = await first.NetcatAsync("Uma");
            await using Peer jack = await first.TextbookAsync("Jack");

            await TalkAsync(said, ana, bo, tom, uma, jack);
            await bo.CloseAsync();
            await TypeAsync(said, ana, tom, "Tom: while Bo is away");
            await bo.ReturnAsync();
            await SayAsync(said, bo, "Bo: back again");
            await ana.HearsAsync("back again");
            AssertWithoutGaps(said, await bo.HistoryAsync());

            if (end == PressCtrlC)
            {
                await first.Hub.InterruptAsync();
                await tom.SaysAsync("closing");
                await uma.SaysAsync("closing");
                Assert.Equal(0, await first.Hub.EndAsync());
            }
        }

        await using HubPeople second = await HubPeople.StartAsync(data, socket);
        await ana.DisposeAsync();
        await bo.DisposeAsync();
        await using HubPage anaAgain = new(second.Page, ana);
        await using HubPage boAgain = new(second.Page, bo);
        await anaAgain.ReturnAsync();
        await boAgain.ReturnAsync();
        await using Peer tomAgain = await second.TelnetAsync("Tom");
        await using Peer umaAgain = await second.NetcatAsync("Uma");
        await using Peer jackAgain = await second.TextbookAsync("Jack");
        await TalkAsync(said, anaAgain, boAgain, tomAgain, umaAgain, jackAgain);

        AssertWithoutGaps(said, await anaAgain.HistoryAsync());
        AssertWithoutGaps(said, await boAgain.HistoryAsync());
        Assert.Equal(said, await HubPeople.HistoryAsync(tomAgain));
        Assert.Equal(said, await HubPeople.HistoryAsync(umaAgain));
        Assert.Equal(said, await HubPeople.HistoryAsync(jackAgain));
    }

    /// <summary>Each says something, and the next waits until it is heard.</summary>
    private static async Task TalkAsync(List<string> said, HubPage ana, HubPage bo, Peer tom, Peer uma, Peer jack)
    {
        string round = said.Count == 0 ? "hello" : "hello again";
        await TypeAsync(said, ana, tom, $"Tom: {round} by telnet");
        await TypeAsync(said, ana, uma, $"Uma: {round} by nc, 你好");
        await TypeAsync(said, ana, jack, $"Jack: {round} by UDP");
        await SayAsync(said, bo, $"Bo: {round} from a page");
        await SayAsync(said, ana, $"Ana: {round} from another");
        await tom.SaysAsync($"Ana: {round} from another");
        await uma.SaysAsync($"Ana: {round} from another");
        await bo.HearsAsync($"{round} from another");

        // The textbook's client hears what is new with the answer to what it sends.
        await jack.TypeAsync("/more");
        await jack.SaysAsync($"Ana: {round} from another");
    }

    private static async Task TypeAsync(List<string> said, HubPage witness, Peer person, string line)
    {
        string text = line[(line.IndexOf(' ') + 1)..];
        await person.TypeAsync(text);
        await witness.HearsAsync(text);
        said.Add(line);
    }

    private static async Task SayAsync(List<string> said, HubPage page, string line)
    {
        await page.SayAsync(line[(line.IndexOf(' ') + 1)..]);
        said.Add(line);
    }

    private static void AssertWithoutGaps(List<string> said, (long Number, string Said)[] history) =>
        Assert.Equal(said.Select((line, index) => (index + 1L, line)), history);
}
