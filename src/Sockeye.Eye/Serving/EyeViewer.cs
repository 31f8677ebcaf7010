using System.Net.WebSockets;
using System.Text.Json;
using Sockeye.Eye.Recording;

namespace Sockeye.Eye.Serving;

/// <summary>
/// One browser that looks. Nothing waits for it in a queue: it is told what is kept now and what it does not have yet, as fast as it takes it. What left meanwhile is
/// counted, and it is told how much that was.
/// </summary>
internal sealed class EyeViewer(EyePageOptions options, WebSocket socket)
{
    private readonly EyeRecorder _recorder = options.Recorder;
    private readonly EyeChanges _asked = new();
    private HashSet<long> _known = [];
    private long _version = -1;
    private long? _listedAt;
    private volatile EyeWatch? _watch;

    public async Task RunAsync(CancellationToken stop, CancellationToken aborted)
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(stop, aborted);
        Task listening = ListenAsync(end);
        try
        {
            await TellAsync(end.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException or IOException)
        {
            // It went, or the page ends.
        }

        await CloseAsync(stop.IsCancellationRequested).ConfigureAwait(false);
        await end.CancelAsync().ConfigureAwait(false);
        await listening.ConfigureAwait(false);
    }

    private async Task TellAsync(CancellationToken stop)
    {
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            Task news = Task.WhenAny(_recorder.Memory.Changes.Next, _asked.Next);
            bool isBehind = await TellListAsync(stop).ConfigureAwait(false);
            bool hasMore = await TellEventsAsync(stop).ConfigureAwait(false);
            if (hasMore)
                continue;
            if (isBehind)
                await WaitAsync(news, EyeLimits.ListInterval, stop).ConfigureAwait(false);
            else
                await news.WaitAsync(stop).ConfigureAwait(false);
            await Task.Delay(EyeLimits.EventsInterval, options.TimeProvider, stop).ConfigureAwait(false);
        }
    }

    /// <summary>Until there are news, or it is time for the list.</summary>
    private async Task WaitAsync(Task news, TimeSpan most, CancellationToken stop)
    {
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task delay = Task.Delay(most, options.TimeProvider, late.Token);
        await Task.WhenAny(news, delay).ConfigureAwait(false);
        await late.CancelAsync().ConfigureAwait(false);
        stop.ThrowIfCancellationRequested();
    }

    /// <summary>True if there is something that it is too early to tell.</summary>
    private async Task<bool> TellListAsync(CancellationToken stop)
    {
        long now = options.TimeProvider.GetTimestamp();
        (long version, EyeSummary[] changed, long[] all) = _recorder.Memory.ChangedAfter(_version);
        HashSet<long> here = [.. all];
        long[] gone = [.. _known.Where(number => !here.Contains(number))];
        if (changed.Length == 0 && gone.Length == 0 && _listedAt is not null)
            return false;
        if (_listedAt is { } before && options.TimeProvider.GetElapsedTime(before, now) < EyeLimits.ListInterval)
            return true;
        (_version, _known, _listedAt) = (version, here, now);
        await SendAsync(
            EyeJson.Make(json =>
            {
                json.WriteString("type", "conversations");
                EyeJson.WriteList(json, _recorder, changed);
                json.WriteStartArray("gone");
                foreach (long number in gone)
                    json.WriteNumberValue(number);
                json.WriteEndArray();
            }),
            stop).ConfigureAwait(false);
        return false;
    }

    /// <summary>True if there are more.</summary>
    private async Task<bool> TellEventsAsync(CancellationToken stop)
    {
        if (_watch is not { } watch)
            return false;
        int from = watch.Next;
        EyeConversationPart? part = _recorder.Memory.Look(
            watch.Number, conversation => new EyeConversationPart(conversation.From(from, EyeLimits.EventsMax), conversation.FirstIndex, conversation.NextIndex));
        if (part is null || part.Events.Length == 0)
            return false;
        watch.Next = part.Events[^1].Index + 1;
        await SendAsync(
            EyeJson.Make(json =>
            {
                json.WriteString("type", "events");
                EyeJson.WriteEvents(json, watch.Number, from, part);
            }),
            stop).ConfigureAwait(false);
        return watch.Next < part.NextIndex;
    }

    private ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken stop) => socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, stop);

    /// <summary>Hears what it wants to be told of: <c>{"watch":7,"from":0}</c>.</summary>
    private async Task ListenAsync(CancellationTokenSource end)
    {
        byte[] buffer = new byte[EyeLimits.MessageBytesMax];
        try
        {
            while (true)
            {
                ValueWebSocketReceiveResult received = await socket.ReceiveAsync(buffer.AsMemory(), end.Token).ConfigureAwait(false);
                if (received.MessageType != WebSocketMessageType.Text || !received.EndOfMessage)
                    break;
                _watch = EyeWatch.Read(buffer.AsSpan(0, received.Count));
                _asked.Tell();
            }
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException or IOException or JsonException)
        {
            // It went, or says what is none of this.
        }

        await end.CancelAsync().ConfigureAwait(false);
    }

    private async Task CloseAsync(bool isStopping)
    {
        using CancellationTokenSource deadline = new(EyeLimits.CloseTimeout, options.TimeProvider);
        try
        {
            await socket.CloseOutputAsync(isStopping ? WebSocketCloseStatus.EndpointUnavailable : WebSocketCloseStatus.NormalClosure, null, deadline.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException or IOException or ObjectDisposedException)
        {
            // It is gone already.
        }
    }
}
