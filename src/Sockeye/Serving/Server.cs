using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>
/// Serves every connection of its listeners with a handler, many at a time. One bad connection never stops a listener, and
/// <see cref="RunAsync(CancellationToken)"/> returns only when every connection has ended.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A token source without a timer holds nothing to dispose.")]
public sealed class Server
{
    private const int SweepsPerIdleTimeout = 4;

    private readonly Listener[] _listeners;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly AddressCounter? _addresses;
    private readonly Lock _lock = new();
    private ServedConnection? _first;
    private int _active;
    private bool _closing;
    private int _started;
    private long _accepted;
    private long _refusedByLimit;
    private long _refusedByAddressLimit;
    private long _refusedByVerify;
    private long _handlerErrors;
    private long _idleTimeouts;
    private long _drainTimeouts;
    private long _acceptErrors;

    /// <summary>Makes a server over one listener.</summary>
    public Server(Listener listener, Handler handler, ServerOptions? options = null)
        : this([listener], handler, options)
    {
    }

    /// <summary>Makes a server over several listeners, which share its limits. It owns them: it disposes them when it stops.</summary>
    /// <exception cref="ArgumentException">There is no listener, or an option is out of its range.</exception>
    public Server(IEnumerable<Listener> listeners, Handler handler, ServerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(listeners);
        ArgumentNullException.ThrowIfNull(handler);
        Options = options ?? ServerOptions.Default;
        Check(Options);
        _listeners = [.. listeners];
        if (_listeners.Length == 0)
            throw new ArgumentException("A server needs a listener.", nameof(listeners));
        _time = _listeners[0].TimeProvider;
        Handler = Options.Middleware.Reverse().Aggregate(handler, (next, middleware) => middleware(next));
        if (Options.ConnectionLimitPerAddress is { } limit)
            _addresses = new AddressCounter(limit);
    }

    /// <summary>The counters now.</summary>
    public ServerStatistics Statistics => new(
        Volatile.Read(ref _active),
        Volatile.Read(ref _accepted),
        Volatile.Read(ref _refusedByLimit),
        Volatile.Read(ref _refusedByAddressLimit),
        Volatile.Read(ref _refusedByVerify),
        Volatile.Read(ref _handlerErrors),
        Volatile.Read(ref _idleTimeouts),
        Volatile.Read(ref _drainTimeouts),
        Volatile.Read(ref _acceptErrors));

    internal ServerOptions Options { get; }

    internal Handler Handler { get; }

    internal CancellationToken Stopping => _stopping.Token;

    /// <summary>Serves a listener until <paramref name="stop"/> fires and every connection has ended.</summary>
    public static Task RunAsync(Listener listener, Handler handler, CancellationToken stop = default) =>
        new Server(listener, handler).RunAsync(stop);

    /// <summary>Serves a listener until <paramref name="stop"/> fires and every connection has ended.</summary>
    public static Task RunAsync(Listener listener, Handler handler, ServerOptions options, CancellationToken stop = default) =>
        new Server(listener, handler, options).RunAsync(stop);

    /// <summary>
    /// Serves until <paramref name="stop"/> fires; then accepts no more, lets the handlers know by their token, aborts after
    /// <see cref="ServerOptions.DrainTimeout"/> the connections that are left, and returns when every handler has returned.
    /// </summary>
    /// <exception cref="SocketException">A listener failed for good; the server has stopped as by the token.</exception>
    /// <exception cref="InvalidOperationException">The server runs already, or has run.</exception>
    public async Task RunAsync(CancellationToken stop = default)
    {
        if (Interlocked.Exchange(ref _started, 1) != 0)
            throw new InvalidOperationException("A server runs once: make another.");
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using ITimer? sweep = StartSweep();
        Task service = RunServiceAsync(end.Token);
        Task[] loops = [.. _listeners.SelectMany(listener => listener.Shards).Select(shard => AcceptAsync(shard, end.Token))];
        try
        {
            // The first loop to end, by the token or because its listener failed, ends the others.
            await Task.WhenAny(loops).ConfigureAwait(false);
        }
        finally
        {
            await end.CancelAsync().ConfigureAwait(false);
            await DrainAsync(loops).ConfigureAwait(false);
            await service.ConfigureAwait(false);
        }

        await Task.WhenAll(loops).ConfigureAwait(false);
    }

    internal async ValueTask<bool> VerifyAsync(Connection connection)
    {
        if (Options.Verify is not { } verify)
            return true;
        try
        {
            return await verify(connection, Stopping).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return false;
        }
    }

    internal async ValueTask RefuseAsync(ServedConnection served, RefusalReason reason)
    {
        try
        {
            await CloseRefusedAsync(served.Connection, reason).ConfigureAwait(false);
        }
        finally
        {
            Remove(served);
        }
    }

    internal void End(ServedConnection served, EndReason reason, Exception? error)
    {
        switch (reason)
        {
            case EndReason.HandlerError:
                Interlocked.Increment(ref _handlerErrors);
                break;
            case EndReason.Idle:
                Interlocked.Increment(ref _idleTimeouts);
                break;
            case EndReason.DrainTimeout:
                Interlocked.Increment(ref _drainTimeouts);
                break;
        }

        ServerMetrics.Ended(served.Connection, reason);
        try
        {
            Options.OnEnded?.Invoke(served.Connection, reason, error);
        }
        finally
        {
            Remove(served);
        }
    }

