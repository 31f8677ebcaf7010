using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Sockeye;

/// <summary>
/// Writes to a socket as a pipe. Bytes gather in one buffer from the pool until a flush, which tries the socket at once
/// and waits only while the network takes no more.
/// </summary>
/// <remarks>
/// Disposing may come from another thread between a writer's calls, and sends what is buffered then: the lock keeps the two from sending the same twice.
/// </remarks>
[SuppressMessage("Design", "MA0064", Justification = "A lock of its own would cost 32 bytes a connection; nobody else locks a writer.")]
internal sealed class SocketOutput(SocketConnection connection) : GatheringOutput
{
    /// <summary>Up to here copying what was written behind what is buffered costs less than a second send.</summary>
    private const int GatherMax = 64 * 1024;

    private bool _shutDown;

    /// <summary>The connection is being disposed: a writer on another thread may still write into the buffer, so it does not go back.</summary>
    private volatile bool _disposing;

    private bool _cancelRequested;
    private WriterTurn _turn;

    /// <summary>Sends that the network took without a wait in between, of the writer or of the reader, as <see cref="FairTurn"/> counts them, up to its limit.</summary>
    private byte _takenAtOnce;

    protected override int BufferMax => connection.Options.OutputBufferMax;

    protected override bool IsCompleted { get; set; }

    private NetworkSocket Socket => connection.Socket;

    /// <summary>Whether something that was written has not gone.</summary>
    public bool HasUnsent => Buffer.Length > 0 || _turn.IsTaken;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        EnterSending();
        try
        {
            while (true)
            {
                uint epoch = Socket.EpochCore(SocketEvents.Writable);
                if (TakeCancel())
                    return new FlushResult(isCanceled: true, isCompleted: false);
                SocketError error = SendBuffered();
                if (error == SocketError.Success)
                    break;
                if (error != SocketError.WouldBlock)
                    throw connection.Failure(error, "send to");
                try
                {
                    await Socket.WaitCoreAsync(SocketEvents.Writable, epoch, timeout: null, cancellationToken).ConfigureAwait(false);
                }
                catch (SocketException)
                {
                    throw connection.Failure(SocketError.OperationAborted, "send to");
                }
            }
        }
        finally
        {
            _turn.Leave();
        }

