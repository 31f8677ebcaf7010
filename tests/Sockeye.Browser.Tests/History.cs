using Sockeye.Hub.Domain;
using Sockeye.Hub.Storage;

namespace Sockeye.Browser.Tests;

/// <summary>What was said before a test begins, at times of its choice.</summary>
internal sealed class History
{
    private readonly NameRules _rules = new();
    private readonly Dictionary<string, (Guest Client, Member Member)> _members = [];

    public IHubStore Store { get; } = new MemoryStore();

    /// <summary>Something said in a room.</summary>
    public async Task<History> SaidAsync(string room, string author, DateTimeOffset at, string text)
    {
        (Guest client, Member member) = await MemberAsync(author);
        StoreResult.RoomOpened opened = (StoreResult.RoomOpened)await Store.AskAsync(new StoreRequest.OpenRoom(client, member.Id, room, KeyOf(room)));
        await Store.AskAsync(new StoreRequest.Append(client, opened.View.Conversation, member, text, null, at));
        return this;
    }

    private async Task<(Guest Client, Member Member)> MemberAsync(string name)
    {
        if (_members.TryGetValue(name, out (Guest, Member) known))
            return known;
        Guest client = new(null!, name);
        StoreResult.Identified identified = (StoreResult.Identified)await Store.AskAsync(new StoreRequest.Identify(client, name, KeyOf(name), client.Origin, null));
        return _members[name] = (client, identified.Member);
    }

    private string KeyOf(string name)
    {
        Assert.Null(_rules.Read(name, 100, out _, out string key));
        return key;
    }
}
