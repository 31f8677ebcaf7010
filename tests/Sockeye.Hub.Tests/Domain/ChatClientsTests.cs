using Sockeye.Hub.Domain;
using Sockeye.Hub.Running;
using Sockeye.Hub.Storage;
using Sockeye.Hub.Tests.Running;

namespace Sockeye.Hub.Tests.Domain;

/// <summary>Which clients somebody is told of.</summary>
public sealed class ChatClientsTests : IAsyncDisposable
{
    private readonly MemoryStore _store = new();
    private readonly HubLoop _loop;

    public ChatClientsTests() => _loop = new HubLoop(new Chat(new HubId("one"), new ChatLimits { ListedClientsMax = 3 }, new NameRules()), _store, new LocalBus(), TimeProvider.System);

    [Fact]
    public async Task Numbers_go_on_and_are_not_given_again()
    {
        RecordingClient tom = await ComeAsync("Tom");
        RecordingClient gone = await ComeAsync("Gone");
        _loop.Tell(new ChatInput.Depart(gone));
        RecordingClient jack = await ComeAsync("Jack");

        Assert.Equal(1, Assert.Single((await ListAsync(tom)).List).Number);
        Assert.Equal(3, Assert.Single((await ListAsync(jack)).List).Number);
    }

    [Fact]
    public async Task A_client_of_the_same_browser_is_ones_own_and_one_of_the_same_host_is_not()
    {
        RecordingClient tom = await ComeAsync("Tom", "browser", isPersonal: true);
        await ComeAsync("Jack", "browser", isPersonal: true);
        RecordingClient anna = await ComeAsync("Anna", "host");
        await ComeAsync("Bert", "host");

        Assert.Equal(["Tom", "Jack"], (await ListAsync(tom)).List.Select(view => view.Who!.Name));
        Assert.Equal(["Anna"], (await ListAsync(anna)).List.Select(view => view.Who!.Name));
    }

    [Fact]
    public async Task One_that_is_somebody_elses_is_not_found_by_its_number()
    {
        RecordingClient tom = await ComeAsync("Tom");
        await ComeAsync("Jack");

        Assert.Single((await ListAsync(tom, 1)).List);
        Assert.Empty((await ListAsync(tom, 2)).List);
        Assert.Empty((await ListAsync(tom, 77)).List);
    }

    [Fact]
    public async Task The_owner_is_told_of_all_their_own_first_and_how_many_there_are()
    {
        for (int i = 0; i < 4; i++)
            await ComeAsync($"Guest{i}");
        RecordingClient owner = await ComeAsync("Tom");
        OwnerInvitation invitation = OwnerInvitation.Create(DateTimeOffset.UtcNow);
        await _store.AskAsync(invitation.ToRequest());
        Assert.True(_loop.TryAsk(new ChatInput.ClaimOwner(owner, invitation.Secret)));

        await RunAsync();
        ChatEvent.Clients seen = await ListAsync(owner);
        ChatEvent.Clients one = await ListAsync(owner, 4);

        Assert.Equal(5, seen.Count);
        Assert.Equal([(1, false), (2, false), (5, true)], seen.List.Select(view => ((int)view.Number, view.IsOwn)));
        Assert.Equal("Guest3", Assert.Single(one.List).Who!.Name);
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    private async Task<RecordingClient> ComeAsync(string name, string origin = "here", bool isPersonal = false)
    {
        RecordingClient client = new(origin) { IsPersonal = isPersonal };
        Assert.True(_loop.TryAsk(new ChatInput.Arrive(client)));
        Assert.True(_loop.TryAsk(new ChatInput.TakeName(client, name)));
        await RunAsync();
        return client;
    }

    private async Task<ChatEvent.Clients> ListAsync(RecordingClient client, long? number = null)
    {
        client.Shown.Clear();
        Assert.True(_loop.TryAsk(new ChatInput.ListClients(client, number)));
        await RunAsync();
        return client.Shown.OfType<ChatEvent.Clients>().Single();
    }

    /// <summary>Until what was asked for is done.</summary>
    private Task RunAsync() => _loop.RunAsync(new CancellationToken(canceled: true));
}
