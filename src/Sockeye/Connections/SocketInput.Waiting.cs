using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Threading.Tasks.Sources;

namespace Sockeye;

// Reads that wait. The reader itself is what is awaited, one read at a time: a state machine for each would cost more than all else that is ours of a small message.
internal sealed partial class SocketInput : IValueTaskSource<ReadResult>
{
    private ManualResetValueTaskSourceCore<ReadResult> _source;
    private ValueTask<bool> _wait;
    private CancellationToken _token;
    private Action? _goOn;
    private int _foundAtOnce;
    private FairTurn? _turn;

    [SuppressMessage("Design", "CA1031", Justification = "Whatever is thrown, the read that is returned throws it.")]
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<ReadResult>(cancellationToken);
        uint epoch;
        try
        {
            ThrowIfCompleted();
            if (TryReadAtOnce(out ReadResult result, out epoch))
                return new ValueTask<ReadResult>(result);
        }
        catch (Exception e)
        {
            return ValueTask.FromException<ReadResult>(e);
        }

        _token = cancellationToken;
        _source.Reset();
        short version = _source.Version;
        if (!IsWaiting(epoch))
            GoOn();
        return new ValueTask<ReadResult>(this, version);
    }

    ReadResult IValueTaskSource<ReadResult>.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<ReadResult>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<ReadResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    /// <summary>What is there, or has come.</summary>
    /// <param name="result">The result; false: the read is to wait.</param>
    /// <param name="epoch">Since when to wait: a signal that has come meanwhile ends the wait.</param>
    private bool TryReadAtOnce(out ReadResult result, out uint epoch)
    {
        while (true)
        {
            epoch = socket.EpochCore(SocketEvents.Readable);
            bool isCancelled = TakeCancel();
            if (isCancelled || _ended || _examined < _end)
            {
                result = Result(isCancelled);
                return true;
            }

            result = default;
            if (_foundAtOnce == FairTurn.TriesMax)
                return false;
            SocketError error = Receive();
            if (error == SocketError.WouldBlock)
            {
                _foundAtOnce = 0;
                return false;
            }

            _foundAtOnce++;
            Check(error);
        }
    }

    /// <summary>Starts to wait, for the network or for its turn. False: that has ended at once. True: <see cref="GoOn"/> may run on another thread by now.</summary>
    private bool IsWaiting(uint epoch)
    {
        _goOn ??= GoOn;
        if (_foundAtOnce == FairTurn.TriesMax)
        {
            _foundAtOnce = 0;
            _wait = new ValueTask<bool>(true);
            (_turn ??= new FairTurn(socket)).UnsafeOnCompleted(_goOn);
            return true;
        }

        connection.ReaderWaits();
        ValueTask<bool> wait = socket.WaitCoreAsync(SocketEvents.Readable, epoch, timeout: null, _token);
        _wait = wait;
        if (wait.IsCompleted)
            return false;
        wait.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(_goOn);
        return true;
    }

    /// <summary>What the read waited for has come: it ends, or waits anew.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever is thrown, the read throws it.")]
    private void GoOn()
    {
        ReadResult result;
        try
        {
            EndWait();
            while (!TryReadAtOnce(out result, out uint epoch))
            {
                if (IsWaiting(epoch))
                    return;
                EndWait();
            }
        }
        catch (Exception e)
        {
            _token = default;
            _source.SetException(e);
            return;
        }

        _token = default;
        _source.SetResult(result);
    }

    private void EndWait()
    {
        ValueTask<bool> wait = _wait;
        _wait = default;
        try
        {
            wait.GetAwaiter().GetResult();
        }
        catch (SocketException)
        {
            throw connection.Failure(SocketError.OperationAborted, "receive from");
        }
    }
}
