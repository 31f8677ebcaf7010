using System.Diagnostics.CodeAnalysis;
using Sockeye.Hub.Domain;
using Sockeye.Hub.Running;
using Sockeye.Hub.Storage;

namespace Sockeye.Hub.Tests.Running;

/// <summary>The loop, the chat, a bus and a store together.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A store in memory holds nothing to dispose.")]
public class HubLoopTests
{
    private readonly MemoryStore _store = new();
    private readonly Chat _chat = new(new HubId("one"), new ChatLimits(), new NameRules());
    private readonly HubLoop _loop;

    public HubLoopTests() => _loop = new HubLoop(_chat, _store, new LocalBus(), TimeProvider.System);

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
    public async Task Who_comes_into_a_room_is_among_those_who_are_there()
    {
        RecordingClient tom = await ComeAsync("Tom");
        RecordingClient jack = await ComeAsync("Jack");

        Assert.Equal(["Tom"], HereAt(tom));
        Assert.Equal(["Tom", "Jack"], HereAt(jack));

        static IEnumerable<string> HereAt(RecordingClient client)
        {
            PeopleView here = Assert.Single(client.Shown.OfType<ChatEvent.Joined>()).Here;
            Assert.Equal(here.Some.Count, here.Count);
            return here.Some.Select(person => person.Member.Name);
        }
    }

    [Fact]
    public async Task A_name_that_is_kept_by_a_password_and_is_here_asks_for_it()
    {
        RecordingClient tom = await ComeAsync("Tom");
        Assert.True(_loop.TryAsk(new ChatInput.SetPassword(tom, "correct horse")));
        await RunAsync();
        RecordingClient again = await ComeAsync("tom");
        Assert.True(_loop.TryAsk(new ChatInput.TakeName(again, "Tom", "correct horse")));

        await RunAsync();

        Assert.Equal(RefusalCode.WrongPassword, Assert.IsType<ChatEvent.Refused>(again.Shown[0]).Refusal.Code);
        Assert.Equal(Assert.IsType<ChatEvent.Named>(tom.Shown[0]).Member.Id, Assert.IsType<ChatEvent.Named>(again.Shown[1]).Member.Id);
    }

    [Fact]
    public async Task Only_who_goes_away_or_comes_back_is_told_to_have_done_so()
    {
        RecordingClient tom = await ComeAsync("Tom");
        RecordingClient jack = await ComeAsync("Jack");
        Assert.True(_loop.TryAsk(new ChatInput.SetPassword(tom, "correct horse")));
        Assert.True(_loop.TryAsk(new ChatInput.SetAway(tom, "tea")));
        Assert.True(_loop.TryAsk(new ChatInput.TakeName(tom, "Thomas")));
        Assert.True(_loop.TryAsk(new ChatInput.SetAway(tom, null)));

        await RunAsync();

        // What the store answers comes after what it was not asked for.
        Assert.Equal(2, jack.Shown.OfType<ChatEvent.SomebodyChanged>().Count(changed => changed.IsAwayChanged));
        Assert.Equal(4, jack.Shown.OfType<ChatEvent.SomebodyChanged>().Count());
    }

    /// <summary>A peer that connects and is gone again: its going is never held back, its coming may be.</summary>
    [Fact]
    public async Task Who_is_gone_before_the_arrival_was_handled_leaves_nothing_behind()
    {
        RecordingClient hasty = new();
        await _loop.AskAsync(new ChatInput.Arrive(hasty));
        Assert.True(_loop.TryAsk(new ChatInput.TakeName(hasty, "Tom")));
        _loop.Tell(new ChatInput.Depart(hasty));
        RecordingClient other = new();
        await _loop.AskAsync(new ChatInput.Arrive(other));
        Assert.True(_loop.TryAsk(new ChatInput.TakeName(other, "Tom")));

        await RunAsync();

        Assert.IsType<ChatEvent.Named>(other.Shown[0]);
        Assert.Equal(1, _chat.Sizes.Clients);
    }

