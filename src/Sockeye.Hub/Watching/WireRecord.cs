using System.Net;
using System.Net.Sockets;
using Sockeye.Eye.Masking;
using Sockeye.Eye.Recording;
using Sockeye.Eye.Serving;
using Sockeye.Hub.Domain;

namespace Sockeye.Hub.Watching;

/// <summary>
/// The latest of what a watcher was shown of a connection, and nothing else: for searches, captures and plots. What came is in it as what was made of it, a line or a message each;
/// what was not shown is <c>*</c>. It ends with the watching.
/// </summary>
internal sealed class WireRecord : ITalk, IDisposable
{
    /// <summary>The most events that are kept of one.</summary>
    public const int EventsMax = 2_000;

    /// <summary>The memory that one takes, in bytes.</summary>
    public const long BytesMax = 512 * 1024;

    /// <summary>How often a watcher may ask.</summary>
    public static readonly Rate AsksMax = new(Burst: 60, PerSecond: 10);

    /// <summary>The connection's beginning, and that it is watched, are the first two events.</summary>
    private const int FirstIndex = 2;

    private readonly Lock _lock = new();
    private readonly WireRecords _all;
    private readonly long _number;
    private readonly string _door;
    private readonly IWired _wired;
    private readonly TimeProvider _time;
    private readonly Queue<EyeEvent> _events = [];
    private readonly EyeSamples _samples;
    private readonly long[] _ends = new long[2];
    private WireFacts _last;
    private TokenBucket _asks;
    private long _cost;
    private int _next = FirstIndex;
    private bool _hasEnded;

    /// <summary>Keeps what is shown from now on.</summary>
    /// <param name="all">All there are.</param>
    /// <param name="number">The connection's.</param>
    /// <param name="door">The door it came by.</param>
    /// <param name="wired">It.</param>
    /// <param name="origin">The browser that watches.</param>
    /// <param name="time">The clock.</param>
    public WireRecord(WireRecords all, long number, string door, IWired wired, string origin, TimeProvider time)
    {
        (_all, _number, _door, _wired, Origin, _time) = (all, number, door, wired, origin, time);
        _last = wired.Look();
        _samples = new EyeSamples(_last.Age);
        StartedAt = time.GetUtcNow() - _last.Age;
        Keep(new EyeEvent(0, _last.Age, ConversationEventKind.Opened, FromClient: true, AtSource: false));
        all.Add(this);
    }

    /// <summary>What the watcher asks by: nobody else was told it.</summary>
    public string Key { get; } = EyeToken.Create().Text;

    /// <summary>The browser that watches.</summary>
    public string Origin { get; }

    public DateTimeOffset StartedAt { get; }

    public string FileName => $"sockeye-hub-{_number}";

    private bool IsDatagrams => _door == "udp";

    /// <summary>The watcher is shown these, and perhaps that some are not shown.</summary>
    /// <returns>The index of the first; that some are not shown is an event behind them.</returns>
    public int Add(IReadOnlyList<WireEvent> shown, bool areSomeNot)
    {
        lock (_lock)
        {
            int first = _next;
            foreach (WireEvent happened in shown)
            {
                Keep(Make(_next++, happened));
                _hasEnded |= happened.Kind is WireEventKind.Closed or WireEventKind.Aborted;
            }

            _next += areSomeNot ? 1 : 0;
            Measure();
            return first;
        }
    }

    /// <summary>Notes how the connection is now.</summary>
    public void Sample()
    {
        lock (_lock)
            Measure();
    }

    /// <summary>Whether the watcher may ask something now.</summary>
    public bool TryAsk()
    {
        lock (_lock)
            return _asks.TryTake(AsksMax, _time.GetUtcNow());
    }

    public EyeEvent[] Events()
    {
        lock (_lock)
            return [.. _events];
    }

    public EyeRecording Record() => new(
        _number, IsDatagrams ? SocketType.Dgram : SocketType.Stream, IPEndPoint.TryParse(_last.From, out IPEndPoint? client) ? client : null, null, Events());

    public EyePlot Plot()
    {
        lock (_lock)
        {
            Measure();
            return _samples.Plot();
        }
    }

    public void Dispose()
    {
        _all.Remove(this);
        lock (_lock)
        {
            _hasEnded = true;
            while (_events.Count > 0)
                Forget();
        }
    }

    private void Measure()
    {
        if (_hasEnded)
            return;
        if (Look() is not { } now)
            return;
        double roundTrip = now.RoundTrip?.TotalMilliseconds ?? double.NaN;
        _samples.Add(now.Age, new EyeSample(now.Received - _last.Received, now.Sent - _last.Sent, now.QueuedBytes, roundTrip, double.NaN));
        _last = now;
    }

    /// <summary>The connection as it is; null: it is being closed, which will be told.</summary>
    private WireFacts? Look()
    {
        try
        {
            return _wired.Look();
        }
        catch (ObjectDisposedException)
        {
            return null;
        }
    }

    private EyeEvent Make(int index, WireEvent happened)
    {
        (ConversationEventKind kind, bool fromClient) = happened.Kind switch
        {
            WireEventKind.Frame => (ConversationEventKind.Data, true),
            WireEventKind.Encrypting => (ConversationEventKind.Data, false),
            WireEventKind.Sent => (happened.Data is null && !happened.IsHidden ? ConversationEventKind.Encrypted : ConversationEventKind.Data, false),

            // What is in them is said as frames.
            WireEventKind.Received or WireEventKind.Decrypted => (ConversationEventKind.Encrypted, true),
            WireEventKind.Handshaken => (ConversationEventKind.Handshaken, true),
            WireEventKind.HalfClosedByPeer => (ConversationEventKind.Ended, true),
            WireEventKind.HalfClosedByUs => (ConversationEventKind.Ended, false),
            WireEventKind.Reset => (ConversationEventKind.Reset, true),
            WireEventKind.Aborted => (ConversationEventKind.Reset, false),
            WireEventKind.Error => (ConversationEventKind.Error, true),
            _ => (ConversationEventKind.Closed, true),
        };
        EyeEvent made = new(index, happened.At, kind, fromClient, AtSource: !fromClient);
        return kind == ConversationEventKind.Data ? Fill(made, happened) : made;
    }

    private EyeEvent Fill(EyeEvent made, WireEvent happened)
    {
        ref long end = ref _ends[made.FromClient ? 1 : 0];
        byte[] data = happened.Data ?? new byte[Math.Min(happened.Bytes, WireText.BytesMax)];
        int masked = happened.Data is null ? data.Length : 0;
        data.AsSpan(0, masked).Fill(SecretMask.Mask);
        bool isCut = data.Length == WireText.BytesMax;

        // Where a line or a message ends can be seen in a stream too.
        if (_door == "web" || (made.FromClient && !IsDatagrams))
            data = [.. data, (byte)'\n'];
        long offset = end;

        // What was cut, or is a datagram of its own, does not go on in the next.
        end += data.Length + (isCut || IsDatagrams ? 1 : 0);
        return made with { Offset = offset, Length = data.Length, Data = data, Masked = masked };
    }

    private void Keep(EyeEvent happened)
    {
        if (_hasEnded)
            return;
        _events.Enqueue(happened);
        _cost += happened.Cost;
        _all.Count(happened.Cost);
        while (_events.Count > 0 && (_events.Count > EventsMax || _cost > BytesMax || _all.AreTooMany))
            Forget();
    }

    private void Forget()
    {
        EyeEvent oldest = _events.Dequeue();
        _cost -= oldest.Cost;
        _all.Count(-oldest.Cost);
    }
}
