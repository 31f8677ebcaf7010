using Sockeye.Hub.Domain;
using Sockeye.Hub.Running;
using Sockeye.Hub.Storage;
using Sockeye.Hub.Tests.Running;
using Sockeye.Tests.Time;

namespace Sockeye.Hub.Tests.Domain;

/// <summary>How far people can make things grow, and what they are told.</summary>
public sealed class ChatLimitsTests : IAsyncDisposable
{
    private readonly ManualTimeProvider _clock = new();
    private readonly MemoryStore _store = new();
    private Chat? _chat;
    private HubLoop? _loop;

    [Fact]
    public async Task So_many_rooms_are_open_however_fast_they_are_asked_for()
    {
        Begin(new ChatLimits { OpenRoomsMax = 3 });
        RecordingClient tom = await ComeAsync("Tom");
        for (int i = 0; i < 6; i++)
            Ask(new ChatInput.Join(tom, $"room-{i}"));
        await RunAsync();

        Assert.Equal(["lobby", "room-0", "room-1"], RoomsOf(tom));
        Assert.Equal(Enumerable.Repeat(RefusalCode.TooManyRooms, 4), RefusalsOf(tom));
        Assert.Equal(3, _chat!.Sizes.Rooms);
        RecordingClient jack = await ComeAsync("Jack");
        await DoAsync(new ChatInput.Join(jack, "ROOM-1"));
        Assert.Equal(["lobby", "room-1"], RoomsOf(jack));
    }

    [Fact]
    public async Task A_room_that_could_not_be_opened_is_not_remembered_for_who_asked()
    {
        Begin(new ChatLimits { OpenRoomsMax = 2 });
        RecordingClient tom = await ComeAsync("Tom");
        Ask(new ChatInput.Join(tom, "one"));
        Ask(new ChatInput.Join(tom, "two"));
        await RunAsync();
        await DoAsync(new ChatInput.Depart(tom));
        RecordingClient again = await ComeAsync("Tom");

        Assert.Equal(["lobby", "one"], again.Shown.OfType<ChatEvent.Named>().Single().Conversations.Select(view => view.Conversation.Room));
    }

    [Fact]
    public async Task Remembered_rooms_open_as_far_as_they_may_and_the_others_stay_remembered()
    {
        Begin(new ChatLimits { OpenRoomsMax = 2 });
        RecordingClient tom = await ComeAsync("Tom");
        await DoAsync(new ChatInput.Join(tom, "dev"));
        await DoAsync(new ChatInput.Depart(tom));
        RecordingClient jack = await ComeAsync("Jack");
        await DoAsync(new ChatInput.Join(jack, "other"));
        tom = await ComeAsync("Tom");

        Assert.Equal(["lobby"], RoomsOf(tom));
        Assert.Equal(RefusalCode.TooManyRooms, Assert.Single(RefusalsOf(tom)));
        Assert.Equal(2, _chat!.Sizes.Rooms);

        await DoAsync(new ChatInput.Leave(jack, "other"));
        await DoAsync(new ChatInput.Depart(tom));
        tom = await ComeAsync("Tom");
        Assert.Equal(["lobby", "dev"], RoomsOf(tom));
    }

    [Fact]
    public async Task The_lobby_may_always_be_open()
    {
        Begin(new ChatLimits { OpenRoomsMax = 1 });
        RecordingClient tom = await ComeAsync("Tom");
        await DoAsync(new ChatInput.Leave(tom, "lobby"));
        await DoAsync(new ChatInput.Join(tom, "dev"));
        RecordingClient jack = await ComeAsync("Jack");

        Assert.Equal(["lobby", "dev"], RoomsOf(tom));
        Assert.Equal(["lobby"], RoomsOf(jack));
        await DoAsync(new ChatInput.Depart(tom));
        await DoAsync(new ChatInput.Depart(jack));

        // Of two remembered rooms the lobby is not, and the other may not be open.
        RecordingClient rose = await ComeAsync("Rose");
        await DoAsync(new ChatInput.Join(rose, "roses"));
        tom = await ComeAsync("Tom");
        Assert.Equal(["lobby"], RoomsOf(tom));
        Assert.Single(RefusalsOf(tom));
    }

