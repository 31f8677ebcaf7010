using System.Buffers;
using System.Net.WebSockets;

namespace Sockeye.Hub.Gateways.Web;

/// <summary>
/// What waits to be sent to one page, by reference. What many are shown is not taken while too much waits: the page is told so when it has caught up, and asks for
/// what it missed. What answers the page itself is taken up to twice the bound; a page that asks for more and reads nothing is cut off. What waits goes
/// together: several events are one message, an array.
/// </summary>
/// <param name="socket">The page's.</param>
/// <param name="messagesMax">The most that waits, in messages.</param>
/// <param name="bytesMax">The most that waits, in bytes.</param>
/// <param name="end">Ends sending at once.</param>
internal sealed class WebOutbox(WebSocket socket, int messagesMax, int bytesMax, CancellationToken end)
{
    /// <summary>So much is sent as one message, if as much waits.</summary>
    private const int BatchBytesMax = 64 * 1024;

    private readonly Lock _lock = new();
    private readonly Queue<WebMessage> _waiting = [];
    private long _waitingBytes;
    private long _sentBytes;
    private bool _isBehind;
    private bool _isSending;
    private bool _hasEnded;
    private TaskCompletionSource? _roomMade;
    private TaskCompletionSource? _emptied;

    /// <summary>The socket cannot be written to any more, or the page asks for more than it reads. Called once.</summary>
    public Action<Exception>? Failed { get; init; }

    /// <summary>Told of each message that was sent, but of none about the wire.</summary>
    public Action<ReadOnlyMemory<byte>>? Sent { get; init; }

    /// <summary>The bytes that were sent, without the frames around them.</summary>
    public long SentBytes => Interlocked.Read(ref _sentBytes);

    /// <summary>How many messages and bytes wait.</summary>
    public (int Messages, long Bytes) Waiting
    {
        get
        {
            lock (_lock)
                return (_waiting.Count, _waitingBytes);
        }
    }

    /// <summary>Takes what many are shown, and what can be asked for again.</summary>
    public void Add(ReadOnlyMemory<byte> message)
    {
        if (TryAdd(message, isLast: false))
            return;

        // It may not be the page that is slow: much can happen before it is flushed.
        Flush();
        TryAdd(message, isLast: true);
    }

    /// <summary>Takes what the page asked for. It must not be lost: who takes in no answers is cut off, and begins anew when it comes back.</summary>
    public void Answer(ReadOnlyMemory<byte> message)
    {
        lock (_lock)
        {
            if (_hasEnded)
                return;
            if (_waiting.Count < messagesMax * 2L && _waitingBytes + message.Length <= bytesMax * 2L)
            {
                Enqueue(new WebMessage(message));
                return;
            }
        }

        End(new InvalidOperationException("The page asks and does not read."));
    }

    /// <summary>Takes what tells of the wire, unless much else waits.</summary>
    public bool TryAddOfWire(ReadOnlyMemory<byte> message)
    {
        lock (_lock)
        {
            if (_hasEnded || _isBehind || _waiting.Count >= messagesMax / 2 || _waitingBytes + message.Length > bytesMax / 2)
                return false;
            Enqueue(new WebMessage(message, IsOfWire: true));
            return true;
        }
    }

    /// <summary>Completes when less waits than may.</summary>
    public Task WaitForRoomAsync()
    {
        lock (_lock)
        {
            if (_hasEnded || HasRoom)
                return Task.CompletedTask;
            return (_roomMade ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>Sends what waits. One send at a time: what comes meanwhile goes with the next.</summary>
    public void Flush()
    {
        lock (_lock)
        {
            if (_isSending || _hasEnded || (_waiting.Count == 0 && !_isBehind))
                return;
            _isSending = true;
        }

        _ = SendAsync();
    }

    /// <summary>Takes no more, and ends when what waits is sent.</summary>
    public Task EndAsync()
    {
        Flush();
        lock (_lock)
        {
            _hasEnded = true;
            _roomMade?.TrySetResult();
            return _isSending ? (_emptied ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task : Task.CompletedTask;
        }
    }

    private bool TryAdd(ReadOnlyMemory<byte> message, bool isLast)
    {
        lock (_lock)
        {
            if (_hasEnded || _isBehind)
                return true;
            bool isTooMuch = _waiting.Count >= messagesMax || _waitingBytes + message.Length > bytesMax;
            if (!isTooMuch)
                Enqueue(new WebMessage(message));
            else
                _isBehind = isLast;
            return !isTooMuch;
        }
    }

    private bool HasRoom => _waiting.Count < messagesMax && _waitingBytes < bytesMax;

    private void Enqueue(WebMessage message)
    {
        _waiting.Enqueue(message);
        _waitingBytes += message.Bytes.Length;
    }

    private async Task SendAsync()
    {
        byte[] batch = [];
        try
        {
            while (Next(ref batch) is { } message)
            {
                await socket.SendAsync(message.Bytes, WebSocketMessageType.Text, WebSocketMessageFlags.EndOfMessage, end).ConfigureAwait(false);
                Interlocked.Add(ref _sentBytes, message.Bytes.Length);
                if (!message.IsOfWire)
                    Sent?.Invoke(message.Bytes);
            }
        }
        catch (Exception e)
        {
            End(e);
        }
        finally
        {
            if (batch.Length > 0)
                ArrayPool<byte>.Shared.Return(batch);
        }
    }

    private void End(Exception why)
    {
        lock (_lock)
        {
            _hasEnded = true;
            _waiting.Clear();
            _waitingBytes = 0;
            _isSending = false;
            _roomMade?.TrySetResult();
            _emptied?.TrySetResult();
        }

        Failed?.Invoke(why);
    }

    /// <summary>What is to be sent next: one event, or an array of as many as go together; null: nothing waits.</summary>
    private WebMessage? Next(ref byte[] batch)
    {
        lock (_lock)
        {
            if (!_waiting.TryDequeue(out WebMessage first))
                return NextOfNone();
            int count = 1;
            int length = first.Bytes.Length + 2;
            foreach (WebMessage other in _waiting)
            {
                if (first.IsOfWire || other.IsOfWire || length + 1 + other.Bytes.Length > BatchBytesMax)
                    break;
                length += 1 + other.Bytes.Length;
                count++;
            }

            WebMessage next = count == 1 ? first : new WebMessage(Join(first, count, length, ref batch));
            _waitingBytes -= first.Bytes.Length;
            if (HasRoom)
            {
                _roomMade?.TrySetResult();
                _roomMade = null;
            }

            return next;
        }
    }

    private WebMessage? NextOfNone()
    {
        if (_isBehind && !_hasEnded)
        {
            _isBehind = false;
            return new WebMessage(WebEvents.Behind());
        }

        _isSending = false;
        _emptied?.TrySetResult();
        return null;
    }

    private ReadOnlyMemory<byte> Join(WebMessage first, int count, int length, ref byte[] batch)
    {
        if (batch.Length == 0)
            batch = ArrayPool<byte>.Shared.Rent(BatchBytesMax);
        int at = 0;
        batch[at++] = (byte)'[';
        first.Bytes.CopyTo(batch.AsMemory(at));
        at += first.Bytes.Length;
        for (int i = 1; i < count; i++)
        {
            WebMessage other = _waiting.Dequeue();
            _waitingBytes -= other.Bytes.Length;
            batch[at++] = (byte)',';
            other.Bytes.CopyTo(batch.AsMemory(at));
            at += other.Bytes.Length;
        }

        batch[at++] = (byte)']';
        return batch.AsMemory(0, length);
    }
}
