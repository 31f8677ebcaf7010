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
        using CancellationTokenSource gone = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        Task listening = ListenAsync(gone);
        try
        {
            await TellAsync(gone.Token, stop).ConfigureAwait(false);
            await TellLastAsync(gone.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException or IOException)
        {
            // It went, or takes nothing.
        }

        await CloseAsync(stop.IsCancellationRequested, listening).ConfigureAwait(false);
        await gone.CancelAsync().ConfigureAwait(false);
        await listening.ConfigureAwait(false);
    }

    /// <summary>Until the page stops. A message that is on its way then goes whole: a WebSocket that is interrupted in one is broken.</summary>
    /// <exception cref="OperationCanceledException">The browser has gone.</exception>
    private async Task TellAsync(CancellationToken gone, CancellationToken stop)
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(gone, stop);
        while (!end.IsCancellationRequested)
        {
            Task news = Task.WhenAny(_recorder.Memory.Changes.Next, _asked.Next);
            bool isBehind = await TellListAsync(isLast: false, gone).ConfigureAwait(false);
            bool hasMore = await TellEventsAsync(gone).ConfigureAwait(false);
            if (!hasMore)
                await PauseAsync(news, isBehind, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        gone.ThrowIfCancellationRequested();
    }

    /// <summary>What it does not know yet, without a pause: how it ended is seen, and so is the end.</summary>
    private async Task TellLastAsync(CancellationToken gone)
    {
        using CancellationTokenSource deadline = new(EyeLimits.LastWordsTimeout, options.TimeProvider);
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(gone, deadline.Token);
        await TellListAsync(isLast: true, late.Token).ConfigureAwait(false);
        while (await TellEventsAsync(late.Token).ConfigureAwait(false))
        {
            // There are more.
        }
    }

    private async Task PauseAsync(Task news, bool isBehind, CancellationToken end)
    {
        if (isBehind)
            await WaitAsync(news, EyeLimits.ListInterval, end).ConfigureAwait(false);
        else
            await news.WaitAsync(end).ConfigureAwait(false);
        await Task.Delay(EyeLimits.EventsInterval, options.TimeProvider, end).ConfigureAwait(false);
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
    private async Task<bool> TellListAsync(bool isLast, CancellationToken gone)
    {
        long now = options.TimeProvider.GetTimestamp();
        (long version, EyeSummary[] changed, long[] all) = _recorder.Memory.ChangedAfter(_version);
        HashSet<long> here = [.. all];
        long[] forgotten = [.. _known.Where(number => !here.Contains(number))];
        if (changed.Length == 0 && forgotten.Length == 0 && _listedAt is not null)
            return false;
        if (!isLast && _listedAt is { } before && options.TimeProvider.GetElapsedTime(before, now) < EyeLimits.ListInterval)
            return true;
        (_version, _known, _listedAt) = (version, here, now);
        await SendAsync(
            EyeJson.Make(json =>
            {
                json.WriteString("type", "conversations");
                EyeJson.WriteList(json, _recorder, changed);
                json.WriteStartArray("gone");
                foreach (long number in forgotten)
                    json.WriteNumberValue(number);
                json.WriteEndArray();
            }),
            gone).ConfigureAwait(false);
        return false;
    }

    /// <summary>True if there are more.</summary>
    private async Task<bool> TellEventsAsync(CancellationToken gone)
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
            gone).ConfigureAwait(false);
        return watch.Next < part.NextIndex;
    }

    private ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken gone) => socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, gone);

    /// <summary>Hears what it wants to be told of: <c>{"watch":7,"from":0}</c>.</summary>
    private async Task ListenAsync(CancellationTokenSource gone)
    {
        byte[] buffer = new byte[EyeLimits.MessageBytesMax];
        try
        {
            while (true)
            {
                ValueWebSocketReceiveResult received = await socket.ReceiveAsync(buffer.AsMemory(), gone.Token).ConfigureAwait(false);
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

        await gone.CancelAsync().ConfigureAwait(false);
    }

    /// <summary>In order: whoever stops listening before the browser has agreed resets the connection, and destroys what was told last.</summary>
    private async Task CloseAsync(bool isStopping, Task listening)
    {
        using CancellationTokenSource deadline = new(EyeLimits.CloseTimeout, options.TimeProvider);
        try
        {
            await socket.CloseOutputAsync(isStopping ? WebSocketCloseStatus.EndpointUnavailable : WebSocketCloseStatus.NormalClosure, null, deadline.Token).ConfigureAwait(false);
            await listening.WaitAsync(deadline.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException or IOException or ObjectDisposedException)
        {
            // It is gone already.
        }
    }
}
