using Sockeye.Hub.Domain;
using Sockeye.Hub.Running;
using Sockeye.Hub.Storage;

namespace Sockeye.Hub.Tests.Running;

/// <summary>The loop, the chat, a bus and a store together.</summary>
public class HubLoopTests
{
    private readonly HubLoop _loop = new(new Chat(new HubId("one"), new ChatLimits(), new NameRules()), new MemoryStore(), new LocalBus(), TimeProvider.System);

    [Fact]
    public async Task What_one_says_the_others_see_once_and_the_one_has_a_receipt()
    {
        RecordingClient tom = await ComeAsync("Tom");
        RecordingClient jack = await ComeAsync("Jack");
        Assert.True(_loop.TryAsk(new ChatInput.Say(tom, "lobby", "hello", "17")));

        await RunAsync();

        Assert.Equal(["Tom: hello"], jack.Heard);
        Assert.Empty(tom.Heard);
        ChatEvent.Accepted receipt = Assert.Single(tom.Shown.OfType<ChatEvent.Accepted>());
        Assert.Equal((1, "17", false), (receipt.Message.Number, receipt.Key, receipt.IsRepeated));
    }

    [Fact]
    public async Task What_came_in_one_round_is_sent_in_one()
    {
        RecordingClient tom = await ComeAsync("Tom");
        RecordingClient jack = await ComeAsync("Jack");
        int before = jack.Flushes;
        for (int i = 0; i < 100; i++)
            Assert.True(_loop.TryAsk(new ChatInput.Say(tom, "lobby", $"line {i}")));

        await RunAsync();

        Assert.Equal(100, jack.Heard.Count());
        Assert.Equal(before + 1, jack.Flushes);
    }

    [Fact]
    public async Task A_name_that_is_here_is_refused_and_free_again_when_its_member_has_gone()
    {
        RecordingClient tom = await ComeAsync("Tom");
        RecordingClient other = await ComeAsync("TOM");
        Assert.True(_loop.TryAsk(new ChatInput.Depart(tom)));
        Assert.True(_loop.TryAsk(new ChatInput.TakeName(other, "Tom")));

        await RunAsync();

        Assert.Equal(RefusalCode.NameTaken, Assert.IsType<ChatEvent.Refused>(other.Shown[0]).Refusal.Code);
        Assert.IsType<ChatEvent.Named>(other.Shown[1]);
    }

    [Fact]
    public async Task What_two_say_to_each_other_nobody_else_sees()
    {
        RecordingClient tom = await ComeAsync("Tom");
        RecordingClient jack = await ComeAsync("Jack");
        RecordingClient rose = await ComeAsync("Rose");
        Assert.True(_loop.TryAsk(new ChatInput.Tell(tom, "jack", "for you")));

        await RunAsync();

        Assert.Equal(["Tom: for you"], jack.Heard);
        Assert.Empty(rose.Heard);
    }

    private async Task<RecordingClient> ComeAsync(string name)
    {
        RecordingClient client = new();
        await _loop.AskAsync(new ChatInput.Arrive(client));
        await _loop.AskAsync(new ChatInput.TakeName(client, name));
        await RunAsync();
        return client;
    }

    /// <summary>Lets the loop do what waits, and end.</summary>
    private Task RunAsync() => _loop.RunAsync(new CancellationToken(canceled: true));
}
