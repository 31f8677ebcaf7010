using System.Buffers;
using System.Net.WebSockets;
using Sockeye.Hub.Domain;
using Sockeye.Hub.Running;

namespace Sockeye.Hub.Gateways.Web;

/// <summary>One page, over its WebSocket: a JSON object a message either way.</summary>
internal sealed class WebClient : IChatClient, IDisposable
{
    /// <summary>The longest message that a page may send, in bytes: the longest text, every character of it escaped, and what is around it.</summary>
    public const int MessageBytesMax = 32 * 1024;

    private readonly WebSocket _socket;
    private readonly HubLoop _loop;
    private readonly WebOutbox _outbox;
    private readonly CancellationTokenSource _ended = new();

    public WebClient(WebSocket socket, HubLoop loop, string origin, int queueMessagesMax, int queueBytesMax)
    {
        (_socket, _loop, Origin) = (socket, loop, origin);
        _outbox = new WebOutbox(socket, queueMessagesMax, queueBytesMax) { Failed = _ => _ended.Cancel() };
    }

    public string Door => "web";

    public string Origin { get; }

    public bool IsPersonal => true;

    public void Show(ChatEvent happened)
    {
        if (WebEvents.Encode(happened) is { } message)
            _outbox.Add(message);
        if (happened is ChatEvent.Closing)
            _ = CloseAsync();
    }

    public void Flush() => _outbox.Flush();

    public void Dispose() => _ended.Dispose();

    /// <summary>Serves until the page has gone or shall go.</summary>
    /// <param name="limits">What the page is told it may do.</param>
    /// <param name="stop">Ends it at once.</param>
    public async Task RunAsync(ChatLimits limits, CancellationToken stop)
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(stop, _ended.Token);
        _outbox.Add(WebEvents.Hello(limits, isKnown: false));
        _outbox.Flush();
        await _loop.AskAsync(new ChatInput.Arrive(this), end.Token).ConfigureAwait(false);
        try
        {
            await ListenAsync(end.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // It is gone, as pages go: closed, reloaded, asleep.
        }
        finally
        {
            _loop.Tell(new ChatInput.Depart(this));
            await _outbox.EndAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ListenAsync(CancellationToken end)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(MessageBytesMax);
        try
        {
            while (await ReceiveAsync(buffer, end).ConfigureAwait(false) is { } message)
                await TakeAsync(message, end).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>One whole message; null: the page has gone, or must.</summary>
    private async ValueTask<ReadOnlyMemory<byte>?> ReceiveAsync(byte[] buffer, CancellationToken end)
    {
        int length = 0;
        while (true)
        {
            ValueWebSocketReceiveResult received = await _socket.ReceiveAsync(buffer.AsMemory(length, MessageBytesMax - length), end).ConfigureAwait(false);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, end).ConfigureAwait(false);
                return null;
            }

            length += received.Count;
            if (received.MessageType != WebSocketMessageType.Text)
                return await RefuseAsync(WebSocketCloseStatus.InvalidMessageType, "A page sends text.", end).ConfigureAwait(false);
            if (received.EndOfMessage)
                return buffer.AsMemory(0, length);
            if (length == MessageBytesMax)
                return await RefuseAsync(WebSocketCloseStatus.MessageTooBig, $"{MessageBytesMax} bytes are the most.", end).ConfigureAwait(false);
        }
    }

    private async ValueTask<ReadOnlyMemory<byte>?> RefuseAsync(WebSocketCloseStatus status, string why, CancellationToken end)
    {
        await _outbox.EndAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _socket.CloseOutputAsync(status, why, end).ConfigureAwait(false);
        return null;
    }

    private async ValueTask TakeAsync(ReadOnlyMemory<byte> message, CancellationToken end)
    {
        ChatInput.FromClient input;
        try
        {
            input = WebCommands.Read(message, this);
        }
        catch (ProtocolException e)
        {
            _outbox.Add(WebEvents.Misunderstood(e.Message));
            _outbox.Flush();
            return;
        }

        await _loop.AskAsync(input, end).ConfigureAwait(false);
    }

    private async Task CloseAsync()
    {
        try
        {
            await _outbox.EndAsync().ConfigureAwait(false);
            await _socket.CloseOutputAsync(WebSocketCloseStatus.EndpointUnavailable, null, _ended.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // It was gone before it was told to go.
        }
    }
}
