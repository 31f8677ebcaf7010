using System.IO.Pipelines;

namespace Sockeye.Hub.Gateways.Text;

/// <summary>
/// What waits to be sent to one stream client: bytes by reference, as all who read the same have the same. Bounded: what is beyond the bound is not taken, and its
/// owner is told, if it wants, when all that waited has gone. It holds nothing while nothing waits.
/// </summary>
internal sealed class StreamOutbox(PipeWriter output, IOutboxOwner owner, int messagesMax, int bytesMax)
{
    private readonly Lock _lock = new();
    private Queue<ReadOnlyMemory<byte>>? _waiting;
    private TaskCompletionSource? _emptied;
    private int _waitingBytes;
    private bool _isSending;
    private bool _hasEnded;
    private bool _tellsWhenEmpty;

    /// <summary>How many messages and bytes wait.</summary>
    public (int Messages, int Bytes) Waiting
    {
        get
        {
            lock (_lock)
                return (_waiting?.Count ?? 0, _waitingBytes);
        }
    }

    /// <summary>Takes bytes for sending.</summary>
    /// <returns>False: too much waits, or the connection is gone.</returns>
    public bool TryAdd(ReadOnlyMemory<byte> bytes)
    {
        lock (_lock)
        {
            if (_hasEnded || _waiting?.Count >= messagesMax || _waitingBytes + bytes.Length > bytesMax)
                return false;
            (_waiting ??= new Queue<ReadOnlyMemory<byte>>(4)).Enqueue(bytes);
            _waitingBytes += bytes.Length;
            return true;
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
            if (_hasEnded || (!_isSending && _waiting is null))
                return Task.CompletedTask;
            _emptied ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            emptied = _emptied.Task;
        }

        Flush();
        return emptied;
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
            _waitingBytes = 0;
            _isSending = false;
            (emptied, _emptied) = (_emptied, null);
        }

        emptied?.TrySetResult();
    }

    /// <summary>Copies all that waits into the connection's buffer; false, when nothing did: the next flush begins anew.</summary>
    private bool WriteWaiting()
    {
        bool tells;
        TaskCompletionSource? emptied;
        lock (_lock)
        {
            if (_waiting is { } waiting)
            {
                while (waiting.TryDequeue(out ReadOnlyMemory<byte> bytes))
                {
                    bytes.Span.CopyTo(output.GetSpan(bytes.Length));
                    output.Advance(bytes.Length);
                }

                _waiting = null;
                _waitingBytes = 0;
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
