using System.Net.WebSockets;

namespace Sockeye.Hub.Gateways.Web;

/// <summary>
/// What waits to be sent to one page, by reference. Bounded: what is beyond the bound is not taken, and the page, when it has caught up, is told so and asks for what
/// it missed.
/// </summary>
internal sealed class WebOutbox(WebSocket socket, int messagesMax, int bytesMax)
{
    private readonly Lock _lock = new();
    private readonly Queue<ReadOnlyMemory<byte>> _waiting = [];
    private long _waitingBytes;
    private bool _isBehind;
    private bool _isSending;
    private bool _hasEnded;
    private Task _sending = Task.CompletedTask;

    /// <summary>How many messages and bytes wait.</summary>
    public (int Messages, long Bytes) Waiting
    {
        get
        {
            lock (_lock)
                return (_waiting.Count, _waitingBytes);
        }
    }

    /// <summary>The socket cannot be written to any more. Called once.</summary>
    public Action<Exception>? Failed { get; init; }

    /// <summary>Takes a message for sending, unless too much waits.</summary>
    public void Add(ReadOnlyMemory<byte> message)
    {
        lock (_lock)
        {
            if (_hasEnded || _isBehind)
                return;
            if (_waiting.Count >= messagesMax || _waitingBytes + message.Length > bytesMax)
            {
                _isBehind = true;
                return;
            }

            _waiting.Enqueue(message);
            _waitingBytes += message.Length;
        }
    }

    /// <summary>Sends what waits. One send at a time: what comes meanwhile goes with it.</summary>
    public void Flush()
    {
        lock (_lock)
        {
            if (_isSending || _hasEnded || _waiting.Count == 0)
                return;
            _isSending = true;
            _sending = SendAsync();
        }
    }

    /// <summary>Takes no more, and ends when what waits is sent.</summary>
    public Task EndAsync()
    {
        Flush();
        lock (_lock)
        {
            _hasEnded = true;
            return _sending;
        }
    }

    private async Task SendAsync()
    {
        try
        {
            while (Next() is { } message)
                await socket.SendAsync(message, WebSocketMessageType.Text, WebSocketMessageFlags.EndOfMessage, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            lock (_lock)
            {
                _hasEnded = true;
                _waiting.Clear();
                _waitingBytes = 0;
            }

            Failed?.Invoke(e);
        }
    }

    private ReadOnlyMemory<byte>? Next()
    {
        lock (_lock)
        {
            if (_waiting.TryDequeue(out ReadOnlyMemory<byte> message))
            {
                _waitingBytes -= message.Length;
                return message;
            }

            if (_isBehind && !_hasEnded)
            {
                _isBehind = false;
                return WebEvents.Behind();
            }

            _isSending = false;
            return null;
        }
    }
}