    [Fact]
    public async Task A_reason_to_be_away_is_told_whole_or_refused()
    {
        Begin(new ChatLimits { AwayCharactersMax = 5 });
        RecordingClient tom = await ComeAsync("Tom");
        RecordingClient jack = await ComeAsync("Jack");
        await DoAsync(new ChatInput.SetAway(tom, "🍵🍵🍵🍵🍵"));
        await DoAsync(new ChatInput.SetAway(tom, "🍵🍵🍵🍵🍵🍵"));

        Assert.Equal("🍵🍵🍵🍵🍵", Assert.Single(jack.Shown.OfType<ChatEvent.SomebodyChanged>()).Who.Away);
        Assert.Equal("🍵🍵🍵🍵🍵", Assert.Single(tom.Shown.OfType<ChatEvent.AwaySet>()).Why);
        Refusal refusal = Assert.Single(tom.Shown.OfType<ChatEvent.Refused>()).Refusal;
        Assert.Equal((RefusalCode.TooLong, "The reason has 6 characters, and 5 are the most: say it shorter."), (refusal.Code, refusal.Text));
    }

    [Fact]
    public async Task Coming_and_going_away_is_limited_as_all_that_others_are_told()
    {
        Begin(new ChatLimits { PerClient = new Rate(Burst: 10, PerSecond: 1) });
        RecordingClient tom = await ComeAsync("Tom");
        for (int i = 0; i < 20; i++)
            await DoAsync(new ChatInput.SetAway(tom, i % 2 == 0 ? "tea" : null));

        // Two were taken by the name and the room.
        Assert.Equal(8, tom.Shown.OfType<ChatEvent.AwaySet>().Count());
        Assert.Equal(Enumerable.Repeat(RefusalCode.TooFast, 12), RefusalsOf(tom));
    }

    [Fact]
    public async Task So_many_people_are_listed_and_all_are_counted()
    {
        Begin(new ChatLimits { ListedPeopleMax = 3 });
        RecordingClient last = await ComeAsync("Tom");
        foreach (string name in new[] { "Jack", "Rose", "Anna", "Bert" })
            last = await ComeAsync(name);
        await DoAsync(new ChatInput.ListPeople(last, null));
        await DoAsync(new ChatInput.ListPeople(last, "lobby"));

        PeopleView[] lists = [last.Shown.OfType<ChatEvent.Joined>().Single().Here, .. last.Shown.OfType<ChatEvent.People>().Select(shown => shown.List)];
        Assert.Equal(3, lists.Length);
        foreach (PeopleView list in lists)
        {
            Assert.Equal(["Tom", "Jack", "Rose"], list.Some.Select(person => person.Member.Name));
            Assert.Equal(5, list.Count);
        }
    }

    [Fact]
    public async Task So_many_rooms_are_listed_those_where_something_was_said_last_first()
    {
        Begin(new ChatLimits { ListedRoomsMax = 3 });
        RecordingClient tom = await ComeAsync("Tom");
        for (int i = 0; i < 5; i++)
        {
            await DoAsync(new ChatInput.Join(tom, $"room-{i}"));
            await DoAsync(new ChatInput.Say(tom, $"room-{i}", "hello"));
        }

        await DoAsync(new ChatInput.ListRooms(tom));

        Assert.Equal(["room-4", "room-3", "room-2"], tom.Shown.OfType<ChatEvent.Rooms>().Single().List.Select(room => room.Room.Room));
    }

