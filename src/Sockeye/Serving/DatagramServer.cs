using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>Serves the datagrams of a socket with a handler, a bounded number at a time.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A token source without a timer and a semaphore without a wait handle hold nothing to dispose.")]
public sealed class DatagramServer
{
    private static readonly TimeSpan DrainTimeoutMax = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    private readonly DatagramSocket _socket;
    private readonly DatagramHandler _handler;
    private readonly DatagramServerOptions _options;
    private readonly SemaphoreSlim _slots;
    private readonly ConcurrentBag<ServedDatagram> _spare = [];
    private readonly CancellationTokenSource _stopping = new();
    private int _started;
    private long _received;
    private long _refused;
    private long _errors;

    /// <summary>Makes a server that owns <paramref name="socket"/>: it disposes it when it stops.</summary>
    [SuppressMessage("Usage", "MA0015", Justification = "The faulty value is an option's, and is named.")]
    public DatagramServer(DatagramSocket socket, DatagramHandler handler, DatagramServerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(socket);
        ArgumentNullException.ThrowIfNull(handler);
        _socket = socket;
        _handler = handler;
        _options = options ?? DatagramServerOptions.Default;
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(_options.ConcurrencyMax);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(_options.DatagramSizeMax);
        if (_options.DrainTimeout != Timeout.InfiniteTimeSpan)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(_options.DrainTimeout, TimeSpan.Zero);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(_options.DrainTimeout, DrainTimeoutMax);
        }

        _slots = new SemaphoreSlim(_options.ConcurrencyMax);
    }

    /// <summary>Datagrams received so far.</summary>
    public long Received => Volatile.Read(ref _received);

    /// <summary>Datagrams that <see cref="DatagramServerOptions.Verify"/> refused.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Handlers that threw, and errors that earlier sends left on the socket.</summary>
    public long Errors => Volatile.Read(ref _errors);

    /// <summary>Serves a socket until <paramref name="stop"/> fires and every handler has ended.</summary>
    public static Task RunAsync(DatagramSocket socket, DatagramHandler handler, DatagramServerOptions? options = null, CancellationToken stop = default) =>
        new DatagramServer(socket, handler, options).RunAsync(stop);

    /// <summary>
    /// Serves until <paramref name="stop"/> fires; then receives no more, lets the handlers know by their token, waits
    /// for them up to <see cref="DatagramServerOptions.DrainTimeout"/>, closes the socket, and returns when every handler has returned.
    /// </summary>
    /// <exception cref="SocketException">The socket failed for good.</exception>
    public async Task RunAsync(CancellationToken stop = default)
    {
        if (Interlocked.Exchange(ref _started, 1) != 0)
            throw new InvalidOperationException("A server runs once: make another.");
        try
        {
            // A socket that always has another datagram ready would keep the caller.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            while (!stop.IsCancellationRequested)
            {
                await _slots.WaitAsync(stop).ConfigureAwait(false);
                ServedDatagram datagram = _spare.TryTake(out ServedDatagram? spare) ? spare : new ServedDatagram(_socket, _options.DatagramSizeMax);
                if (!await ReceiveAsync(datagram, stop).ConfigureAwait(false))
                {
                    Return(datagram);
                    continue;
                }

                Admit(datagram);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked to stop.
        }
        finally
        {
            await DrainAsync().ConfigureAwait(false);
        }
    }

    /// <summary>
    /// False when the socket only reported what became of an earlier send (a port unreachable, say): that is no reason to stop serving others.
    /// </summary>
    private async ValueTask<bool> ReceiveAsync(ServedDatagram datagram, CancellationToken stop)
    {
        try
        {
            await datagram.ReceiveAsync(stop).ConfigureAwait(false);
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionRefused or SocketError.ConnectionReset
            or SocketError.HostUnreachable or SocketError.HostDown or SocketError.NetworkUnreachable or SocketError.NetworkDown or SocketError.NetworkReset
            or SocketError.MessageSize)
        {
            Fail(null, e);
            return false;
        }
        catch
        {
            _slots.Release();
            throw;
        }
    }

    private void Admit(ServedDatagram datagram)
    {
        Interlocked.Increment(ref _received);
        Measure(ServerMetrics.DatagramReceived);
        if (IsVerified(datagram))
        {
            NetworkSocket.Dispatch(_socket.Socket, new Handling(this, datagram));
            return;
        }

        Interlocked.Increment(ref _refused);
        Measure(ServerMetrics.DatagramRefused);
        Return(datagram);
    }

    private bool IsVerified(ServedDatagram datagram)
    {
        try
        {
            return _options.Verify?.Invoke(datagram) ?? true;
        }
        catch (Exception e)
        {
            Fail(datagram, e);
            return false;
        }
    }

    private async Task ServeAsync(ServedDatagram datagram)
    {
        try
        {
            await _handler(datagram, _stopping.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The handler let the stop token end it.
        }
        catch (Exception e)
        {
            Fail(datagram, e);
        }
        finally
        {
            Return(datagram);
        }
    }

    /// <summary>Throws nothing: neither receiving nor a slot may be lost by it.</summary>
    private void Fail(ServedDatagram? datagram, Exception e)
    {
        Interlocked.Increment(ref _errors);
        try
        {
            _options.OnError?.Invoke(datagram, e);
            ServerMetrics.DatagramFailed(_socket, e);
        }
        catch (Exception)
        {
            // It was to be told of errors; of its own nobody is left to tell.
        }
    }

    private void Measure(Action<DatagramSocket> measurement)
    {
        try
        {
            measurement(_socket);
        }
        catch (Exception e)
        {
            Fail(null, e);
        }
    }

    private void Return(ServedDatagram datagram)
    {
        _spare.Add(datagram);
        _slots.Release();
    }

    private async Task DrainAsync()
    {
        // The deadline counts at once: what handlers hung on the token may take its time.
        Task told = StopHandlersAsync();
        Task drained = TakeSlotsAsync();
        await drained.WaitAsync(_options.DrainTimeout, _socket.TimeProvider).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            await _socket.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            await drained.ConfigureAwait(false);
            await told.ConfigureAwait(false);
        }
    }

    private async Task StopHandlersAsync()
    {
        try
        {
            await _stopping.CancelAsync().ConfigureAwait(false);
        }
        catch (AggregateException e)
        {
            Fail(null, e);
        }
    }

    /// <summary>With every slot taken no handler is at work.</summary>
    private async Task TakeSlotsAsync()
    {
        for (int taken = 0; taken < _options.ConcurrencyMax; taken++)
            await _slots.WaitAsync(CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>One run of the handler.</summary>
    private sealed class Handling(DatagramServer server, ServedDatagram datagram) : IThreadPoolWorkItem
    {
        public void Execute() => _ = server.ServeAsync(datagram);
    }
}