    /// <summary>The accept loop of one shard: the outer part pauses when the machine has run out of something, the inner one is the plain loop.</summary>
    private async Task AcceptAsync(Listener shard, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                while (await shard.AcceptAsync(stop).ConfigureAwait(false) is { } connection)
                    Accepted(connection);
                return;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (SocketException e) when (IsShortage(e.SocketErrorCode))
            {
                Interlocked.Increment(ref _acceptErrors);
                Options.OnAcceptError?.Invoke(shard, e);
                await Task.Delay(Options.AcceptBackoff, _time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private static bool IsShortage(SocketError error) => error is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable;

    private void Accepted(Connection connection)
    {
        Interlocked.Increment(ref _accepted);
        ServerMetrics.Accepted();
        UInt128? key = _addresses is null ? null : AddressCounter.KeyOf(connection.RemoteEndPoint);
        RefusalReason? refusal = null;
        ServedConnection served = new(this, connection, key) { ActiveAt = _time.GetTimestamp() };
        lock (_lock)
        {
            if (_active >= Options.ConnectionLimit)
                refusal = RefusalReason.ConnectionLimit;
            else if (key is { } address && !_addresses!.TryEnter(address))
                refusal = RefusalReason.ConnectionLimitPerAddress;
            else
                Add(served);
        }

        if (refusal is { } reason)
            _ = CloseRefusedAsync(connection, reason);
        else
            served.Start();
    }

    private async Task CloseRefusedAsync(Connection connection, RefusalReason reason)
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

        ServerMetrics.Refused(reason);
        try
        {
            Options.OnRefused?.Invoke(connection, reason);
        }
        finally
        {
            // At once, and without lingering: a flood of refused peers must hold nothing here.
            connection.Socket?.Dispose();
            await connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    private void Add(ServedConnection served)
    {
        served.Next = _first;
        if (_first is not null)
            _first.Previous = served;
        _first = served;
        _active++;
    }

    private void Remove(ServedConnection served)
    {
        bool last;
        lock (_lock)
        {
            if (served.Previous is not null)
                served.Previous.Next = served.Next;
            else
                _first = served.Next;
            if (served.Next is not null)
                served.Next.Previous = served.Previous;
            _active--;
            last = _active == 0 && _closing;
        }

        if (served.AddressKey is { } address)
            _addresses!.Leave(address);
        if (last)
            _drained.TrySetResult();
    }

    private async Task DrainAsync(Task[] loops)
    {
        foreach (Listener listener in _listeners)
            await listener.DisposeAsync().ConfigureAwait(false);
        await Task.WhenAll(loops).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // From here nothing is added any more.
        await _stopping.CancelAsync().ConfigureAwait(false);
        lock (_lock)
        {
            _closing = true;
            if (_active == 0)
                _drained.TrySetResult();
        }

        await _drained.Task.WaitAsync(Options.DrainTimeout, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (ServedConnection served in Snapshot())
            served.Abort(EndReason.DrainTimeout);
        await _drained.Task.ConfigureAwait(false);
    }

    private List<ServedConnection> Snapshot()
    {
        List<ServedConnection> all = [];
        lock (_lock)
        {
            for (ServedConnection? served = _first; served is not null; served = served.Next)
                all.Add(served);
        }

        return all;
    }

    /// <summary>One timer for all connections: an idle connection costs no timer of its own.</summary>
    private ITimer? StartSweep()
    {
        if (Options.IdleTimeout is not { } idle)
            return null;
        TimeSpan period = idle / SweepsPerIdleTimeout;
        return _time.CreateTimer(_ => Sweep(idle), null, period, period);
    }

    private void Sweep(TimeSpan idle)
    {
        long now = _time.GetTimestamp();
        foreach (ServedConnection served in Snapshot())
        {
            if (served.WasActive())
                served.ActiveAt = now;
            else if (_time.GetElapsedTime(served.ActiveAt, now) >= idle)
                served.Abort(EndReason.Idle);
        }
    }

    private async Task RunServiceAsync(CancellationToken stop)
    {
        if (Options.ServiceAction is not { } action)
            return;
        using PeriodicTimer timer = new(Options.ServiceInterval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false))
            {
                try
                {
                    await action(stop).ConfigureAwait(false);
                }
                catch (Exception e) when (!stop.IsCancellationRequested)
                {
                    Options.OnServiceError?.Invoke(e);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    [SuppressMessage("Usage", "MA0015", Justification = "The faulty value is an option's, and is named.")]
    private static void Check(ServerOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.ConnectionLimit);
        if (options.ConnectionLimitPerAddress is { } perAddress)
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(perAddress);
        if (options.IdleTimeout is { } idle)
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(idle, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.DrainTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.ServiceInterval, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.AcceptBackoff, TimeSpan.Zero);
    }
}
