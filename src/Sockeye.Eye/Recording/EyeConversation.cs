using Sockeye.Eye.Masking;
using Sockeye.Eye.Masking.WebSockets;

namespace Sockeye.Eye.Recording;

/// <summary>One conversation as it is kept: its latest events, and its figures. Not for several threads at once.</summary>
internal sealed class EyeConversation(SocketConversation conversation, TimeSpan startedAt, EyeRecorderOptions options)
{
    private readonly Queue<EyeEvent> _events = [];
    private readonly EyeRate _rate = new();
    private readonly EyeSamples _samples = new(startedAt);
    private readonly ConversationMasks _masks = new(conversation.SocketType == System.Net.Sockets.SocketType.Stream, options.ShowSecrets);

    /// <summary>How far each direction is known, at its source and at its sink.</summary>
    private readonly long[] _ends = new long[4];

    private int _nextIndex;
    private string? _layer;
    private TimeSpan? _endedAt;
    private EyeState _state = EyeState.Open;
    private int _ended;
    private EyeSummary? _summary;

    public long Number => conversation.Number;

    /// <summary>Grows with each change of any conversation: this is its last.</summary>
    public long Version { get; private set; }

    public bool HasFinished => _endedAt is not null;

    /// <summary>The memory its events take.</summary>
    public long Cost { get; private set; }

    public int FirstIndex => _nextIndex - _events.Count;

    public int NextIndex => _nextIndex;

    public EyeSamples Samples => _samples;

    public IEnumerable<EyeEvent> Events => _events;

    public void Record(ConversationEvent happened, TimeSpan at, long version)
    {
        Version = version;
        _summary = null;
        byte[] data = happened.Kind == ConversationEventKind.Data && !happened.IsRepeat ? happened.Data.ToArray() : [];
        int masked = 0;
        XorRange[] unmasked = [];
        if (data.Length > 0)
            (masked, unmasked) = _masks.Apply(happened.FromClient, happened.AtSource, happened.Offset, data);
        if (unmasked.Length > 0)
            _layer ??= "WebSocket";
        Follow(happened, at);
        Add(new EyeEvent(_nextIndex++, at, happened.Kind, happened.FromClient, happened.AtSource)
        {
            IsRepeat = happened.IsRepeat,
            Offset = happened.Offset,
            Length = happened.Length,
            Data = data,
            Masked = masked,
            Unmasked = unmasked,
            Duration = happened.Duration,
            Text = EventText.Of(happened),
        });
    }

    /// <summary>Lets the oldest event go; false when there is none.</summary>
    public bool Forget()
    {
        if (!_events.TryDequeue(out EyeEvent? oldest))
            return false;
        Cost -= oldest.Cost;
        _summary = null;
        return true;
    }

    /// <summary>The events from an index on.</summary>
    public EyeEvent[] From(int index, int countMax) => [.. _events.Skip(Math.Max(0, index - FirstIndex)).Take(countMax)];

    /// <summary>What is kept of it. Of a relay, the client and the door that it reached.</summary>
    public EyeRecording Record() => new(Number, conversation.SocketType, conversation.Client, conversation.Door ?? conversation.Server, [.. _events]);

    public EyeSummary Summarize() =>
        _summary ??= new EyeSummary(
            Number,
            conversation.SocketType,
            EventText.Of(conversation.Client),
            EventText.Of(conversation.Door),
            EventText.Of(conversation.Server),
            conversation.IsRelayed,
            startedAt,
            _endedAt,
            _state)
        {
            Layer = _layer,
            Up = conversation.BytesFromClient,
            Down = conversation.BytesFromServer,
            ClientTcp = conversation.ClientTcpInfo,
            ServerTcp = conversation.ServerTcpInfo,
            FirstEvent = FirstIndex,
            EventCount = _nextIndex,
            Rate = _rate.ToArray(),
            RateSecond = _rate.Second,
            HasBothSides = conversation.ClientSocket is not null && conversation.ServerSocket is not null,
        };

    private void Add(EyeEvent happened)
    {
        _events.Enqueue(happened);
        Cost += happened.Cost;
        while (_events.Count > 1 && (_events.Count > options.EventsPerConversationMax || Cost > options.BytesPerConversationMax))
            Forget();
    }

    /// <summary>Keeps the figures of what happens.</summary>
    private void Follow(ConversationEvent happened, TimeSpan at)
    {
        switch (happened.Kind)
        {
            case ConversationEventKind.Connecting:
                _state = EyeState.Connecting;
                break;
            case ConversationEventKind.Connected when _state == EyeState.Connecting:
                _state = EyeState.Open;
                break;
            case ConversationEventKind.Handshaken:
                _layer = EventText.Of(happened)?.Split(',')[0];
                break;
            case ConversationEventKind.Data:
                _ends[Way(happened)] = happened.Offset + happened.Length;
                Measure(happened, at);
                break;
            case ConversationEventKind.Ended when !happened.IsRepeat:
                _ended |= happened.FromClient ? 1 : 2;
                if (_state == EyeState.Open || _state == EyeState.HalfClosed)
                    _state = _ended == 3 ? EyeState.Closed : EyeState.HalfClosed;
                break;
            case ConversationEventKind.Reset:
                _state = EyeState.Reset;
                break;
            case ConversationEventKind.Finished:
                _endedAt = at;
                _state = _state switch
                {
                    EyeState.Connecting => EyeState.Failed,
                    EyeState.Open or EyeState.HalfClosed => EyeState.Closed,
                    _ => _state,
                };
                break;
            default:
                break;
        }
    }

    private void Measure(ConversationEvent happened, TimeSpan at)
    {
        bool hasBoth = conversation.ClientSocket is not null && conversation.ServerSocket is not null;
        long up = hasBoth ? Math.Max(0, _ends[Way(fromClient: true, atSource: true)] - _ends[Way(fromClient: true, atSource: false)]) : 0;
        long down = hasBoth ? Math.Max(0, _ends[Way(fromClient: false, atSource: true)] - _ends[Way(fromClient: false, atSource: false)]) : 0;
        long length = happened.IsRepeat ? 0 : happened.Length;
        _rate.Add(at, length);
        _samples.Add(at, new EyeSample(
            happened.FromClient ? length : 0,
            happened.FromClient ? 0 : length,
            up + down,
            conversation.ClientTcpInfo?.RoundTripTime.TotalMilliseconds ?? double.NaN,
            conversation.ServerTcpInfo?.RoundTripTime.TotalMilliseconds ?? double.NaN));
    }

    private static int Way(ConversationEvent happened) => Way(happened.FromClient, happened.AtSource);

    private static int Way(bool fromClient, bool atSource) => (fromClient ? 2 : 0) + (atSource ? 1 : 0);
}
