using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>
/// A connection directly over a socket of any network: a reader and a writer that try the socket and wait for it, no pump, no buffer
/// while idle.
/// </summary>
internal sealed class SocketConnection : Connection
{
    private readonly SocketInput _input;
    private readonly SocketOutput _output;
    private Seldom? _seldom;

    public SocketConnection(NetworkSocket socket, StreamOptions options)
    {
        Socket = socket;
        Options = options;
        _input = new SocketInput(this);
        _output = new SocketOutput(this);
        if (options.NoDelay && socket is { SocketType: SocketType.Stream, AddressFamily: not AddressFamily.Unix })
            socket.SetOptionCore(SocketOptionLevel.Tcp, SocketOptionName.NoDelay, 1);
    }

    public override PipeReader Input => _input;

    public override PipeWriter Output => _output;

    public override NetworkSocket Socket { get; }

    /// <summary>Kept once it was asked for: after the end nobody else can say who it was.</summary>
    public override EndPoint? RemoteEndPoint => Socket.KeptRemoteEndPoint;

    internal StreamOptions Options { get; }

    /// <summary>
    /// The stop token of the server that serves this connection, if one does: reads with it need not register, because the server calls <see cref="WakeReader"/> when it
    /// has cancelled it.
    /// </summary>
    internal CancellationToken Stopping { get; set; }

    public override CancellationToken Closed
    {
        get
        {
            Seldom seldom = Rest;
            if (seldom.Closed is null)
            {
                CancellationTokenSource created = new();
                Interlocked.CompareExchange(ref seldom.Closed, created, null);
                if (Socket.IsClosed)
                    seldom.Closed.Cancel();
            }

            return seldom.Closed.Token;
        }
    }

    /// <summary>The last flush, which <see cref="SocketOutput.Complete"/> left to go on; null: there was none.</summary>
    internal Task? Finishing
    {
        get => Volatile.Read(ref _seldom)?.Finishing;
        set => Rest.Finishing = value;
    }

    /// <summary>Made when it is first needed.</summary>
    private Seldom Rest => Volatile.Read(ref _seldom) ?? Interlocked.CompareExchange(ref _seldom, new Seldom(), null) ?? _seldom;

    /// <summary>Who answers what it reads gives its thread away when there is nothing more to read; its writes need not.</summary>
    internal void ReaderWaits() => _output.ForgetTaken();

    /// <summary>A read that waits looks anew: for bytes, and at its token.</summary>
    internal void WakeReader() => Socket.SignalCore(SocketEvents.Readable);

    /// <summary>What its writer gives way by; <see cref="GiveBack"/> keeps it for the next time.</summary>
    internal FairTurn TakeFairTurn() => Interlocked.Exchange(ref Rest.WritersTurn, null) ?? new FairTurn(Socket);

    internal void GiveBack(FairTurn turn) => Rest.WritersTurn = turn;

    public override void Abort(Exception? reason = null)
    {
        Interlocked.CompareExchange(ref Rest.AbortReason, reason ?? SocketErrors.Create(SocketError.OperationAborted, "use", Socket.Description), null);
        Close(reset: true);
    }

    public override DetachedConnection Detach()
    {
        if (_output.UnflushedBytes > 0)
            throw new InvalidOperationException($"{_output.UnflushedBytes} bytes are written and not sent: flush before detaching.");
        byte[] ahead = Socket.TakeReceivedAhead();
        byte[] unread = [.. _input.TakeUnread(), .. ahead];
        _output.Detach();

        // From here on the socket is another's: an abort of this connection must not close it.
        Seldom seldom = Rest;
        seldom.IsDetached = true;
        Socket.Release();
        seldom.Disposing = Task.CompletedTask;
        seldom.Closed?.Cancel();
        return new DetachedConnection(Socket, unread);
    }

    public override ValueTask DisposeAsync()
    {
        if (_input.HasEnded && !Socket.IsClosed && Volatile.Read(ref _seldom) is not { Disposing: not null } && _output.TryFinish())
            return CloseFinished();
        Seldom seldom = Rest;
        if (seldom.Disposing is null)
        {
            TaskCompletionSource? source = null;
            Task disposing = Socket.IsClosed ? Task.CompletedTask : (source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            if (Interlocked.CompareExchange(ref seldom.Disposing, disposing, null) is null && source is not null)
                return new ValueTask(FinishAsync(source));

            // The socket was closed by itself, past this connection.
            seldom.Closed?.Cancel();
        }

        return new ValueTask(seldom.Disposing);
    }

    /// <summary>Reads as the reader does, on this thread, which waits in the network's plain wait.</summary>
    internal ReadResult ReadPlain()
    {
        ReadResult result;
        while (!_input.TryRead(out result))
            Socket.WaitCore(SocketEvents.Readable, timeout: null);
        return result;
    }

    /// <summary>Writes and flushes likewise.</summary>
    internal void WritePlain(ReadOnlyMemory<byte> source) => _output.WritePlain(source);

    /// <summary>What a read or flush throws for <paramref name="error"/>: the reason of an abort if there was one.</summary>
    internal Exception Failure(SocketError error, string action) =>
        Volatile.Read(ref _seldom)?.AbortReason ?? Socket.Failure(error, action);

    /// <summary>Nothing is left to be sent or to be waited for. Another who disposes of it meanwhile waits for the turn to write.</summary>
    private ValueTask CloseFinished()
    {
        try
        {
            Close(reset: false);
            return ValueTask.CompletedTask;
        }
        catch (Exception e)
        {
            return ValueTask.FromException(e);
        }
        finally
        {
            _output.Finished();
        }
    }

    private async Task FinishAsync(TaskCompletionSource source)
    {
        try
        {
            SocketDeadline deadline = new(Options.LingerTimeout, Socket.Network.TimeProvider);
            if (await _output.FinishAsync(deadline).ConfigureAwait(false))
                await _input.DrainAsync(deadline).ConfigureAwait(false);
        }
        catch (SocketException)
        {
            // The peer has gone first; there is nothing left to deliver.
        }
        finally
        {
            try
            {
                // An orderly end after a part would make the peer take it for the whole.
                Close(reset: _output.HasUnsent);
            }
            finally
            {
                // What others hung on Closed may have thrown; whoever waits for the close must not wait for ever.
                source.SetResult();
            }
        }
    }

    private void Close(bool reset)
    {
        if (Volatile.Read(ref _seldom) is not { IsDetached: true })
            Socket.Close(reset);
        Volatile.Read(ref _seldom)?.Closed?.Cancel();
    }

    /// <summary>What has to do with the end, and with writing much: most connections have none of it for most of their lives.</summary>
    private sealed class Seldom
    {
        public FairTurn? WritersTurn;
        public Task? Finishing;
        public CancellationTokenSource? Closed;
        public Exception? AbortReason;
        public Task? Disposing;
        public volatile bool IsDetached;
    }
}
