using System.Text;

namespace Sockeye.Tests.Observing;

/// <summary>Writes conversations down in a form that tests compare.</summary>
internal sealed class ConversationLines() : ConversationRecorder(new ManualClock())
{
    private readonly List<string> _lines = [];

    /// <summary>What was recorded, without what waits.</summary>
    public List<SocketConversation> Conversations { get; } = [];

    /// <summary>Nothing is recorded before this has ended.</summary>
    public Task Gate { get; init; } = Task.CompletedTask;

    public async Task<string> TextAsync()
    {
        await FlushAsync();
        lock (_lines)
            return string.Join('\n', _lines);
    }

    protected override void Record(ConversationEvent happened)
    {
        Gate.Wait(TestContext.Current.CancellationToken);
        if (happened.Kind == ConversationEventKind.Opened)
            Conversations.Add(happened.Conversation);
        string data = happened.Data.IsEmpty ? "" : $" {happened.Offset}+{happened.Length} {Encoding.UTF8.GetString(happened.Data.Span)}";
        lock (_lines)
            _lines.Add($"#{happened.Conversation.Number} {(happened.FromClient ? ">" : "<")}{(happened.AtSource ? "source" : "sink")}{(happened.IsRepeat ? "*" : "")} {happened.Kind}{data}");
    }
}
