using System.Net;
using System.Net.Sockets;

namespace Sockeye;

public sealed partial class Server
{
    internal async ValueTask<bool> VerifyAsync(ServedConnection served)
    {
        if (Options.Verify is not { } verify)
            return true;
        try
        {
            return await verify(served.Connection, Stopping).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // What the server itself ended is no fault of Verify's.
            if (!served.IsAborted && !(e is OperationCanceledException && Stopping.IsCancellationRequested))
                Report(e);
            return false;
        }
    }

    /// <summary>Counts the client that a proxy in front speaks for, once its header has named it; false when its address has reached the limit.</summary>
    internal bool TryEnterProxied(ServedConnection served)
    {
        if (_addresses is null || !IsProxied(served.Connection) || AddressCounter.KeyOf(served.Connection.RemoteEndPoint) is not { } address)
            return true;
        if (!_addresses.TryEnter(address))
            return false;
        served.AddressKey = address;
        return true;
    }

    /// <summary>Refuses one that counts towards the limits already.</summary>
    internal async Task RefuseAdmittedAsync(ServedConnection served, RefusalReason reason)
    {
        await CloseRefusedAsync(served, reason).ConfigureAwait(false);
        Remove(served);
        Closed();
    }

    /// <summary>The accept loop of one shard: the outer part pauses when the machine has run out of something, the inner one is the plain loop.</summary>
    private async Task AcceptAsync(ServerShard shard, CancellationToken stop)
    {
        // A listener that always has another connection ready would keep the caller, and the loops to start after it.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                while (await shard.Listener.AcceptAsync(stop).ConfigureAwait(false) is { } connection)
                    Accepted(shard, connection);
                return;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (SocketException e) when (IsShortage(e.SocketErrorCode))
            {
                AcceptFailed(shard.Listener, e);
                await Task.Delay(Options.AcceptBackoff, _time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Whether it comes from a proxy, which has one address for all its clients.</summary>
    private static bool IsProxied(Connection connection) => connection.Layer<ProxiedConnection>() is not null;

    private static bool IsShortage(SocketError error) => error is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable;

    private void AcceptFailed(Listener listener, SocketException error)
    {
        Interlocked.Increment(ref _acceptErrors);
        try
        {
            ServerMetrics.AcceptFailed(listener, error);
            Options.OnAcceptError?.Invoke(listener, error);
        }
        catch (Exception e)
        {
            Report(e);
        }
    }

    private void Accepted(ServerShard shard, Connection connection)
    {
        Interlocked.Increment(ref _accepted);
        ServedConnection served = new(shard, connection, _time.GetTimestamp());
        try
        {
            // OnEnded wants to know who it was, and then it is too late to ask.
            EndPoint? remote = _addresses is null && Options.OnEnded is null ? null : connection.RemoteEndPoint;
            served.AddressKey = _addresses is null || IsProxied(connection) ? null : AddressCounter.KeyOf(remote);
            ServerMetrics.Accepted(served);
        }
        catch (Exception e)
        {
            Report(e);
        }

        if (TryAdd(served) is { } reason)
            _ = RefuseExcessAsync(served, reason);
        else
            served.Start();
    }

    /// <summary>Null when it was added.</summary>
    private RefusalReason? TryAdd(ServedConnection served)
    {
        lock (_lock)
        {
            RefusalReason? refusal = null;
            if (_active >= Options.ConnectionLimit)
                refusal = RefusalReason.ConnectionLimit;
            else if (served.AddressKey is { } address && !_addresses!.TryEnter(address))
                refusal = RefusalReason.ConnectionLimitPerAddress;
            if (refusal is null)
                Add(served);
            _open++;
            return refusal;
        }
    }

    private async Task RefuseExcessAsync(ServedConnection served, RefusalReason reason)
    {
        await CloseRefusedAsync(served, reason).ConfigureAwait(false);
        Closed();
    }

    /// <summary>Closes at once, and without lingering: a flood of refused peers must hold nothing here. Throws nothing.</summary>
    private async Task CloseRefusedAsync(ServedConnection served, RefusalReason reason)
    {
        switch (reason)
        {
            case RefusalReason.ConnectionLimit:
                Interlocked.Increment(ref _refusedByLimit);
                break;
            case RefusalReason.ConnectionLimitPerAddress:
                Interlocked.Increment(ref _refusedByAddressLimit);
                break;
            default:
                Interlocked.Increment(ref _refusedByVerify);
                break;
        }

        Connection connection = served.Connection;
        try
        {
            ServerMetrics.Refused(served, reason);
            Options.OnRefused?.Invoke(connection, reason);
        }
        catch (Exception e)
        {
            Report(e);
        }

        try
        {
            if (connection.Socket is { } socket)
                socket.Dispose();
            else
                connection.Abort();
            await connection.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Report(e);
        }
    }
}
