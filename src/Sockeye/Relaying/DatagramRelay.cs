using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>
/// Passes datagrams on to a target, and its answers back. Every sender gets a socket of its own towards the target, so that the target can tell them apart
/// and each answer finds its sender. A sender is forgotten after a time of silence, or when there are too many.
/// </summary>
/// <remarks>
/// A receiver that does not read is waited for a second at most; what does not fit its queue then is lost, as datagrams may be, and told of. The target
/// is one for all senders, so all wait for it.
/// </remarks>
public sealed class DatagramRelay
{
    private const int SweepsPerIdleTimeout = 4;
    private static readonly TimeSpan TimerMin = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan TimerMax = TimeSpan.FromMilliseconds(uint.MaxValue - 1);


    /// <summary>What a Unix sender without a name is known by; the kernel gives it no length at all.</summary>
    private static readonly SocketAddress Unnamed = new(AddressFamily.Unix, sizeof(ushort));

    private readonly Network _network;
    private readonly DatagramSocket _clients;
    private readonly DatagramRelayOptions _options;
    private readonly DatagramSessionTable _sessions;
    private readonly ConcurrentDictionary<DatagramSession, Task> _running = new();
    private Address _target;
    private int _started;

    /// <summary>Makes a relay that owns <paramref name="clients"/>: it disposes it when it stops.</summary>
    /// <param name="network">Where the target is reached.</param>
    /// <param name="clients">Where senders send to.</param>
    /// <param name="target">An address of datagrams, of any kind: udp or unix-dgram.</param>
    /// <param name="options">Limits, and who is told of what.</param>
    /// <exception cref="NotSupportedException">The target is no address of datagrams.</exception>
    [SuppressMessage("Usage", "MA0015", Justification = "The faulty value is an option's, and is named.")]
    public DatagramRelay(Network network, DatagramSocket clients, Address target, DatagramRelayOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(clients);
        ArgumentNullException.ThrowIfNull(target);
        if (target.SocketType != SocketType.Dgram)
            throw new NotSupportedException($"{target} has no datagrams: {clients.Address} can only be relayed to an address that has.");
        (_network, _clients, _target, _options) = (network, clients, target, options ?? DatagramRelayOptions.Default);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(_options.SessionLimit);
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.IdleTimeout, TimerMin);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(_options.IdleTimeout, TimerMax);
        _sessions = new DatagramSessionTable(_options.SessionLimit);
    }

    /// <summary>How many sessions there are now.</summary>
    public int SessionCount => _running.Count;

    /// <summary>Relays until <paramref name="stop"/> fires; then ends every session and returns. A name of the target's is resolved once, at the beginning.</summary>
    /// <exception cref="SocketException">The target's name is not known, or the senders' socket failed for good.</exception>
    /// <exception cref="InvalidOperationException">It runs already, or has run.</exception>
    public async Task RunAsync(CancellationToken stop = default)
    {
        if (Interlocked.Exchange(ref _started, 1) != 0)
            throw new InvalidOperationException("A relay runs once: make another.");
        TimeSpan period = _options.IdleTimeout / SweepsPerIdleTimeout;
        using ITimer sweep = _network.TimeProvider.CreateTimer(_ => Sweep(), null, period < TimerMin ? TimerMin : period, period < TimerMin ? TimerMin : period);
        try
        {
            await ResolveAsync(stop).ConfigureAwait(false);
            await ReceiveAllAsync(stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked to stop.
        }
        finally
        {
            await StopAsync().ConfigureAwait(false);
        }
    }

    internal void Lost(DatagramSession? session, Exception error)
    {
        session?.CountLost();
        try
        {
            _options.OnError?.Invoke(session, error);
        }
        catch (Exception)
        {
            // It was to be told of errors; of its own nobody is left to tell.
        }
    }

    internal void Touch(DatagramSession session) => _sessions.Touch(session, _network.TimeProvider.GetTimestamp());

    /// <summary>A name's addresses once for all sessions: they must agree on the target, and none may wait for a name server while others' datagrams come.</summary>
    private async ValueTask ResolveAsync(CancellationToken stop)
    {
        if (_target.EndPoint is not DnsEndPoint name)
            return;
        IPAddress[] addresses = await _network.ResolveAsync(name.Host, name.AddressFamily is AddressFamily.Unspecified ? default : name.AddressFamily, stop).ConfigureAwait(false);
        IPAddress address = Array.Find(addresses, a => a.AddressFamily == AddressFamily.InterNetwork) ?? addresses[0];
        _target = _target.WithEndPoint(new IPEndPoint(address, name.Port));
    }

    private async Task ReceiveAllAsync(CancellationToken stop)
    {
        // A socket that always has another datagram ready would keep the caller.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        byte[] buffer = new byte[DatagramPassing.DatagramSizeMax + 1];
        SocketAddress from = _clients.CreateAddress();
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            DatagramResult received;
            try
            {
                received = await _clients.ReceiveAsync(buffer, from, stop).ConfigureAwait(false);
            }
            catch (SocketException e) when (DatagramPassing.IsOfEarlierSend(e.SocketErrorCode))
            {
                // A sender has gone before its answer came: that is no reason to stop.
                Lost(null, e);
                continue;
            }

            if (await FindOrOpenAsync(from, stop).ConfigureAwait(false) is { } session)
                await PassOnAsync(session, buffer, received, stop).ConfigureAwait(false);
        }
    }

    private async ValueTask PassOnAsync(DatagramSession session, byte[] buffer, DatagramResult received, CancellationToken stop)
    {
        Touch(session);
        if (session.Up is { } faults)
            await faults.PassAsync(buffer, received).ConfigureAwait(false);
        else
            await SendOnAsync(session, buffer, received, stop).ConfigureAwait(false);
    }

    private async ValueTask SendOnAsync(DatagramSession session, byte[] buffer, DatagramResult received, CancellationToken stop)
    {
        try
        {
            await DatagramPassing.SendAsync(session.Target, buffer, received, to: null, stop).ConfigureAwait(false);
            session.CountReceived(received.Count);
        }
        catch (Exception e) when (e is SocketException or ProtocolException or ObjectDisposedException)
        {
            Lost(session, e);
            if (_target.EndPoint is UnixDomainSocketEndPoint && e is SocketException { SocketErrorCode: SocketError.ConnectionRefused or SocketError.ConnectionReset or SocketError.NotConnected })
            {
                _sessions.Remove(session);
                End(session, DatagramSessionEnd.TargetGone);
            }
        }
    }

    private async ValueTask<DatagramSession?> FindOrOpenAsync(SocketAddress from, CancellationToken stop)
    {
        if (from.Size <= sizeof(ushort))
            from = Unnamed;
        if (_sessions.Find(from) is { } known)
            return known;
        try
        {
            DatagramSocket socket = await _network.ConnectDatagramAsync(_target, stop).ConfigureAwait(false);
            DatagramSession session = new(DatagramPassing.Copy(from), socket, _network.TimeProvider.GetTimestamp());
            Join(session);
            Start(session, stop);
            return session;
        }
        catch (SocketException e)
        {
            Lost(null, e);
            return null;
        }
    }

    private void Join(DatagramSession session)
    {
        NetworkSocket target = session.Target.Socket!;
        target.AddObserver(_options.Observer, isNew: true);
        NetworkSocket? client = _clients.Sockets.FirstOrDefault(socket => socket.AddressFamily == session.From.Family) ?? _clients.Socket;
        if (client is not null)
            target.Observer?.Joined(target, client, session.From);
    }

    private void Start(DatagramSession session, CancellationToken stop)
    {
        DatagramAnswers answers = new(this, _clients, session);
        if (_options.Faults is { } faults)
        {
            long number = faults.NextNumber();
            session.Up = new DatagramFaultFlow(faults, number, FaultDirection.Up, _network.TimeProvider, (buffer, received) => SendOnAsync(session, buffer, received, stop), session.Met);
            session.Down = new DatagramFaultFlow(faults, number, FaultDirection.Down, _network.TimeProvider, answers.SendBackAsync, session.Met);
        }

        if (_sessions.Add(session) is { } evicted)
            End(evicted, DatagramSessionEnd.Evicted);
        Tell(() => _options.OnOpened?.Invoke(session), session);
        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _running[session] = RunSessionAsync(session, answers, started.Task);
        started.SetResult();
    }

    /// <summary>Passes the target's answers back until the session's socket is closed.</summary>
    private async Task RunSessionAsync(DatagramSession session, DatagramAnswers answers, Task started)
    {
        await started.ConfigureAwait(false);
        await answers.PassBackAsync().ConfigureAwait(false);
        await (session.Up?.StopAsync() ?? Task.CompletedTask).ConfigureAwait(false);
        await (session.Down?.StopAsync() ?? Task.CompletedTask).ConfigureAwait(false);
        await session.Target.DisposeAsync().ConfigureAwait(false);
        _running.TryRemove(session, out _);
        Tell(() => _options.OnEnded?.Invoke(session, session.End), session);
    }

    private void Tell(Action told, DatagramSession session)
    {
        try
        {
            told();
        }
        catch (Exception e)
        {
            Lost(session, e);
        }
    }

    private static void End(DatagramSession session, DatagramSessionEnd reason)
    {
        session.End = reason;

        // Its task ends then, and tells.
        _ = session.Target.DisposeAsync().AsTask();
    }

    private void Sweep()
    {
        long now = _network.TimeProvider.GetTimestamp();
        foreach (DatagramSession quiet in _sessions.TakeQuiet(session => _network.TimeProvider.GetElapsedTime(session.ActiveAt, now) >= _options.IdleTimeout))
            End(quiet, DatagramSessionEnd.Idle);
    }

    private async Task StopAsync()
    {
        foreach (DatagramSession session in _sessions.TakeQuiet(static _ => true))
            End(session, DatagramSessionEnd.Stopped);
        await Task.WhenAll(_running.Values).ConfigureAwait(false);
        await _clients.DisposeAsync().ConfigureAwait(false);
    }
}
