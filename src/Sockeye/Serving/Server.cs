using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>
/// Serves every connection of its listeners with a handler, many at a time. One bad connection never stops a listener, and
/// <see cref="RunAsync(CancellationToken)"/> returns only when every connection has ended.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A token source without a timer holds nothing to dispose.")]
public sealed partial class Server
{
    private const int SweepsPerTimeout = 4;

    /// <summary>What timers can do: whole milliseconds, in 32 bits.</summary>
    private static readonly TimeSpan TimerMin = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan TimerMax = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    private readonly Listener[] _listeners;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly AddressCounter? _addresses;
    private readonly Lock _lock = new();
    private ServedConnection? _first;
    private int _active;
    private int _open;
    private bool _closing;
    private ITimer? _handshakeSweep;
    private int _sweeping;
    private int _started;
    private long _accepted;
    private long _refusedByLimit;
    private long _refusedByAddressLimit;
    private long _refusedByVerify;
    private long _handshakeFailures;
    private long _handlerErrors;
    private long _idleTimeouts;
    private long _drainTimeouts;
    private long _acceptErrors;
    private long _callbackErrors;

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
        Volatile.Read(ref _handshakeFailures),
        Volatile.Read(ref _handlerErrors),
        Volatile.Read(ref _idleTimeouts),
        Volatile.Read(ref _drainTimeouts),
        Volatile.Read(ref _acceptErrors),
        Volatile.Read(ref _callbackErrors));

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
    /// <see cref="ServerOptions.DrainTimeout"/> the connections that are left, and returns when every handler has returned. A listener that is
    /// stopped by others stops it too.
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
        Task[] loops = [.. _listeners.SelectMany(listener => listener.Shards).Select(shard => AcceptAsync(new ServerShard(this, shard), end.Token))];
        try
        {
            // The first loop to end, by the token or because its listener failed, ends the others.
            await Task.WhenAny(loops).ConfigureAwait(false);
        }
        finally
        {
            await CancelAsync(end).ConfigureAwait(false);
            await DrainAsync(loops).ConfigureAwait(false);
            await service.ConfigureAwait(false);
            _handshakeSweep?.Dispose();
        }

        await Task.WhenAll(loops).ConfigureAwait(false);
    }

    /// <summary>What a callback threw: counted, told, and never in the way of the server.</summary>
    internal void Report(Exception e)
    {
        Interlocked.Increment(ref _callbackErrors);
        try
        {
            Options.OnError?.Invoke(e);
        }
        catch (Exception)
        {
            // It was to be told of errors; of its own nobody is left to tell.
        }
    }

    [SuppressMessage("Usage", "MA0015", Justification = "The faulty value is an option's, and is named.")]
    private static void Check(ServerOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.ConnectionLimit);
        if (options.ConnectionLimitPerAddress is { } perAddress)
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(perAddress);
        if (options.IdleTimeout is { } idle)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(idle, TimerMin);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(idle, TimerMax);
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(options.HandshakeTimeout, TimerMin);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.HandshakeTimeout, TimerMax);
        if (options.DrainTimeout != Timeout.InfiniteTimeSpan)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(options.DrainTimeout, TimeSpan.Zero);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(options.DrainTimeout, TimerMax);
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(options.ServiceInterval, TimerMin);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.ServiceInterval, TimerMax);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.AcceptBackoff, TimerMin);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.AcceptBackoff, TimerMax);
    }
}
