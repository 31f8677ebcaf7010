using Sockeye.Hub.Domain;
using Sockeye.Hub.Running;
using Sockeye.Hub.Storage;
using Sockeye.Hub.Tests.Running;

namespace Sockeye.Hub.Tests.Domain;

/// <summary>What a page is told of those it talks with one to one, and of its member's other windows.</summary>
public sealed class ChatPartnersTests : IAsyncDisposable
{
    private readonly MemoryStore _store = new();
    private readonly HubLoop _loop;

    public ChatPartnersTests() =>
        _loop = new HubLoop(new Chat(new HubId("one"), new ChatLimits { AnnouncedPeopleMax = 2, PartnersMax = 2 }, new NameRules()), _store, new LocalBus(), TimeProvider.System);

    [Fact]
    public async Task Whom_one_talks_with_is_seen_to_come_and_go_without_a_common_room()
    {
        RecordingClient rose = await ComeAsync("Rose", "web:1");
        RecordingClient jack = await ComeAsync("Jack", "host");
        await DoAsync(new ChatInput.Leave(rose, "lobby"));
        await DoAsync(new ChatInput.OpenDirect(rose, "Jack"));
        await DoAsync(new ChatInput.SetAway(jack, "tea"));
        await DoAsync(new ChatInput.Depart(jack));
        await ComeAsync("Jack", "host");

        Assert.Equal(["Jack here", "Jack tea", "Jack gone", "Jack here"], ToldTo(rose));
        Assert.Empty(ToldTo(jack));
    }

    [Fact]
    public async Task Both_sides_are_told_from_the_first_word_on_and_again_when_they_come_back()
    {
        RecordingClient rose = await ComeAsync("Rose", "web:1");
        RecordingClient tom = await ComeAsync("Tom", "web:2");
        await DoAsync(new ChatInput.Tell(rose, "Tom", "hello"));
        Assert.Equal(["Tom here"], ToldTo(rose));
        Assert.Equal(["Rose here"], ToldTo(tom));

        await DoAsync(new ChatInput.Depart(rose));
        rose = await ComeAsync("Rose", "web:1");
        await DoAsync(new ChatInput.Depart(rose));

        Assert.Equal(["Tom here"], ToldTo(rose));
        Assert.Equal(["Rose here", "Rose gone", "Rose here", "Rose gone"], ToldTo(tom));
    }

    [Fact]
    public async Task Of_whom_very_many_talk_with_nobody_is_told()
    {
        RecordingClient tom = await ComeAsync("Tom", "host");
        RecordingClient[] pages = [await ComeAsync("A", "web:1"), await ComeAsync("B", "web:2"), await ComeAsync("C", "web:3")];
        foreach (RecordingClient page in pages)
            await DoAsync(new ChatInput.OpenDirect(page, "Tom"));
        await DoAsync(new ChatInput.Depart(tom));

        Assert.All(pages, page => Assert.Equal(["Tom here"], ToldTo(page)));
    }

    [Fact]
    public async Task One_is_told_of_so_many()
    {
        RecordingClient rose = await ComeAsync("Rose", "web:1");
        foreach (string name in new[] { "A", "B", "C" })
        {
            await ComeAsync(name, "host");
            await DoAsync(new ChatInput.OpenDirect(rose, name));
        }

        Assert.Equal(["A here", "B here"], ToldTo(rose));
    }

    [Fact]
    public async Task What_one_window_has_read_the_others_of_the_member_have_read_too()
    {
        RecordingClient first = await ComeAsync("Rose", "web:1");
        RecordingClient second = await ComeAsync("Rose", "web:1");
        RecordingClient tom = await ComeAsync("Tom", "web:2");
        ConversationId lobby = first.Shown.OfType<ChatEvent.Joined>().Single().Room.Conversation.Id;
        await DoAsync(new ChatInput.Say(tom, "lobby", "hello"));
        await DoAsync(new ChatInput.MarkRead(first, lobby, 1));

        Assert.Equal(new ChatEvent.ReadElsewhere(lobby, 1), Assert.Single(second.Shown.OfType<ChatEvent.ReadElsewhere>()));
        Assert.Empty(first.Shown.OfType<ChatEvent.ReadElsewhere>());
        Assert.Empty(tom.Shown.OfType<ChatEvent.ReadElsewhere>());
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    private static IEnumerable<string> ToldTo(RecordingClient client) => client.Shown.OfType<ChatEvent.PartnerChanged>()
        .Select(changed => $"{changed.Who.Member.Name} {(changed.IsHere ? changed.Who.Away ?? "here" : "gone")}");

    private async Task<RecordingClient> ComeAsync(string name, string origin)
    {
        RecordingClient client = new(origin) { IsPersonal = origin.StartsWith("web:", StringComparison.Ordinal) };
        Assert.True(_loop.TryAsk(new ChatInput.Arrive(client)));
        await DoAsync(new ChatInput.TakeName(client, name));
        return client;
    }

    private Task DoAsync(ChatInput input)
    {
        Assert.True(_loop.TryAsk(input));
        return _loop.RunAsync(new CancellationToken(canceled: true));
    }
}
