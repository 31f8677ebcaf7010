using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;

namespace Sockeye.Hub.Gateways.Text;

/// <summary>
/// What waits to be sent to one stream client: bytes by reference, as all who read the same have the same. Bounded, together with what the network has not
/// taken yet: what is beyond the bound is not taken, and its owner is told, if it wants, when all that waited has gone. It holds nothing while nothing waits.
/// </summary>
/// <param name="output">Where it is sent.</param>
/// <param name="owner">Whom it is sent for.</param>
/// <param name="sharing">Its bounds, and what it shares with the others of its door.</param>
[SuppressMessage("Design", "MA0064", Justification = "A lock of its own would cost 40 bytes a client; nobody else locks an outbox.")]
internal sealed class StreamOutbox(PipeWriter output, IOutboxOwner owner, OutboxSharing sharing)
{
    private SharedRun? _waiting;

    /// <summary>What the network has not taken all of yet; null: nothing is being sent.</summary>
    private SharedRun? _sending;
    private TaskCompletionSource? _emptied;
    private bool _hasEnded;
    private bool _tellsWhenEmpty;

    /// <summary>How many messages and bytes wait, with those that are being sent.</summary>
    public (int Messages, int Bytes) Waiting
    {
        get
        {
            lock (this)
                return ((_waiting?.Messages ?? 0) + (_sending?.Messages ?? 0), (_waiting?.Bytes ?? 0) + (_sending?.Bytes ?? 0));
        }
    }

    /// <summary>Whether all that was taken is with the network. What waits begins to be sent before it waits no longer, so this order never misses it.</summary>
    public bool IsEmpty => Volatile.Read(ref _waiting) is null && Volatile.Read(ref _sending) is null;

    /// <summary>Takes bytes for sending.</summary>
    /// <returns>False: too much waits, or the connection is gone.</returns>
    public bool TryAdd(byte[] bytes)
    {
        lock (this)
        {
            if (_hasEnded || !HasRoom(bytes.Length))
                return false;
            _waiting = sharing.Append(_waiting, bytes);
            return true;
        }
    }

    /// <summary>Takes the last that is said to a client, however much waits.</summary>
    public void AddLast(byte[] bytes)
    {
        lock (this)
        {
            if (!_hasEnded)
                _waiting = sharing.Append(_waiting, bytes);
        }
    }

    /// <summary>Tells the owner once, when nothing waits and nothing is being sent: by the end of the next <see cref="Flush"/> that finds it so.</summary>
    public void TellWhenEmpty()
    {
        lock (this)
            _tellsWhenEmpty = true;
    }

    /// <summary>Sends what waits, here as far as the network takes it at once. One send at a time: what comes meanwhile goes with the next.</summary>
    public void Flush()
    {
        if (Next(begins: true) is { } run)
            Send(run);
    }

    /// <summary>Sends what waits, and completes when all of it is with the network, or cannot be.</summary>
    public Task FlushAllAsync()
    {
        Task emptied;
        lock (this)
        {
            if (_hasEnded || IsEmpty)
                return Task.CompletedTask;
            _emptied ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            emptied = _emptied.Task;
        }

        Flush();
        return emptied;
    }

    private bool HasRoom(int bytes)
    {
        (int messagesWaiting, int bytesWaiting) = Waiting;
        return messagesWaiting == 0 || (messagesWaiting < sharing.MessagesMax && bytesWaiting + bytes <= sharing.BytesMax);
    }

    private void Send(SharedRun? run)
    {
        try
        {
            while (run is not null)
            {
                ValueTask<FlushResult> sending = output.WriteAsync(run.Join());
                if (!sending.IsCompletedSuccessfully)
                {
                    _ = SendRestAsync(sending);
                    return;
                }

                // Looked at, so that it can be used again.
                _ = sending.Result;
                run = Next(begins: false);
            }
        }
        catch (Exception e)
        {
            Fail(e);
        }
    }

    private async Task SendRestAsync(ValueTask<FlushResult> sending)
    {
        try
        {
            await sending.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Fail(e);
            return;
        }

        Send(Next(begins: false));
    }

    /// <summary>What is to be sent next. Null: nothing, or somebody else sends and comes to it.</summary>
    /// <param name="begins">Nothing of this caller's is being sent; otherwise, what was has gone.</param>
    private SharedRun? Next(bool begins)
    {
        bool tells;
        TaskCompletionSource? emptied;
        lock (this)
        {
            if (_hasEnded || (begins && _sending is not null))
                return null;
            if (_waiting is not null)
                return Take();
            _sending = null;
            (tells, _tellsWhenEmpty) = (_tellsWhenEmpty, false);
            (emptied, _emptied) = (_emptied, null);
        }

        emptied?.TrySetResult();
        if (tells)
            owner.OnOutboxEmpty();
        return null;
    }

    private SharedRun Take()
    {
        SharedRun run = _waiting!;
        Volatile.Write(ref _sending, run);
        Volatile.Write(ref _waiting, null);
        return run;
    }

    private void Fail(Exception error)
    {
        TaskCompletionSource? emptied;
        lock (this)
        {
            _hasEnded = true;
            _waiting = null;
            (emptied, _emptied) = (_emptied, null);
        }

        emptied?.TrySetResult();
        owner.OnOutboxFailed(error);
    }
}
