using System.IO.Pipelines;

namespace Sockeye.Hub.Gateways.Text;

/// <summary>
/// What waits to be sent to one stream client: bytes by reference, as all who read the same have the same. Bounded, together with what the network has not
/// taken yet: what is beyond the bound is not taken, and its owner is told, if it wants, when all that waited has gone. It holds nothing while nothing waits.
/// </summary>
/// <param name="output">Where it is sent.</param>
/// <param name="owner">Whom it is sent for.</param>
/// <param name="messagesMax">The most messages.</param>
/// <param name="bytesMax">The most bytes, but for a single message, which is always taken.</param>
internal sealed class StreamOutbox(PipeWriter output, IOutboxOwner owner, int messagesMax, int bytesMax)
{
    private readonly Lock _lock = new();
    private Queue<ReadOnlyMemory<byte>>? _waiting;
    private TaskCompletionSource? _emptied;

    /// <summary>What waits and what is being sent, in messages and bytes.</summary>
    private int _messages;
    private int _bytes;

    /// <summary>What is being sent of it.</summary>
    private int _messagesSending;
    private int _bytesSending;
    private bool _isSending;
    private bool _hasEnded;
    private bool _tellsWhenEmpty;

    /// <summary>How many messages and bytes wait, with those that are being sent.</summary>
    public (int Messages, int Bytes) Waiting
    {
        get
        {
            lock (_lock)
                return (_messages, _bytes);
        }
    }

    /// <summary>Whether all that was taken is with the network.</summary>
    public bool IsEmpty => Volatile.Read(ref _messages) == 0;

    /// <summary>Takes bytes for sending.</summary>
    /// <returns>False: too much waits, or the connection is gone.</returns>
    public bool TryAdd(ReadOnlyMemory<byte> bytes)
    {
        lock (_lock)
        {
            if (_hasEnded || (_messages > 0 && (_messages >= messagesMax || _bytes + bytes.Length > bytesMax)))
                return false;
            Add(bytes);
            return true;
        }
    }

    /// <summary>Takes the last that is said to a client, however much waits.</summary>
    public void AddLast(ReadOnlyMemory<byte> bytes)
    {
        lock (_lock)
        {
            if (!_hasEnded)
                Add(bytes);
        }
    }

    /// <summary>Tells the owner once, when nothing waits and nothing is being sent: by the end of the next <see cref="Flush"/> that finds it so.</summary>
    public void TellWhenEmpty()
    {
        lock (_lock)
            _tellsWhenEmpty = true;
    }

    /// <summary>Sends what waits, here as far as the network takes it at once. One send at a time: what comes meanwhile goes with the next.</summary>
    public void Flush()
    {
        lock (_lock)
        {
            if (_isSending || _hasEnded || (_waiting is null && !_tellsWhenEmpty))
                return;
            _isSending = true;
        }

        _ = SendAsync();
    }

    /// <summary>Sends what waits, and completes when all of it is with the network, or cannot be.</summary>
    public Task FlushAllAsync()
    {
        Task emptied;
        lock (_lock)
        {
            if (_hasEnded || _messages == 0)
                return Task.CompletedTask;
            _emptied ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            emptied = _emptied.Task;
        }

        Flush();
        return emptied;
    }

    private void Add(ReadOnlyMemory<byte> bytes)
    {
        (_waiting ??= new Queue<ReadOnlyMemory<byte>>(4)).Enqueue(bytes);
        _messages++;
        _bytes += bytes.Length;
    }

    private async Task SendAsync()
    {
        try
        {
            while (WriteWaiting())
                await output.FlushAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            End();
            owner.OnOutboxFailed(e);
        }
    }

    private void End()
    {
        TaskCompletionSource? emptied;
        lock (_lock)
        {
            _hasEnded = true;
            _waiting = null;
            _isSending = false;
            (emptied, _emptied) = (_emptied, null);
        }

        emptied?.TrySetResult();
    }

    /// <summary>
    /// What was written before has gone; copies all that waits into the connection's buffer. False, when nothing does: the next flush begins anew.
    /// </summary>
    private bool WriteWaiting()
    {
        bool tells;
        TaskCompletionSource? emptied;
        lock (_lock)
        {
            _messages -= _messagesSending;
            _bytes -= _bytesSending;
            (_messagesSending, _bytesSending) = (_messages, _bytes);
            if (_waiting is { } waiting)
            {
                while (waiting.TryDequeue(out ReadOnlyMemory<byte> bytes))
                {
                    bytes.Span.CopyTo(output.GetSpan(bytes.Length));
                    output.Advance(bytes.Length);
                }

                _waiting = null;
                return true;
            }

            _isSending = false;
            (tells, _tellsWhenEmpty) = (_tellsWhenEmpty, false);
            (emptied, _emptied) = (_emptied, null);
        }

        emptied?.TrySetResult();
        if (tells)
            owner.OnOutboxEmpty();
        return false;
    }
}