    [Fact]
    public async Task So_many_messages_are_read_at_a_time_and_one_at_least()
    {
        Begin(new ChatLimits { HistoryMessagesMax = 3 });
        RecordingClient tom = await ComeAsync("Tom");
        ConversationId lobby = tom.Shown.OfType<ChatEvent.Joined>().Single().Room.Conversation.Id;
        for (int i = 1; i <= 5; i++)
            await DoAsync(new ChatInput.Say(tom, "lobby", $"{i}"));
        foreach (int count in new[] { int.MaxValue, 3, 0, int.MinValue })
            await DoAsync(new ChatInput.ReadHistory(tom, lobby, null, null, count));

        Assert.Equal(["3 4 5", "3 4 5", "5", "5"], tom.Shown.OfType<ChatEvent.History>().Select(read => string.Join(' ', read.Messages.Select(message => message.Text))));
        Assert.All(tom.Shown.OfType<ChatEvent.History>(), read => Assert.True(read.HasMore));
    }

    [Fact]
    public async Task Who_writes_is_told_of_once_in_a_while()
    {
        Begin(new ChatLimits { TypingInterval = TimeSpan.FromSeconds(3) });
        RecordingClient tom = await ComeAsync("Tom");
        RecordingClient jack = await ComeAsync("Jack");
        ConversationId lobby = tom.Shown.OfType<ChatEvent.Joined>().Single().Room.Conversation.Id;
        await TypeAsync();
        await TypeAsync();
        _clock.Advance(TimeSpan.FromSeconds(2.9));
        await TypeAsync();
        Assert.Equal(1, Told());

        _clock.Advance(TimeSpan.FromSeconds(0.1));
        await TypeAsync();
        Assert.Equal(2, Told());

        async Task TypeAsync()
        {
            await DoAsync(new ChatInput.Type(tom, lobby));
            await DoAsync(new ChatInput.TypeTo(tom, "Jack"));
        }

        int Told() => jack.Shown.Count(shown => shown is ChatEvent.SomebodyTypes or ChatEvent.SomebodyTypesToYou);
    }

    [Fact]
    public async Task A_name_that_is_missing_or_cannot_be_one_is_said_to_be_so_and_not_said_again()
    {
        Begin(new ChatLimits());
        RecordingClient tom = await ComeAsync("Tom");
        string endless = new('x', 3000);
        await DoAsync(new ChatInput.OpenDirect(tom, ""));
        await DoAsync(new ChatInput.OpenDirect(tom, endless));
        await DoAsync(new ChatInput.Tell(tom, " ", "hello"));
        await DoAsync(new ChatInput.Tell(tom, "two words", "hello"));
        await DoAsync(new ChatInput.Say(tom, "", "hello"));
        await DoAsync(new ChatInput.Leave(tom, endless));
        await DoAsync(new ChatInput.ListPeople(tom, "#dev"));

        Assert.Equal(
            [
                "Say to whom: the name is missing.", "There is nobody of that name. A name has 24 characters at most.", "Say to whom: the name is missing.",
                "There is nobody of that name. A name has letters, digits and _ - . only, and no spaces.", "Say in which room: its name is missing.",
                "There is no room of that name. A name has 24 characters at most.", "You are not in dev: join it to see who is there.",
            ],
            tom.Shown.OfType<ChatEvent.Refused>().Select(refused => refused.Refusal.Text));
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    private static IEnumerable<string?> RoomsOf(RecordingClient client) => client.Shown.OfType<ChatEvent.Joined>().Select(joined => joined.Room.Conversation.Room);

    private static IEnumerable<RefusalCode> RefusalsOf(RecordingClient client) => client.Shown.OfType<ChatEvent.Refused>().Select(refused => refused.Refusal.Code);

    private void Begin(ChatLimits limits)
    {
        _chat = new Chat(new HubId("one"), limits, new NameRules());
        _loop = new HubLoop(_chat, _store, new LocalBus(), _clock);
    }

    private async Task<RecordingClient> ComeAsync(string name)
    {
        RecordingClient client = new();
        Ask(new ChatInput.Arrive(client));
        await DoAsync(new ChatInput.TakeName(client, name));
        return client;
    }

    private void Ask(ChatInput input) => Assert.True(_loop!.TryAsk(input));

    private Task DoAsync(ChatInput input)
    {
        Ask(input);
        return RunAsync();
    }

    /// <summary>Until what was asked for is done.</summary>
    private Task RunAsync() => _loop!.RunAsync(new CancellationToken(canceled: true));
}
