namespace Sockeye;

/// <summary>One connection that a server serves: from its handler's start to its close. A link in the server's list of them.</summary>
internal sealed class ServedConnection(Server server, Connection connection, UInt128? addressKey) : IThreadPoolWorkItem
{
    private long _bytesSeen;
    private EndReason? _abortedFor;

    public ServedConnection? Previous { get; set; }

    public ServedConnection? Next { get; set; }

    public UInt128? AddressKey => addressKey;

    public Connection Connection => connection;

    /// <summary>When bytes were last seen to move, as a timestamp of the server's clock; looked at by the sweep only.</summary>
    public long ActiveAt { get; set; }

    /// <summary>Starts the handler on the pool: a handler that works before it first waits must not hold up accepting.</summary>
    public void Start() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    public void Execute() => _ = RunAsync();

    /// <summary>Whether bytes moved since the last time it was asked.</summary>
    public bool WasActive()
    {
        long bytes = connection.BytesReceived + connection.BytesSent;
        bool active = bytes != _bytesSeen;
        _bytesSeen = bytes;
        return active;
    }

    public void Abort(EndReason reason)
    {
        _abortedFor ??= reason;
        connection.Abort(new TimeoutException(reason == EndReason.Idle
            ? "The server's IdleTimeout has passed with nothing sent or received."
            : "The server is stopping, and its DrainTimeout has passed."));
    }

    private async Task RunAsync()
    {
        if (!await server.VerifyAsync(connection).ConfigureAwait(false))
        {
            await server.RefuseAsync(this, RefusalReason.Verify).ConfigureAwait(false);
            return;
        }

        Exception? error = null;
        try
        {
            server.Options.OnServing?.Invoke(connection);
            await server.Handler(connection, server.Stopping).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (server.Stopping.IsCancellationRequested && _abortedFor is null)
        {
            // The handler let the stop token end it: that is what the token is for.
        }
        catch (Exception e)
        {
            error = e;
            connection.Abort(e);
        }

        try
        {
            await connection.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            error ??= e;
        }

        server.End(this, _abortedFor ?? (error is null ? EndReason.Completed : EndReason.HandlerError), error);
    }
}
