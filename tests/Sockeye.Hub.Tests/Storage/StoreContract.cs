using Sockeye.Hub.Domain;
using Sockeye.Hub.Storage;
using Sockeye.Hub.Tests.Running;

namespace Sockeye.Hub.Tests.Storage;

/// <summary>What every store does: run over each of them.</summary>
public abstract class StoreContract : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private readonly RecordingClient _here = new("here");
    private readonly RecordingClient _there = new("there");
    private readonly RecordingClient _browser = new("web:1") { IsPersonal = true };
    private readonly RecordingClient _otherBrowser = new("web:2") { IsPersonal = true };

    private IHubStore _store = null!;

    private protected abstract IHubStore Open();

    public ValueTask InitializeAsync()
    {
        _store = Open();
        return ValueTask.CompletedTask;
    }

    public virtual async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Messages_of_a_conversation_are_numbered_from_one_without_gaps()
    {
        Member tom = await ComeAsync(_here, "Tom");
        Conversation dev = await RoomAsync(tom, "dev");
        Conversation lobby = await RoomAsync(tom, "lobby");
        long[] numbers = [await SayAsync(tom, dev, "a"), await SayAsync(tom, lobby, "b"), await SayAsync(tom, dev, "c"), await SayAsync(tom, dev, "d")];

        Assert.Equal([1, 1, 2, 3], numbers);
    }

    [Fact]
    public async Task A_key_said_again_is_the_first_again_wherever_it_is_said()
    {
        Member tom = await ComeAsync(_here, "Tom");
        Conversation dev = await RoomAsync(tom, "dev");
        Conversation lobby = await RoomAsync(tom, "lobby");
        await SayAsync(tom, dev, "before");
        await SayAsync(tom, dev, "first", "17");
        StoreResult.Appended again = await AskAsync<StoreResult.Appended>(Append(tom, lobby, "other", "17"));

        Assert.True(again.IsRepeated);
        Assert.Equal((2, "first", dev.Id), (again.Message.Number, again.Message.Text, again.Message.Conversation.Id));
        Assert.Equal(3, await SayAsync(tom, dev, "after"));
        Assert.Equal(1, await SayAsync(tom, lobby, "here"));
    }

    [Fact]
    public async Task Two_authors_may_have_one_key()
    {
        Member tom = await ComeAsync(_here, "Tom");
        Member jack = await ComeAsync(_here, "Jack");
        Conversation dev = await RoomAsync(tom, "dev");

        Assert.Equal(1, await SayAsync(tom, dev, "mine", "1"));
        Assert.Equal(2, await SayAsync(jack, dev, "mine", "1"));
    }

    [Fact]
    public async Task What_is_kept_comes_back_as_it_was_said()
    {
        Member tom = await ComeAsync(_here, "Tom");
        Conversation dev = await RoomAsync(tom, "dev");
        string text = "一二三 🐟 e\u0301\n'; DROP TABLE messages; -- \"" + new string('x', 4000);
        await SayAsync(tom, dev, text);

        Message kept = Assert.Single((await ReadAsync(tom, dev)).Messages);
        Assert.Equal((text, "Tom", tom.Id, Noon), (kept.Text, kept.AuthorName, kept.Author, kept.At));
    }

    [Fact]
    public async Task Nobody_says_anything_where_there_is_no_conversation()
    {
        Member tom = await ComeAsync(_here, "Tom");
        Conversation nowhere = new(new ConversationId(99), "nowhere");

        Assert.Equal(RefusalCode.NoSuchConversation, await RefusedAsync(Append(tom, nowhere, "hello")));
        Assert.Equal(RefusalCode.NoSuchConversation, await RefusedAsync(new StoreRequest.ReadHistory(_here, tom.Id, nowhere.Id, null, null, 1, null)));
    }

    [Fact]
    public async Task History_is_read_in_pages_from_either_end()
    {
        Member tom = await ComeAsync(_here, "Tom");
        Conversation dev = await RoomAsync(tom, "dev");
        for (int i = 1; i <= 10; i++)
            await SayAsync(tom, dev, $"{i}");

        Assert.Equal(("8 9 10", true), await PageAsync(tom, dev, null, null, 3));
        Assert.Equal(("5 6 7", true), await PageAsync(tom, dev, null, 8, 3));
        Assert.Equal(("1 2", false), await PageAsync(tom, dev, null, 3, 3));
        Assert.Equal(("4 5 6", true), await PageAsync(tom, dev, 3, null, 3));
        Assert.Equal(("9 10", false), await PageAsync(tom, dev, 8, null, 3));
        Assert.Equal(("4 5", false), await PageAsync(tom, dev, 3, 6, 3));
        Assert.Equal(("", false), await PageAsync(tom, dev, 10, null, 3));
        Assert.Equal(("1 2 3 4 5 6 7 8 9 10", false), await PageAsync(tom, dev, null, null, 10));
    }

    [Fact]
    public async Task A_guest_goes_on_from_the_same_origin_and_another_takes_the_name_as_somebody_else()
    {
        Member tom = await ComeAsync(_here, "Tom");
        Member again = await ComeAsync(_here, "TOM");
        Member other = await ComeAsync(_there, "tom");
        Member displaced = await ComeAsync(_here, "Tom");

        Assert.Equal(tom, again);
        Assert.NotEqual(tom.Id, other.Id);
        Assert.NotEqual(other.Id, displaced.Id);
        Assert.NotEqual(tom.Id, displaced.Id);
    }

    [Fact]
    public async Task A_name_with_a_password_is_its_members_from_anywhere_and_nobody_elses()
    {
        Member tom = await ComeAsync(_here, "Tom");
        await AskAsync<StoreResult.PasswordSet>(new StoreRequest.SetPassword(_here, tom.Id, "correct horse"));

        Assert.Equal(RefusalCode.WrongPassword, await RefusedAsync(Identify(_there, "Tom")));
        Assert.Equal(RefusalCode.WrongPassword, await RefusedAsync(Identify(_there, "Tom", "wrong horse")));
        Assert.Equal(RefusalCode.WrongPassword, await RefusedAsync(Identify(_here, "Tom")));
        Member back = await ComeAsync(_there, "Tom", "correct horse");
        Assert.Equal((tom.Id, true), (back.Id, back.HasPassword));
    }

    [Fact]
    public async Task A_name_whose_password_is_taken_away_is_a_guests_again()
    {
        Member tom = await ComeAsync(_here, "Tom");
        await AskAsync<StoreResult.PasswordSet>(new StoreRequest.SetPassword(_here, tom.Id, "correct horse"));
        StoreResult.PasswordSet taken = await AskAsync<StoreResult.PasswordSet>(new StoreRequest.SetPassword(_here, tom.Id, null));

        Assert.False(taken.Member.HasPassword);
        Assert.NotEqual(tom.Id, (await ComeAsync(_there, "Tom")).Id);
    }

    [Fact]
    public async Task Passwords_set_one_after_another_leave_the_last()
    {
        Member tom = await ComeAsync(_here, "Tom");
        await Task.WhenAll(Enumerable.Range(1, 5).Select(i => _store.AskAsync(new StoreRequest.SetPassword(_here, tom.Id, $"password {i}"))));

        Assert.Equal(RefusalCode.WrongPassword, await RefusedAsync(Identify(_here, "Tom", "password 4")));
        await ComeAsync(_here, "Tom", "password 5");
    }

    [Fact]
    public async Task A_renamed_member_keeps_everything_but_the_name()
    {
        Member tom = await ComeAsync(_here, "Tom");
        Conversation dev = await RoomAsync(tom, "dev");
        Member thomas = (await AskAsync<StoreResult.Renamed>(new StoreRequest.Rename(_here, tom.Id, "Thomas", "thomas"))).Member;

        Assert.Equal(tom with { Name = "Thomas" }, thomas);
        StoreResult.Identified back = await AskAsync<StoreResult.Identified>(Identify(_here, "Thomas"));
        Assert.Equal(tom.Id, back.Member.Id);
        Assert.Equal([dev.Id], back.Conversations.Select(view => view.Conversation.Id));
        Assert.NotEqual(tom.Id, (await ComeAsync(_here, "Tom")).Id);
    }

    [Fact]
    public async Task Nobody_is_renamed_to_a_name_that_a_password_keeps()
    {
        Member tom = await ComeAsync(_here, "Tom");
        Member jack = await ComeAsync(_here, "Jack");
        await AskAsync<StoreResult.PasswordSet>(new StoreRequest.SetPassword(_here, tom.Id, "correct horse"));

        Assert.Equal(RefusalCode.NameTaken, await RefusedAsync(new StoreRequest.Rename(_here, jack.Id, "Tom", "tom")));
        await AskAsync<StoreResult.Renamed>(new StoreRequest.Rename(_here, tom.Id, "TOM", "tom"));
    }

    [Fact]
    public async Task Rooms_are_remembered_until_they_are_left()
    {
        Member tom = await ComeAsync(_here, "Tom");
        Conversation dev = await RoomAsync(tom, "dev");
        Conversation lobby = await RoomAsync(tom, "lobby");
        await SayAsync(tom, dev, "hello");
        await AskAsync<StoreResult.Done>(new StoreRequest.LeaveRoom(tom.Id, lobby.Id));

        ConversationView only = Assert.Single((await AskAsync<StoreResult.Identified>(Identify(_here, "Tom"))).Conversations);
        Assert.Equal(new ConversationView(dev, 1, 0), only);
    }

    [Fact]
    public async Task Whoever_comes_into_a_room_has_read_what_was_said_before()
    {
        Member tom = await ComeAsync(_here, "Tom");
        Member jack = await ComeAsync(_here, "Jack");
        Conversation dev = await RoomAsync(tom, "dev");
        await SayAsync(tom, dev, "one");
        await SayAsync(tom, dev, "two");

        StoreResult.RoomOpened opened = await AskAsync<StoreResult.RoomOpened>(new StoreRequest.OpenRoom(_here, jack.Id, "DEV", "dev"));
        Assert.Equal(new ConversationView(dev, 2, 2), opened.View);
    }

    [Fact]
    public async Task What_is_read_grows_up_to_what_was_said()
    {
        Member tom = await ComeAsync(_here, "Tom");
        Conversation dev = await RoomAsync(tom, "dev");
        for (int i = 1; i <= 5; i++)
            await SayAsync(tom, dev, $"{i}");
        foreach (long number in (long[])[3, 2, 99])
        {
            await AskAsync<StoreResult.Done>(new StoreRequest.MarkRead(tom.Id, dev.Id, number));
            Assert.Equal(number == 99 ? 5 : 3, Assert.Single((await AskAsync<StoreResult.Identified>(Identify(_here, "Tom"))).Conversations).ReadNumber);
        }
    }

    [Fact]
    public async Task Two_have_one_conversation_whoever_begins_it_and_nobody_else_reads_it()
    {
        Member tom = await ComeAsync(_here, "Tom");
        Member jack = await ComeAsync(_here, "Jack");
        Member rose = await ComeAsync(_here, "Rose");
        Conversation one = await DirectAsync(tom, "jack");
        Conversation other = await DirectAsync(jack, "tom");
        await SayAsync(tom, one, "for you");

        Assert.Equal(one, other);
        Assert.Equal((tom, jack), (one.First, one.Second));
        Assert.Single((await ReadAsync(jack, one)).Messages);
        Assert.Equal(RefusalCode.NoSuchConversation, await RefusedAsync(new StoreRequest.ReadHistory(_here, rose.Id, one.Id, null, null, 1, null)));
        Assert.Equal(RefusalCode.NoSuchMember, await RefusedAsync(new StoreRequest.OpenDirect(_here, tom, "nobody", null, null)));
    }

    [Fact]
    public async Task A_conversation_shows_the_names_that_its_members_have_now()
    {
        Member tom = await ComeAsync(_here, "Tom");
        await ComeAsync(_here, "Jack");
        Conversation direct = await DirectAsync(tom, "jack");
        await SayAsync(tom, direct, "hello");
        await AskAsync<StoreResult.Renamed>(new StoreRequest.Rename(_here, tom.Id, "Thomas", "thomas"));

        StoreResult.HistoryRead read = await ReadAsync(tom, direct);
        Assert.Equal("Thomas", read.Where.First!.Name);
        Assert.Equal("Tom", read.Messages[0].AuthorName);
    }

    [Fact]
    public async Task One_may_talk_to_oneself()
    {
        Member tom = await ComeAsync(_here, "Tom");
        Conversation self = await DirectAsync(tom, "tom");

        Assert.Equal(tom, self.OtherThan(tom.Id));
        Assert.Equal(1, await SayAsync(tom, self, "note"));
    }

    [Fact]
    public async Task A_members_conversations_are_rooms_first_and_then_those_spoken_in_last()
    {
        Member tom = await ComeAsync(_here, "Tom");
        await ComeAsync(_here, "Jack");
        await ComeAsync(_here, "Rose");
        Conversation jack = await DirectAsync(tom, "jack");
        Conversation rose = await DirectAsync(tom, "rose");
        Conversation lobby = await RoomAsync(tom, "lobby");
        await SayAsync(tom, rose, "hello");
        await SayAsync(tom, jack, "hello");
        await SayAsync(tom, rose, "again");

        StoreResult.Identified back = await AskAsync<StoreResult.Identified>(Identify(_here, "Tom"));
        Assert.Equal([lobby.Id, rose.Id, jack.Id], back.Conversations.Select(view => view.Conversation.Id));
    }

    [Fact]
    public async Task Rooms_are_listed_by_what_was_said_last()
    {
        Member tom = await ComeAsync(_here, "Tom");
        Conversation[] rooms = [await RoomAsync(tom, "a"), await RoomAsync(tom, "b"), await RoomAsync(tom, "c")];
        await SayAsync(tom, rooms[2], "1");
        await SayAsync(tom, rooms[1], "2");
        await SayAsync(tom, rooms[2], "3");

        Assert.Equal(["c", "b", "a"], (await AskAsync<StoreResult.RoomsListed>(new StoreRequest.ListRooms(_here, 9))).Rooms.Select(room => room.Room));
        Assert.Equal(["c", "b"], (await AskAsync<StoreResult.RoomsListed>(new StoreRequest.ListRooms(_here, 2))).Rooms.Select(room => room.Room));
    }

    [Fact]
    public async Task A_browser_that_returns_is_known()
    {
        Member tom = await ComeAsync(_browser, "Tom");
        await ComeAsync(_otherBrowser, "Jack");

        Assert.Equal(tom, await FindAsync(_browser));
        Assert.Null(await FindAsync(new RecordingClient("web:3") { IsPersonal = true }));
    }

    [Fact]
    public async Task A_host_is_nobodys_for_it_may_have_many_people()
    {
        await ComeAsync(_here, "Tom");

        Assert.Null(await FindAsync(_here));
    }

    [Fact]
    public async Task A_browser_that_gave_the_password_once_need_not_again_until_another_is_set_elsewhere()
    {
        Member tom = await ComeAsync(_here, "Tom");
        await AskAsync<StoreResult.PasswordSet>(new StoreRequest.SetPassword(_here, tom.Id, "correct horse"));
        await ComeAsync(_browser, "Tom", "correct horse");
        await ComeAsync(_otherBrowser, "Tom", "correct horse");
        Assert.Equal(tom.Id, (await ComeAsync(_browser, "Tom")).Id);

        await AskAsync<StoreResult.PasswordSet>(new StoreRequest.SetPassword(_otherBrowser, tom.Id, "another horse"));

        Assert.Null(await FindAsync(_browser));
        Assert.Equal(RefusalCode.WrongPassword, await RefusedAsync(Identify(_browser, "Tom")));
        Assert.Equal(tom.Id, (await ComeAsync(_otherBrowser, "Tom")).Id);
    }

    [Fact]
    public async Task Whose_name_somebody_else_has_since_is_asked_for_one()
    {
        await ComeAsync(_browser, "Tom");
        await ComeAsync(_here, "Tom");

        Assert.Null(await FindAsync(_browser));
    }

    [Fact]
    public async Task An_invitation_makes_one_owner_once()
    {
        Member tom = await ComeAsync(_browser, "Tom");
        Member jack = await ComeAsync(_otherBrowser, "Jack");
        OwnerInvitation invitation = OwnerInvitation.Create(Noon);
        Assert.True((await AskAsync<StoreResult.OwnerInvited>(invitation.ToRequest())).IsNoted);

        Assert.Equal(RefusalCode.BadInvitation, await RefusedAsync(Claim(_otherBrowser, jack, "guessed", Noon)));
        StoreResult.OwnerMade made = await AskAsync<StoreResult.OwnerMade>(Claim(_browser, tom, invitation.Secret, Noon));
        Assert.Equal(tom with { IsOwner = true }, made.Member);
        Assert.Equal(RefusalCode.BadInvitation, await RefusedAsync(Claim(_otherBrowser, jack, invitation.Secret, Noon)));
        Assert.True((await ComeAsync(_browser, "Tom")).IsOwner);
        Assert.False((await AskAsync<StoreResult.OwnerInvited>(OwnerInvitation.Create(Noon).ToRequest())).IsNoted);
    }

    [Fact]
    public async Task An_invitation_ends_with_its_time_or_with_the_next()
    {
        Member tom = await ComeAsync(_browser, "Tom");
        OwnerInvitation first = OwnerInvitation.Create(Noon);
        OwnerInvitation second = OwnerInvitation.Create(Noon);
        await AskAsync<StoreResult.OwnerInvited>(first.ToRequest());
        await AskAsync<StoreResult.OwnerInvited>(second.ToRequest());

        Assert.Equal(RefusalCode.BadInvitation, await RefusedAsync(Claim(_browser, tom, first.Secret, Noon)));
        Assert.Equal(RefusalCode.BadInvitation, await RefusedAsync(Claim(_browser, tom, second.Secret, second.Expires)));
        await AskAsync<StoreResult.OwnerMade>(Claim(_browser, tom, second.Secret, second.Expires.AddSeconds(-1)));
    }

    [Fact]
    public async Task An_owners_name_is_kept_without_a_password()
    {
        Member tom = await ComeAsync(_browser, "Tom");
        Member jack = await ComeAsync(_here, "Jack");
        OwnerInvitation invitation = OwnerInvitation.Create(Noon);
        await AskAsync<StoreResult.OwnerInvited>(invitation.ToRequest());
        await AskAsync<StoreResult.OwnerMade>(Claim(_browser, tom, invitation.Secret, Noon));

        Assert.Equal(RefusalCode.NameTaken, await RefusedAsync(Identify(_here, "Tom")));
        Assert.Equal(RefusalCode.NameTaken, await RefusedAsync(Identify(_otherBrowser, "Tom")));
        Assert.Equal(RefusalCode.NameTaken, await RefusedAsync(new StoreRequest.Rename(_here, jack.Id, "Tom", "tom")));
        Assert.Equal(tom.Id, (await ComeAsync(_browser, "Tom")).Id);
    }

    [Fact]
    public async Task The_chat_is_told_of_what_it_asked_for_and_not_of_what_others_did()
    {
        TaskCompletionSource<StoreResult> told = new();
        _store.Completed = results => told.SetResult(Assert.Single(results));
        Member tom = await ComeAsync(_here, "Tom");
        StoreRequest request = new StoreRequest.OpenRoom(_here, tom.Id, "dev", "dev");
        _store.Submit(request);

        Assert.Same(request, Assert.IsType<StoreResult.RoomOpened>(await told.Task).Request);
    }

    private static StoreRequest.Identify Identify(RecordingClient client, string name, string? password = null) =>
        new(client, name, name.ToLowerInvariant(), client.Origin, password);

    private static StoreRequest.ClaimOwner Claim(RecordingClient client, Member member, string secret, DateTimeOffset at) =>
        new(client, member.Id, OwnerInvitation.HashOf(secret), at);

    private StoreRequest.Append Append(Member author, Conversation where, string text, string? key = null) => new(_here, where, author, text, key, Noon);

    private async Task<T> AskAsync<T>(StoreRequest request) => Assert.IsType<T>(await _store.AskAsync(request));

    private async Task<RefusalCode> RefusedAsync(StoreRequest request)
    {
        StoreResult.Failed failed = await AskAsync<StoreResult.Failed>(request);
        Assert.Same(request, failed.Request);
        return failed.Refusal.Code;
    }

    private async Task<Member> ComeAsync(RecordingClient client, string name, string? password = null) =>
        (await AskAsync<StoreResult.Identified>(Identify(client, name, password))).Member;

    private async Task<Conversation> RoomAsync(Member member, string name) =>
        (await AskAsync<StoreResult.RoomOpened>(new StoreRequest.OpenRoom(_here, member.Id, name, name))).View.Conversation;

    private async Task<Conversation> DirectAsync(Member member, string with) =>
        (await AskAsync<StoreResult.DirectOpened>(new StoreRequest.OpenDirect(_here, member, with, null, null))).View.Conversation;

    private async Task<long> SayAsync(Member author, Conversation where, string text, string? key = null) =>
        (await AskAsync<StoreResult.Appended>(Append(author, where, text, key))).Message.Number;

    private async Task<Member?> FindAsync(RecordingClient client) =>
        (await AskAsync<StoreResult.Found>(new StoreRequest.FindByOrigin(client, client.Origin))).Member;

    private Task<StoreResult.HistoryRead> ReadAsync(Member member, Conversation where) =>
        AskAsync<StoreResult.HistoryRead>(new StoreRequest.ReadHistory(_here, member.Id, where.Id, null, null, 200, null));

    private async Task<(string Texts, bool HasMore)> PageAsync(Member member, Conversation where, long? after, long? before, int count)
    {
        StoreResult.HistoryRead read = await AskAsync<StoreResult.HistoryRead>(
            new StoreRequest.ReadHistory(_here, member.Id, where.Id, after, before, count, null));
        return (string.Join(' ', read.Messages.Select(message => message.Text)), read.HasMore);
    }
}
