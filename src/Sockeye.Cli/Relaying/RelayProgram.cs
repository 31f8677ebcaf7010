using System.Collections.Concurrent;
using System.Net.Sockets;
using Sockeye.Cli.Output;
using Sockeye.Cli.Serving;

namespace Sockeye.Cli.Relaying;

/// <summary>What <c>sockeye relay</c> runs: connections, or datagrams, from any number of addresses to one, and an event line for each that has ended.</summary>
internal sealed class RelayProgram(Network network, Address target, RelaySettings settings, EventLog log)
{
    private readonly ConcurrentDictionary<Connection, RelayedConnection> _connections = new();
    private readonly ConnectorOptions _connecting = new() { ConnectTimeout = settings.ConnectTimeout, Tls = settings.TargetTls, Observer = settings.TargetSide };
    private readonly NumberedLines _lines = new(log, settings.Numbers);
    private long _lastNumber;
    private volatile EndPointSet? _set;

    private TimeProvider Time => network.TimeProvider;

    /// <summary>Closes what listens, as the process ends at once: no file of a Unix socket is left behind.</summary>
    public void Close() => _set?.Close();

    /// <summary>Relays until <paramref name="stop"/> fires and every connection has ended.</summary>
    /// <exception cref="SocketException">One of the addresses cannot be listened on: then on none; or one failed for good.</exception>
    public async Task RunAsync(IEnumerable<Address> addresses, CancellationToken stop)
    {
        await using EndPointSet set = _set = await EndPointSet.OpenAsync(network, addresses, new ListenerOptions { Tls = settings.Tls, Observer = settings.ClientSide, IsForRelay = true }, stop);
        if (settings.ClientSide is { } observer)
            set.DatagramSockets.ToList().ForEach(socket => socket.Observe(observer));
        foreach (string name in set.Names)
            log.Write(new CliEvent(EventKind.Listening) { Address = name, Target = $"{target}" });
        if (settings.Faults is { } faults && faults.Plan != FaultPlan.None)
            log.Write(FaultNotices.Start(faults));

        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await using CancellationTokenRegistration stopping = end.Token.Register(OnStopping);
        List<Task> relaying = [.. set.DatagramSockets.Select(socket => new RelayedDatagrams(network, socket, target, settings, log).RunAsync(end.Token))];
        if (set.Listeners.Count > 0)
            relaying.Add(new Server(set.Listeners, RelayAsync, ServerOptions()).RunAsync(end.Token));

        // The first that ends, because it was told to or because its socket failed, ends the others.
        await Task.WhenAny(relaying);
        await end.CancelAsync();
        await Task.WhenAll(relaying);

        await _lines.SettleAsync();

        // The line that it stops comes before the line that it has.
        await stopping.DisposeAsync();
        if (settings.Faults is { } done && (done.Plan != FaultPlan.None || done.Statistics with { Connections = 0 } != default))
            log.Write(FaultNotices.End(done.Statistics));
        log.Write(new CliEvent(EventKind.Stopped));
    }

    private ServerOptions ServerOptions() => new()
    {
        ConnectionLimit = settings.Limit ?? Sockeye.ServerOptions.ConnectionLimitDefault,
        ConnectionLimitPerAddress = settings.LimitPerAddress,
        IdleTimeout = settings.IdleTimeout,
        DrainTimeout = settings.DrainTimeout,
        OnServing = log.IsOn ? OnServing : null,
        OnEnded = log.IsOn ? OnEnded : null,
        OnRefused = OnRefused,
        OnAcceptError = (listener, error) => log.Write(new CliEvent(EventKind.Notice) { Address = $"{listener.Address}", Message = error.Message }),
        OnError = error => log.Write(new CliEvent(EventKind.Notice) { Message = error.Message }),
    };

    /// <summary>The stop token is not looked at: what is under way has the time to drain, and is aborted by the server then.</summary>
    private async Task RelayAsync(Connection client, CancellationToken stop)
    {
        // Without events nobody has noted who it is.
        RelayedConnection? relayed = _connections.GetValueOrDefault(client);
        if (settings.Faults?.TryRefuse(client) == true)
        {
            relayed?.RefusedByFault();
            return;
        }

        await using Connection server = await ConnectAsync(client, relayed);
        RelayResult result = settings.Faults is { } faults
            ? await RelayAsync(faults.Wrap(client, server))
            : await Relay.RunAsync(client, server, CancellationToken.None);
        relayed?.Ended(result);
    }

    /// <summary>With faults in between: what they delay has gone when this ends.</summary>
    private static async Task<RelayResult> RelayAsync((Connection Client, Connection Target) faulty)
    {
        try
        {
            return await Relay.RunAsync(faulty.Client, faulty.Target, CancellationToken.None);
        }
        finally
        {
            await Task.WhenAll(faulty.Client.DisposeAsync().AsTask(), faulty.Target.DisposeAsync().AsTask());
        }
    }

    /// <exception cref="SocketException">The target does not answer: the server resets the client then, so that it learns.</exception>
    private async Task<Connection> ConnectAsync(Connection client, RelayedConnection? relayed)
    {
        try
        {
            ConnectorOptions options = settings.TargetSide is null ? _connecting : _connecting with { OnBehalfOf = client };
            if (target.Options.Proxy is not null)
                options = options with { ProxyHeader = ProxyHeader.For(client) };
            return await network.ConnectAsync(target, options, client.Closed);
        }
        catch (Exception e) when (e is SocketException or ProtocolException)
        {
            relayed?.Failed(e);
            throw;
        }
    }

    private void OnServing(Connection connection)
    {
        _connections[connection] = new RelayedConnection(connection, Interlocked.Increment(ref _lastNumber), $"{target}", Time.GetTimestamp());
    }

    private void OnEnded(Connection connection, EndReason reason, Exception? error)
    {
        if (_connections.TryRemove(connection, out RelayedConnection? relayed))
        {
            CliEvent left = relayed.Left(reason, error, Time);
            if (!settings.ShowsEnds || !RelayedConnection.IsSeen(left))
                _lines.Write(left, relayed.Socket);
        }
        else if (reason == EndReason.HandshakeFailed && Refusals.Handshake(connection, error) is { } refused)
        {
            log.Write(refused);
        }
    }

    private void OnRefused(Connection connection, RefusalReason reason) => log.Write(Refusals.Event(
        connection, reason, settings.Limit ?? Sockeye.ServerOptions.ConnectionLimitDefault, settings.LimitPerAddress));

    private void OnStopping() => log.Write(new CliEvent(EventKind.Stopping) { Count = _connections.Count });
}