        if (IsToGiveWay())
            await GiveWayAsync().ConfigureAwait(false);
        return default;
    }

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        ThrowIfCompleted();
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<FlushResult>(cancellationToken);

        // From here to its end this is the write under way, also where it has to wait: a dispose must not come in between.
        EnterSending();
        SocketError error;
        try
        {
            error = SendNow(ref source);
        }
        catch
        {
            _turn.Leave();
            throw;
        }

        if (error == SocketError.WouldBlock)
            return WriteRestAsync(source, cancellationToken);
        _turn.Leave();
        if (error != SocketError.Success)
            return ValueTask.FromException<FlushResult>(connection.Failure(error, "send to"));
        if (TakeCancel())
            return new(new FlushResult(isCanceled: true, isCompleted: false));
        return IsToGiveWay() ? GiveWayAsync() : default;
    }

    /// <summary>Writes and flushes on this thread, which waits in the network's plain wait.</summary>
    public void WritePlain(ReadOnlyMemory<byte> source)
    {
        if (source.Length > 0)
            ThrowIfCompleted();
        EnterSending();
        try
        {
            while (!TakeCancel())
            {
                SocketError error = SendNow(ref source);
                if (error == SocketError.Success)
                    return;
                if (error != SocketError.WouldBlock)
                    throw connection.Failure(error, "send to");
                Socket.WaitCore(SocketEvents.Writable, timeout: null);
            }

            Keep(source.Span);
        }
        finally
        {
            _turn.Leave();
        }
    }

    public override void CancelPendingFlush()
    {
        Volatile.Write(ref _cancelRequested, true);
        Socket.SignalCore(SocketEvents.Writable);
    }

    public override void Complete(Exception? exception = null)
    {
        if (IsCompleted)
            return;
        IsCompleted = true;
        if (exception is not null)
            connection.Abort(exception);
        else if (SendBuffered() == SocketError.WouldBlock)
            connection.Finishing = FlushAndShutDownAsync(new SocketDeadline(null, Socket.Network.TimeProvider));
        else
            ShutDown();
    }

    public override async ValueTask CompleteAsync(Exception? exception = null)
    {
        if (exception is null && !IsCompleted && Buffer.Length > 0)
            await FlushAsync().ConfigureAwait(false);
        Complete(exception);
    }

    /// <summary>The connection gives its socket away: nothing more is written by it.</summary>
    public void Detach()
    {
        lock (this)
            IsCompleted = _shutDown = true;
    }

    /// <summary>Sends what is left and FIN, as the connection is disposed; false: not all went before the deadline.</summary>
    public async ValueTask<bool> FinishAsync(SocketDeadline deadline)
    {
        IsCompleted = _disposing = true;
        if (connection.Finishing is not { } finishing)
            return await LastSendAsync(deadline).ConfigureAwait(false) && await SendLastAsync(deadline).ConfigureAwait(false);
        if (deadline.Remaining is { } remaining)
            await finishing.WaitAsync(remaining, Socket.Network.TimeProvider).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return finishing.IsCompletedSuccessfully;
    }

    /// <summary>
    /// As <see cref="FinishAsync"/>, of a connection whose peer has ended, where nothing is under way and nothing left to be sent; the connection is to be closed next, and
    /// then <see cref="Finished"/> told. False: it takes that.
    /// </summary>
    public bool TryFinish()
    {
        IsCompleted = _disposing = true;
        if (connection.Finishing is not null || !_turn.TryEnter())
            return false;
        if (!Buffer.IsUnused)
        {
            _turn.Leave();
            return false;
        }

        // Most connections of a server end so, and a call of the system for what closing does as well is a good part of what their end costs.
        if (!Socket.EndsByClosing)
            ShutDown();
        return true;
    }

    /// <summary>What <see cref="TryFinish"/> has begun is done.</summary>
    public void Finished() => _turn.Leave();

    /// <summary>
    /// A flush or write that is under way as the connection is disposed goes first: its bytes come before the end. Then no other begins: two that
    /// wait for the network would take each other's signal.
    /// </summary>
    private async ValueTask<bool> LastSendAsync(SocketDeadline deadline)
    {
        while (!_turn.TryEnter(out Task left))
        {
            Task waiting = deadline.Remaining is { } remaining ? left.WaitAsync(remaining, Socket.Network.TimeProvider) : left;
            await waiting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!waiting.IsCompletedSuccessfully)
                return false;
        }

        return true;
    }

    private async ValueTask<bool> SendLastAsync(SocketDeadline deadline)
    {
        try
        {
            return await FlushAndShutDownAsync(deadline).ConfigureAwait(false);
        }
        finally
        {
            _turn.Leave();
        }
    }

    /// <summary>The reader waits. A writer on another thread may miss this, or count one less: both only move the moment at which it gives way.</summary>
    public void ForgetTaken() => _takenAtOnce = 0;

    private bool IsToGiveWay()
    {
        if (_takenAtOnce < FairTurn.TriesMax)
            return false;
        _takenAtOnce = 0;
        return true;
    }

    /// <summary>
    /// A writer that never has to wait would keep its thread for ever. Its bytes have gone and the turn to write is free: a dispose meanwhile is none of
    /// its business.
    /// </summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<FlushResult> GiveWayAsync()
    {
        FairTurn turn = connection.TakeFairTurn();
        await turn;
        connection.GiveBack(turn);
        return default;
    }

    private void EnterSending()
    {
        if (!_disposing && _turn.TryEnter())
            return;
        throw _disposing
            ? connection.Failure(SocketError.OperationAborted, "send to")
            : WriterTurn.Misuse;
    }

    /// <summary>
    /// Sends what is buffered and then <paramref name="source"/>, out of the caller's memory for as long as it waits. Cancelled, it keeps
    /// what was not sent, so that nothing is lost and nothing sent twice.
    /// </summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<FlushResult> WriteRestAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                uint epoch = Socket.EpochCore(SocketEvents.Writable);
                if (TakeCancel())
                {
                    Keep(source.Span);
                    return new FlushResult(isCanceled: true, isCompleted: false);
                }

                SocketError error = SendNow(ref source);
                if (error == SocketError.Success)
                    return default;
                if (error != SocketError.WouldBlock)
                    throw connection.Failure(error, "send to");
                try
                {
                    await Socket.WaitCoreAsync(SocketEvents.Writable, epoch, timeout: null, cancellationToken).ConfigureAwait(false);
                }
                catch (OperationCanceledException)
                {
                    Keep(source.Span);
                    throw;
                }
                catch (SocketException)
                {
                    throw connection.Failure(SocketError.OperationAborted, "send to");
                }
            }
        }
        finally
        {
            _turn.Leave();
        }
    }

    /// <summary>Sends what can go at once: what is buffered, then <paramref name="source"/>, of which it leaves the rest.</summary>
    private SocketError SendNow(ref ReadOnlyMemory<byte> source)
    {
        // A prefix and its frame leave together.
        if (Buffer.Length > 0 && Buffer.Length + (long)source.Length <= Math.Min(BufferMax, GatherMax))
        {
            Keep(source.Span);
            source = default;
        }

        // With nothing before it the network takes the bytes from where they are: most writes end here.
        SocketError error = SendBuffered();
        return error == SocketError.Success ? SendDirectly(ref source) : error;
    }

    private SocketError SendDirectly(ref ReadOnlyMemory<byte> source)
    {
        while (source.Length > 0)
        {
            if (Socket.IsClosed)
                return SocketError.OperationAborted;
            SocketError error = Socket.SendOnce(source.Span, SocketFlags.None, out int count);
            CountTaken(error, count);
            if (error != SocketError.Success)
                return error;
            source = source[count..];
        }

        return SocketError.Success;
    }

    private async Task<bool> FlushAndShutDownAsync(SocketDeadline deadline)
    {
        SocketError error;
        uint epoch = Socket.EpochCore(SocketEvents.Writable);
        while ((error = SendBuffered()) == SocketError.WouldBlock)
        {
            try
            {
                if (!await Socket.WaitCoreAsync(SocketEvents.Writable, epoch, deadline.Remaining, CancellationToken.None).ConfigureAwait(false))
                    return false;
            }
            catch (SocketException)
            {
                return false;
            }

            epoch = Socket.EpochCore(SocketEvents.Writable);
        }

        return error == SocketError.Success && ShutDown();
    }

    private SocketError SendBuffered()
    {
        // Only the writer puts something there, and it is the writer who asks, or who comes after it.
        if (Buffer.IsUnused)
            return SocketError.Success;
        lock (this)
        {
            while (Buffer.Length > 0)
            {
                if (Socket.IsClosed)
                    return SocketError.OperationAborted;
                SocketError error = Socket.SendOnce(Buffer.Memory.Span, SocketFlags.None, out int count);
                CountTaken(error, count);
                if (error != SocketError.Success)
                    return error;
                Buffer.Consume(count);
            }

            Buffer.Release(toPool: !_disposing);
            return SocketError.Success;
        }
    }

    private void CountTaken(SocketError error, int count) =>
        _takenAtOnce = (byte)(error == SocketError.Success ? Math.Min(_takenAtOnce + FairTurn.TriesOf(count), FairTurn.TriesMax) : 0);

    /// <summary>Sends FIN. A peer that has gone already makes that an error of no interest.</summary>
    private bool ShutDown()
    {
        if (_shutDown)
            return true;
        _shutDown = true;
        if (Socket.IsClosed)
            return false;
        try
        {
            Socket.ShutdownTaken(SocketShutdown.Send);
            return true;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    private bool TakeCancel() => Volatile.Read(ref _cancelRequested) && Interlocked.Exchange(ref _cancelRequested, false);
}
