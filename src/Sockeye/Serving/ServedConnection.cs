using System.Runtime.CompilerServices;

namespace Sockeye;

/// <summary>One connection that a server has accepted: from there to its close. A link in the server's list of those it serves.</summary>
internal sealed class ServedConnection(ServerShard shard, Connection connection, long acceptedAt) : IThreadPoolWorkItem
{
    private const sbyte NotAborted = -1;

    private Watched? _watched;
    private Task _handling = Task.CompletedTask;
    private sbyte _abortedFor = NotAborted;
    private volatile bool _isShakingHands;
    private bool _hasFailedToShakeHands;

    public ServedConnection? Previous { get; set; }

    public ServedConnection? Next { get; set; }

    /// <summary>What it counts under for the limit per address; null: not counted.</summary>
    public UInt128? AddressKey
    {
        get => (UInt128?)Volatile.Read(ref _watched)?.AddressKey;
        set
        {
            if (value is not null)
                Watch.AddressKey = value;
        }
    }

    public Listener Listener => shard.Listener;

    public Connection Connection => connection;

    /// <summary>When it was accepted, as a timestamp of the server's clock.</summary>
    public long AcceptedAt { get; } = acceptedAt;

    /// <summary>Whether the instrument of open connections counts it: its end is told only if its beginning was.</summary>
    public bool IsMeasured { get; set; }

    private Server Server => shard.Server;

    private Watched Watch => Volatile.Read(ref _watched) ?? Interlocked.CompareExchange(ref _watched, new Watched(AcceptedAt), null) ?? _watched;

    public bool IsAborted => Volatile.Read(ref _abortedFor) != NotAborted;

    /// <summary>Starts the handler where the connection's calls resume, not here: one that works before it first waits must not hold up accepting.</summary>
    public void Start()
    {
        if (connection.Layer<SocketConnection>() is { } plain)
            plain.Stopping = Server.Stopping;
        NetworkSocket.Dispatch(connection.Socket, this);
    }

    public void Execute()
    {
        ValueTask<(bool IsRefused, Exception? Error)> beginning = BeginAsync();
        if (beginning.IsCompletedSuccessfully)
            Serve(beginning.Result);
        else
            _ = ServeAfterAsync(beginning);
    }

    /// <summary>The server's stop token is cancelled.</summary>
    public void TellOfStopping() => connection.Layer<SocketConnection>()?.WakeReader();

    /// <summary>Aborts it if no byte has moved for <paramref name="idle"/>. One sweep at a time.</summary>
    public void Sweep(TimeSpan idle, long now, TimeProvider time)
    {
        long bytes = connection.BytesReceived + connection.BytesSent;
        Watched watch = Watch;
        if (bytes != watch.Bytes)
            (watch.Bytes, watch.MovedAt) = (bytes, now);
        else if (time.GetElapsedTime(watch.MovedAt, now) >= idle)
            Abort(EndReason.Idle);
    }

    /// <summary>Aborts it if it has been shaking hands for <paramref name="timeout"/>.</summary>
    public void SweepHandshake(TimeSpan timeout, long now, TimeProvider time)
    {
        if (_isShakingHands && time.GetElapsedTime(AcceptedAt, now) >= timeout)
            Abort(EndReason.HandshakeFailed);
    }

    /// <summary>Ends it from outside, the first time it is asked.</summary>
    public void Abort(EndReason reason)
    {
        if (Interlocked.CompareExchange(ref _abortedFor, (sbyte)reason, NotAborted) != NotAborted)
            return;
        Reset(new TimeoutException(reason switch
        {
            EndReason.Idle => "The server's IdleTimeout has passed with nothing sent or received.",
            EndReason.HandshakeFailed => "The server's HandshakeTimeout has passed before the peer was done with the handshake.",
            _ => "The server is stopping, and its DrainTimeout has passed.",
        }));
    }

    private async Task ServeAfterAsync(ValueTask<(bool IsRefused, Exception? Error)> beginning) => Serve(await beginning.ConfigureAwait(false));