    [Fact]
    public async Task Who_is_told_to_be_gone_is_gone_for_what_is_asked_after_it_in_the_midst_of_a_round_too()
    {
        RecordingClient tom = await ComeAsync("Tom");
        RecordingClient other = new();
        RecordingClient jack = await ComeAsync("Jack");
        jack.Showing = happened =>
        {
            if (happened is not ChatEvent.People)
                return;
            _loop.Tell(new ChatInput.Depart(tom));
            Assert.True(_loop.TryAsk(new ChatInput.Arrive(other)));
            Assert.True(_loop.TryAsk(new ChatInput.TakeName(other, "Tom")));
        };
        Assert.True(_loop.TryAsk(new ChatInput.ListPeople(jack, null)));

        await RunAsync();

        Assert.IsType<ChatEvent.Named>(other.Shown[0]);
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

    [Fact]
    public async Task A_browser_that_returns_has_its_name_without_being_asked()
    {
        RecordingClient first = await ComeAsync("Tom", new RecordingClient("web:1") { IsPersonal = true });
        Assert.True(_loop.TryAsk(new ChatInput.Depart(first)));
        RecordingClient again = await ReturnAsync("web:1");
        RecordingClient secondTab = await ReturnAsync("web:1");

        MemberId tom = Assert.IsType<ChatEvent.Named>(first.Shown[0]).Member.Id;
        Assert.Equal(tom, Assert.IsType<ChatEvent.Named>(again.Shown[0]).Member.Id);
        Assert.Equal(tom, Assert.IsType<ChatEvent.Named>(secondTab.Shown[0]).Member.Id);
    }

    [Fact]
    public async Task A_browser_that_nobody_knows_is_asked_for_a_name()
    {
        await ComeAsync("Tom", new RecordingClient("web:1") { IsPersonal = true });
        RecordingClient other = await ReturnAsync("web:2");

        Assert.Equal(RefusalCode.NoName, Assert.IsType<ChatEvent.Refused>(Assert.Single(other.Shown)).Refusal.Code);
    }

    [Fact]
    public async Task A_browser_whose_name_somebody_else_has_now_is_asked_for_another()
    {
        RecordingClient first = await ComeAsync("Tom", new RecordingClient("web:1") { IsPersonal = true });
        Assert.True(_loop.TryAsk(new ChatInput.Depart(first)));
        await ComeAsync("Tom");
        RecordingClient again = await ReturnAsync("web:1");

        Assert.Equal(RefusalCode.NoName, Assert.IsType<ChatEvent.Refused>(Assert.Single(again.Shown)).Refusal.Code);
    }

    [Fact]
    public async Task Whoever_brings_the_secret_becomes_the_owner_and_is_shown_so()
    {
        OwnerInvitation invitation = OwnerInvitation.Create(TimeProvider.System.GetUtcNow());
        await _store.AskAsync(invitation.ToRequest());
        RecordingClient tom = await ComeAsync("Tom", new RecordingClient("web:1") { IsPersonal = true });
        RecordingClient jack = await ComeAsync("Jack");
        Assert.True(_loop.TryAsk(new ChatInput.ClaimOwner(jack, "guessed")));
        Assert.True(_loop.TryAsk(new ChatInput.ClaimOwner(tom, invitation.Secret)));

        await RunAsync();

        Assert.True(Assert.Single(tom.Shown.OfType<ChatEvent.BecameOwner>()).Member.IsOwner);
        Assert.Equal(RefusalCode.BadInvitation, Assert.Single(jack.Shown.OfType<ChatEvent.Refused>()).Refusal.Code);
        Assert.True(Assert.Single(jack.Shown.OfType<ChatEvent.SomebodyChanged>()).Who.Member.IsOwner);
    }

    [Fact]
    public async Task One_is_in_so_many_rooms_however_fast_they_are_asked_for_and_goes_back_into_any_of_them()
    {
        RecordingClient tom = await ComeAsync("Tom");
        int most = new ChatLimits().RoomsPerMemberMax;
        for (int i = 0; i < most + 10; i++)
            Assert.True(_loop.TryAsk(new ChatInput.Join(tom, $"room-{i}")));
        await RunAsync();

        Assert.Equal(most, tom.Shown.OfType<ChatEvent.Joined>().Count());
        Assert.Equal(Enumerable.Repeat(RefusalCode.TooManyRooms, 11), tom.Shown.OfType<ChatEvent.Refused>().Select(refused => refused.Refusal.Code));
        Assert.True(_loop.TryAsk(new ChatInput.Join(tom, "room-0")));
        await RunAsync();
        Assert.Equal("room-0", tom.Shown.OfType<ChatEvent.Joined>().Last().Room.Conversation.Room);
    }

    private async Task<RecordingClient> ReturnAsync(string origin)
    {
        RecordingClient client = new(origin) { IsPersonal = true };
        await _loop.AskAsync(new ChatInput.Arrive(client));
        await _loop.AskAsync(new ChatInput.Return(client));
        await RunAsync();
        return client;
    }

    private async Task<RecordingClient> ComeAsync(string name, RecordingClient? client = null)
    {
        client ??= new RecordingClient();
        await _loop.AskAsync(new ChatInput.Arrive(client));
        await _loop.AskAsync(new ChatInput.TakeName(client, name));
        await RunAsync();
        return client;
    }

    /// <summary>Lets the loop do what waits, and end.</summary>
    private Task RunAsync() => _loop.RunAsync(new CancellationToken(canceled: true));
}
