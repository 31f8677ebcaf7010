using System.Buffers;
using System.Net.WebSockets;
using Sockeye.Hub.Domain;
using Sockeye.Hub.Running;

namespace Sockeye.Hub.Gateways.Web;

/// <summary>
/// One page, over its WebSocket: JSON objects either way. What it asks for is read no faster than it is answered and than the page reads the answers.
/// </summary>
internal sealed partial class WebClient : IChatClient, IDisposable
{
    private const int BufferBytesMin = 512;

    private readonly WebDoor _door;
    private readonly WebPeer _peer;
    private readonly WebSocket _socket;
    private readonly HubLoop _loop;
    private readonly TimeProvider _time;
    private readonly WebOutbox _outbox;
    private readonly CancellationTokenSource _ended = new();
    private readonly ITimer _nameless;
    private readonly ITimer _deadline;
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TokenBucket _commands;
    private TokenBucket _misunderstood;
    private int _emptyFrames;
    private int _isClosing;

    public WebClient(WebDoor door, WebSocket socket, WebPeer peer)
    {
        (_door, _socket, _peer) = (door, socket, peer);
        GatewayContext context = door.Context;
        _loop = context.Loop;
        _time = context.Network.TimeProvider;
        _since = _time.GetTimestamp();
        _deadline = _time.CreateTimer(static client => ((WebClient)client!).End(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _outbox = new WebOutbox(socket, context.Options.QueueMessagesMax, context.Options.QueueBytesMax, _ended.Token) { Failed = _ => End(), Sent = OnSent };
        _nameless = _time.CreateTimer(
            static client => ((WebClient)client!).Close(WebSocketCloseStatus.PolicyViolation, "Nobody has said a name."), this, door.Limits.NamelessTimeout, Timeout.InfiniteTimeSpan);
    }

    public string Door => "web";

    public string Origin => _peer.Origin;

    public string Host => _peer.Host;

    public bool IsPersonal => true;

    public void Dispose()
    {
        _deadline.Dispose();
        _ended.Dispose();
    }

    /// <summary>Serves until the page has gone or shall go.</summary>
    /// <param name="stop">Ends it at once.</param>
    /// <param name="gone">Fires when the connection is gone.</param>
    public async Task RunAsync(CancellationToken stop, CancellationToken gone)
    {
        await using (stop.Register(End).ConfigureAwait(false))
        {
            _outbox.Answer(WebEvents.Hello(_door.Context.Options.Limits.Chat));
            _outbox.Flush();
            try
            {
                await _loop.AskAsync(new ChatInput.Arrive(this), _ended.Token).ConfigureAwait(false);
                await ListenAsync().ConfigureAwait(false);
            }
            catch (Exception e) when (e is WebSocketException or OperationCanceledException)
            {
                // It is gone, as pages go: closed, reloaded, asleep. Or it broke the protocol, and has been sent the close that says so.
            }

            await DepartAsync().ConfigureAwait(false);
            if (_socket.State == WebSocketState.Aborted)
                await LingerAsync(gone).ConfigureAwait(false);
        }
    }

    /// <summary>Kestrel resets a connection whose close was not agreed on, and with it what is on its way: the page is given a moment to read why.</summary>
    private async Task LingerAsync(CancellationToken gone)
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(gone, _ended.Token);
        await Task.Delay(_door.Limits.CloseTimeout, _time, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task DepartAsync()
    {
        _loop.Tell(new ChatInput.Depart(this));
        await _nameless.DisposeAsync().ConfigureAwait(false);
        StopWatching(forGood: true);

        // A close that the page began is answered; anything else has an end by now, or soon.
        Close(WebSocketCloseStatus.NormalClosure, null);
        await _closed.Task.ConfigureAwait(false);
        OnClosed();
    }

    private async Task ListenAsync()
    {
        byte[] buffer = [];
        try
        {
            int length = 0;
            while (true)
            {
                buffer = Grow(buffer, length);
                int room = Math.Min(buffer.Length, _door.Limits.MessageBytesMax) - length;
                ValueWebSocketReceiveResult received = await _socket.ReceiveAsync(buffer.AsMemory(length, room), _ended.Token).ConfigureAwait(false);
                if (received.MessageType == WebSocketMessageType.Close)
                    return;
                Interlocked.Add(ref _receivedBytes, received.Count);
                length = await TakeAsync(buffer, length + received.Count, received).ConfigureAwait(false);
                if (length == 0)
                    buffer = Shrink(buffer);
            }
        }
        finally
        {
            if (buffer.Length > 0)
                ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Takes what came, if the message is whole.</summary>
    /// <returns>How much of the message is in the buffer now.</returns>
    private async ValueTask<int> TakeAsync(byte[] buffer, int length, ValueWebSocketReceiveResult received)
    {
        // What comes after our close is read, so that the page reads the close, and is for nobody.
        if (Volatile.Read(ref _isClosing) != 0)
            return 0;
        if (received.MessageType != WebSocketMessageType.Text)
        {
            Close(WebSocketCloseStatus.InvalidMessageType, "A page sends text.");
            return 0;
        }

        if (received.EndOfMessage)
        {
            _emptyFrames = 0;
            await TakeAsync(buffer.AsMemory(0, length)).ConfigureAwait(false);
            return 0;
        }

        if (received.Count == 0 && ++_emptyFrames > _door.Limits.EmptyFramesMax)
        {
            Close(WebSocketCloseStatus.PolicyViolation, "Too many frames without a byte.");
            return 0;
        }

        if (length < _door.Limits.MessageBytesMax)
            return length;
        Close(WebSocketCloseStatus.MessageTooBig, $"{_door.Limits.MessageBytesMax} bytes are the most.");
        return 0;
    }

    /// <summary>Whoever has a page open for a day and says nothing costs a small buffer.</summary>
    private static byte[] Grow(byte[] buffer, int length)
    {
        if (length < buffer.Length)
            return buffer;
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(BufferBytesMin, buffer.Length * 2));
        buffer.AsSpan(0, length).CopyTo(larger);
        if (buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    private static byte[] Shrink(byte[] buffer)
    {
        if (buffer.Length <= BufferBytesMin)
            return buffer;
        ArrayPool<byte>.Shared.Return(buffer);
        return [];
    }

    private async ValueTask TakeAsync(ReadOnlyMemory<byte> message)
    {
        ChatInput.FromClient input;
        try
        {
            input = WebCommands.Read(message, this);
            OnReceived(input, message);
        }
        catch (ProtocolException e)
        {
            OnReceived(null, message);
            if (_misunderstood.TryTake(_door.Limits.Misunderstood, _time.GetUtcNow()))
                Answer(WebEvents.Misunderstood(e.Message));
            else
                Close(WebSocketCloseStatus.PolicyViolation, "Too much that is not understood.");
            return;
        }

        await WaitForTurnAsync().ConfigureAwait(false);
        Task? answered = input is ChatInput.ReadHistory ? AwaitHistory() : null;
        await _loop.AskAsync(input, _ended.Token).ConfigureAwait(false);
        if (answered is not null)
            await answered.WaitAsync(_ended.Token).ConfigureAwait(false);
    }

    /// <summary>Whoever asks for much is not refused, but read from more slowly.</summary>
    private async ValueTask WaitForTurnAsync()
    {
        Rate rate = _door.Limits.Commands;
        while (!_commands.TryTake(rate, _time.GetUtcNow()))
            await Task.Delay(_commands.UntilNext(rate, _time.GetUtcNow()), _time, _ended.Token).ConfigureAwait(false);
        await _outbox.WaitForRoomAsync().WaitAsync(_ended.Token).ConfigureAwait(false);
    }

    /// <summary>Ends everything at once.</summary>
    private void End()
    {
        try
        {
            _ended.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The page is gone, and the timer came too late.
        }
    }

    /// <summary>Begins the close, unless it has begun: what waits goes first. The page has a moment to take it and to agree.</summary>
    private void Close(WebSocketCloseStatus status, string? why)
    {
        if (Interlocked.Exchange(ref _isClosing, 1) == 0)
            _ = CloseAsync(status, why);
    }

    private async Task CloseAsync(WebSocketCloseStatus status, string? why)
    {
        try
        {
            _deadline.Change(_door.Limits.CloseTimeout, Timeout.InfiniteTimeSpan);
            await _outbox.EndAsync().ConfigureAwait(false);
            await _socket.CloseOutputAsync(status, why, _ended.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // It was gone before it was told to go.
        }
        finally
        {
            _closed.SetResult();
        }
    }
}
