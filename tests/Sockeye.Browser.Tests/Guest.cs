using System.Collections.Concurrent;
using Sockeye.Hub.Domain;
using Sockeye.Hub.Running;

namespace Sockeye.Browser.Tests;

/// <summary>A member without a browser: a client of the chat itself.</summary>
internal sealed class Guest(HubLoop loop, string name) : IChatClient
{
    private readonly ConcurrentQueue<(Predicate<ChatEvent> Wanted, TaskCompletionSource Seen)> _waiting = [];

    private readonly ConcurrentDictionary<string, ConversationId> _rooms = [];

    public string Door => "test";

    public string Origin => "guest:" + name;

    public bool IsPersonal => false;

    public void Show(ChatEvent happened)
    {
        if (happened is ChatEvent.Joined joined)
            _rooms[joined.Room.Conversation.Room!] = joined.Room.Conversation.Id;
        foreach ((Predicate<ChatEvent> wanted, TaskCompletionSource seen) in _waiting)
        {
            if (wanted(happened))
                seen.TrySetResult();
        }
    }

    public void Flush()
    {
    }

    public async Task EnterAsync(string[] rooms)
    {
        await loop.AskAsync(new ChatInput.Arrive(this));
        await AskAsync(new ChatInput.TakeName(this, name, null), happened => happened is ChatEvent.Joined);
        foreach (string room in rooms)
            await AskAsync(new ChatInput.Join(this, room), happened => happened is ChatEvent.Joined joined && joined.Room.Conversation.Room == room);
    }

    /// <summary>Says something, and returns when the hub has kept it.</summary>
    public Task SayAsync(string room, string text) => AskAsync(new ChatInput.Say(this, room, text, null), happened => happened is ChatEvent.Accepted);

    /// <summary>The same to one person.</summary>
    public Task TellAsync(string to, string text) => AskAsync(new ChatInput.Tell(this, to, text, null), happened => happened is ChatEvent.Accepted);

    public Task AwayAsync(string? why) => loop.AskAsync(new ChatInput.SetAway(this, why)).AsTask();

    /// <summary>Is writing in a room.</summary>
    public Task TypeAsync(string room) => loop.AskAsync(new ChatInput.Type(this, _rooms[room])).AsTask();

    /// <summary>When somebody else has said this.</summary>
    public Task HeardAsync(string text) => WhenAsync(happened => happened is ChatEvent.Posted posted && posted.Message.Text == text);

    public void Leave() => loop.Tell(new ChatInput.Depart(this));

    private async Task AskAsync(ChatInput asked, Predicate<ChatEvent> answer)
    {
        Task answered = WhenAsync(answer);
        await loop.AskAsync(asked);
        await answered;
    }

    private Task WhenAsync(Predicate<ChatEvent> wanted)
    {
        TaskCompletionSource seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting.Enqueue((wanted, seen));
        return seen.Task.WaitAsync(Hang.Limit);
    }
}