    /// <summary>Throws nothing: it must come to its end, or a slot would be lost and the server never end.</summary>
    /// <remarks>While the handler runs no method waits for it: its state would be kept for as long as the connection lives.</remarks>
    private void Serve((bool IsRefused, Exception? Error) begun)
    {
        if (begun.IsRefused)
            return;
        if (begun.Error is not null || IsAborted)
        {
            _ = EndAsync(begun.Error);
            return;
        }

        try
        {
            Server.Serving(this);
            _handling = Server.Handler(connection, Server.Stopping) ?? throw new InvalidOperationException("The handler returned null instead of a task.");
        }
        catch (Exception e)
        {
            _handling = Task.FromException(e);
        }

        ConfiguredTaskAwaitable.ConfiguredTaskAwaiter handling = _handling.ConfigureAwait(false).GetAwaiter();
        if (handling.IsCompleted)
            Handled();
        else
            handling.UnsafeOnCompleted(Handled);
    }

    private void Handled()
    {
        Exception? error = null;
        try
        {
            _handling.GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (Server.Stopping.IsCancellationRequested && !IsAborted)
        {
            // The handler let the stop token end it: that is what the token is for.
        }
        catch (Exception e)
        {
            Reset(e);
            error = e;
        }

        _ = EndAsync(error);
    }

    /// <summary>What comes before the handler: whether the connection was refused, or why it cannot be served.</summary>
    private async ValueTask<(bool IsRefused, Exception? Error)> BeginAsync()
    {
        if (!await Server.VerifyAsync(this).ConfigureAwait(false) && !IsAborted)
        {
            await Server.RefuseAdmittedAsync(this, RefusalReason.Verify).ConfigureAwait(false);
            return (true, null);
        }

        Exception? error = IsAborted ? null : await ShakeHandsAsync().ConfigureAwait(false);
        if (error is null && !IsAborted && !Server.TryEnterProxied(this))
        {
            await Server.RefuseAdmittedAsync(this, RefusalReason.ConnectionLimitPerAddress).ConfigureAwait(false);
            return (true, null);
        }

        return (false, error);
    }

    private async Task EndAsync(Exception? error)
    {
        try
        {
            await connection.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            error ??= e;
        }

        sbyte abortedFor = Volatile.Read(ref _abortedFor);
        EndReason reason = _hasFailedToShakeHands ? EndReason.HandshakeFailed : error is null ? EndReason.Completed : EndReason.HandlerError;
        Server.End(this, abortedFor == NotAborted ? reason : (EndReason)abortedFor, error);
    }

    /// <summary>What TLS and its like agree on before the handler is troubled; why they did not, or null. Plain connections have nothing to do.</summary>
    private async ValueTask<Exception?> ShakeHandsAsync()
    {
        try
        {
            ValueTask handshake = connection.HandshakeAsync(Server.Stopping);
            if (handshake.IsCompletedSuccessfully)
                return null;
            _isShakingHands = true;
            Server.WatchHandshakes();
            await handshake.ConfigureAwait(false);
            return null;
        }
        catch (Exception e)
        {
            // Not reset: the peer shall hear why, if the protocol has a word for it.
            _hasFailedToShakeHands = true;
            return e;
        }
        finally
        {
            _isShakingHands = false;
        }
    }

    /// <summary>What others hung on <see cref="Connection.Closed"/> runs here, and may throw.</summary>
    private void Reset(Exception reason)
    {
        try
        {
            connection.Abort(reason);
        }
        catch (Exception e)
        {
            Server.Report(e);
        }
    }

    /// <summary>What servers that count addresses or end idle connections remember of each.</summary>
    private sealed class Watched(long acceptedAt)
    {
        /// <summary>A boxed one, as it is large and few have it.</summary>
        public object? AddressKey;

        /// <summary>How many bytes had moved when the sweep looked last, and when it saw them move. The sweep's.</summary>
        public long Bytes;
        public long MovedAt = acceptedAt;
    }
}
