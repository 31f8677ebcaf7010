using System.Diagnostics;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>
/// Makes a trace of conversations: an <see cref="Activity"/> of the source <see cref="SourceName"/> for each, from its first event to its last, with its parties and bytes as tags
/// and what happened as events. Tags are named as OpenTelemetry's conventions have it. Nobody listens: nothing is made.
/// </summary>
/// <remarks>It tells how conversations began and ended, and not of every byte: connecting, handshakes, ends, resets and errors are events, data is counted.</remarks>
public sealed class ActivityRecorder : ConversationRecorder
{
    /// <summary>The name of the ActivitySource: "Sockeye".</summary>
    public const string SourceName = "Sockeye";

    private static readonly ActivitySource Source = new(SourceName);

    // By the conversation: they are forgotten when they have finished.
    private readonly Dictionary<SocketConversation, Activity> _open = [];

    /// <summary>Makes a recorder.</summary>
    /// <param name="timeProvider">The clock; null for the system's.</param>
    /// <param name="options">How much may wait; null for the defaults.</param>
    public ActivityRecorder(TimeProvider? timeProvider = null, RecorderOptions? options = null)
        : base(timeProvider, options, dataBytesMax: 0)
    {
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync().ConfigureAwait(false);
        foreach (Activity activity in _open.Values)
            activity.Dispose();
        _open.Clear();
    }

    /// <inheritdoc/>
    protected override void Record(ConversationEvent happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        if (happened.Kind == ConversationEventKind.Opened)
            Open(happened);
        else if (_open.TryGetValue(happened.Conversation, out Activity? activity))
            Record(activity, happened);
    }

    private void Open(ConversationEvent happened)
    {
        SocketConversation conversation = happened.Conversation;

        // A root of its own: the thread that records is nobody's, and its current activity says nothing.
        ActivityKind kind = conversation.ServerSocket is null ? ActivityKind.Client : ActivityKind.Server;
        if (Source.StartActivity("conversation", kind, parentContext: default, startTime: happened.Time) is not { } activity)
            return;
        foreach (KeyValuePair<string, object?> tag in SocketTags.Of(happened.Socket.AddressFamily, conversation.SocketType))
            activity.SetTag(tag.Key, tag.Value);
        _open[conversation] = activity;
    }

    private void Record(Activity activity, ConversationEvent happened)
    {
        string side = happened.FromClient ? "client" : "server";
        switch (happened.Kind)
        {
            case ConversationEventKind.Connected:
                Add(activity, happened, "connected", ("duration", happened.Duration.TotalSeconds));
                break;
            case ConversationEventKind.Handshaken:
                Add(activity, happened, "handshaken", ("protocol", ConversationWords.Layer(happened.Layer)), ("duration", happened.Duration.TotalSeconds));
                break;
            case ConversationEventKind.Ended when !happened.IsRepeat:
                Add(activity, happened, "half-closed", ("from", side));
                break;
            case ConversationEventKind.Reset:
                Add(activity, happened, "reset", ("from", side));
                activity.SetTag("error.type", nameof(SocketError.ConnectionReset)).SetStatus(ActivityStatusCode.Error, $"reset from the {side}");
                break;
            case ConversationEventKind.Faulted:
                Add(activity, happened, "fault", ("fault", happened.Fault!.Kind.ToString()));
                break;
            case ConversationEventKind.Error:
                Add(activity, happened, "error", ("error.type", happened.Error.ToString()));
                activity.SetTag("error.type", happened.Error.ToString()).SetStatus(ActivityStatusCode.Error, SocketErrors.Reason(happened.Error));
                break;
            case ConversationEventKind.Finished:
                Finish(activity, happened);
                break;
        }
    }

    private void Finish(Activity activity, ConversationEvent happened)
    {
        SocketConversation conversation = happened.Conversation;
        _open.Remove(conversation);
        SocketTags.Set(activity, "client", conversation.Client);
        SocketTags.Set(activity, "server", conversation.Server ?? conversation.Door);
        activity.SetTag("sockeye.bytes.from_client", conversation.BytesFromClient);
        activity.SetTag("sockeye.bytes.from_server", conversation.BytesFromServer);
        activity.SetEndTime(happened.Time.UtcDateTime);
        activity.Dispose();
    }

    private static void Add(Activity activity, ConversationEvent happened, string name, params ReadOnlySpan<(string Name, object? Value)> tags)
    {
        ActivityTagsCollection all = [];
        foreach ((string key, object? value) in tags)
            all.Add(key, value);
        activity.AddEvent(new ActivityEvent(name, happened.Time, all));
    }
}
