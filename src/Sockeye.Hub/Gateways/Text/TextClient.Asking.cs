using Sockeye.Hub.Domain;

namespace Sockeye.Hub.Gateways.Text;

/// <content>Asking the chat, and waiting for what it answers.</content>
internal sealed partial class TextClient
{
    /// <summary>Completed by the loop when what is waited for is there; null while nothing is waited for.</summary>
    private TaskCompletionSource? _answer;
    private Awaited _awaited;

    /// <summary>How much was said that is neither kept nor refused yet.</summary>
    private int _unanswered;

    /// <summary>A mirror of the chat's own count of this client, a little stricter: what would be refused there waits here.</summary>
    private TokenBucket _pace;

    /// <summary>Ends a pause between lines; null while there is none.</summary>
    private CancellationTokenSource? _pause;
    private volatile bool _isClosing;

    /// <summary>What the next line waits for.</summary>
    private enum Awaited : byte
    {
        Nothing,

        /// <summary>All that was said is kept or refused.</summary>
        Settled,
        Name,
        Join,
        Leave,
        List,
        Password,
        Owner,
        Away,
    }

    /// <summary>Says something: many may be on their way, and the client is not read from while too many are.</summary>
    private async ValueTask SayAsync(ChatInput input)
    {
        if (Volatile.Read(ref _unanswered) >= _door.Limits.UnansweredMax)
            await SettleAsync().ConfigureAwait(false);
        await PaceAsync().ConfigureAwait(false);
        if (_isClosing)
        {
            _hasLeftOut = true;
            return;
        }

        Interlocked.Increment(ref _unanswered);
        await _door.Loop.AskAsync(input).ConfigureAwait(false);

        // Whoever answers has read what was there. A hub that is killed knows it then, as the disk is written to anyway.
        if (_door.Time.GetElapsedTime(_markedRead) >= TextDoor.MarkReadInterval)
            MarkRead();
    }

    /// <summary>Asks for something and waits for the answer.</summary>
    private async ValueTask AskAsync(ChatInput input, Awaited awaited)
    {
        await SettleAsync().ConfigureAwait(false);
        await PaceAsync().ConfigureAwait(false);
        if (_isClosing)
            return;
        Task answer = Await(awaited);
        await _door.Loop.AskAsync(input).ConfigureAwait(false);
        await answer.ConfigureAwait(false);
    }

    /// <summary>Waits until all that was said is kept or refused.</summary>
    private async ValueTask SettleAsync()
    {
        Task settled;
        lock (this)
        {
            if (Volatile.Read(ref _unanswered) == 0)
                return;
            settled = Await(Awaited.Settled);
        }

        await settled.ConfigureAwait(false);
    }

    /// <summary>Whoever pastes a book is not refused, and not put out, but read from more slowly.</summary>
    private async ValueTask PaceAsync()
    {
        while (!_isClosing && !_pace.TryTake(_door.Pace, _door.Time.GetUtcNow()))
        {
            using CancellationTokenSource pause = new();
            lock (this)
            {
                if (_isClosing)
                    return;
                _pause = pause;
            }

            await Task.Delay(_pace.UntilNext(_door.Pace, _door.Time.GetUtcNow()), _door.Time, pause.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            lock (this)
                _pause = null;
        }
    }

    private Task Await(Awaited awaited)
    {
        lock (this)
        {
            if (_isClosing)
                return Task.CompletedTask;
            _answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited = awaited;
            return _answer.Task;
        }
    }

    /// <summary>When all that was said is kept or refused, also after nothing else is waited for.</summary>
    private Task AllAnswered()
    {
        lock (this)
        {
            if (Volatile.Read(ref _unanswered) == 0)
                return Task.CompletedTask;
            _answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited = Awaited.Settled;
            return _answer.Task;
        }
    }

    /// <summary>Something that was said is kept, or refused.</summary>
    private void SaidAnswered()
    {
        lock (this)
        {
            if (Interlocked.Decrement(ref _unanswered) == 0)
                Answered(Awaited.Settled);
        }
    }

    /// <summary>An answer has come.</summary>
    /// <returns>Whether it was waited for.</returns>
    private bool Answered(Awaited what)
    {
        lock (this)
        {
            if (_awaited != what || _answer is not { } answer)
                return false;
            _answer = null;
            _awaited = Awaited.Nothing;
            answer.TrySetResult();
            return true;
        }
    }

    /// <summary>The answer is a refusal: of what is waited for, or else of something that was said.</summary>
    private void RefusalAnswered()
    {
        lock (this)
        {
            if (_awaited is Awaited.Nothing or Awaited.Settled)
                SaidAnswered();
            else
                Answered(_awaited);
        }
    }

    /// <summary>Nothing more is waited for or read.</summary>
    private void StopReading()
    {
        lock (this)
        {
            _isClosing = true;
            // Not here: what goes on then is no work for the hub's loop.
            _ = _pause?.CancelAsync();
            Answered(_awaited);
        }

        _connection.Input.CancelPendingRead();
    }
}
