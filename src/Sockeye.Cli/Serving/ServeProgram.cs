using System.Collections.Concurrent;
using System.Net.Sockets;
using Sockeye.Cli.Output;
using Sockeye.Cli.Services;

namespace Sockeye.Cli.Serving;

/// <summary>Serves one service on any number of addresses at once, and tells what happens.</summary>
internal sealed class ServeProgram(Network network, Service service, ServeSettings settings, EventLog log)
{
    private readonly ConcurrentDictionary<Connection, Client> _clients = new();
    private long _lastNumber;
    private volatile bool _isStopping;
    private volatile EndPointSet? _set;

    /// <summary>Serves until <paramref name="stop"/> fires and every connection has ended.</summary>
    /// <exception cref="SocketException">One of the addresses cannot be listened on: then on none; or one failed for good.</exception>
    public async Task RunAsync(IEnumerable<Address> addresses, CancellationToken stop)
    {
        await using EndPointSet set = _set = await EndPointSet.OpenAsync(network, addresses, new ListenerOptions { Tls = settings.Tls, WebSocket = settings.WebSocket }, stop);
        foreach (string name in set.Names)
            log.Write(new CliEvent(EventKind.Listening) { Address = name });

        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await using CancellationTokenRegistration stopping = end.Token.Register(OnStopping);
        List<Task> serving = [.. set.DatagramSockets.Select(socket => ServeAsync(socket, end.Token))];
        if (set.Listeners.Count > 0)
            serving.Add(new Server(set.Listeners, ServeAsync, ServerOptions()).RunAsync(end.Token));

        // The first that ends, because it was told to or because its socket failed, ends the others.
        await Task.WhenAny(serving);
        await end.CancelAsync();
        await Task.WhenAll(serving);
        log.Write(new CliEvent(EventKind.Stopped));
    }

    /// <summary>Closes what listens, as the process ends at once: no file of a Unix socket is left behind.</summary>
    public void Close() => _set?.Close();

    private ServerOptions ServerOptions() => new()
    {
        ConnectionLimit = settings.ConnectionLimit,
        ConnectionLimitPerAddress = settings.ConnectionLimitPerAddress,
        IdleTimeout = settings.IdleTimeout,
        DrainTimeout = settings.DrainTimeout,
        OnServing = OnServing,
        OnEnded = OnEnded,
        OnRefused = OnRefused,
        OnAcceptError = (listener, error) => log.Write(new CliEvent(EventKind.Notice) { Address = $"{listener.Address}", Message = error.Message }),
        OnError = error => log.Write(new CliEvent(EventKind.Notice) { Message = error.Message }),
    };

    private async Task ServeAsync(Connection connection, CancellationToken stop)
    {
        Client client = _clients[connection];
        await (client.Messages is { } messages ? service.ServeAsync(messages, stop) : service.ServeAsync(connection, stop));
        using CancellationTokenSource limit = new(settings.DrainTimeout, network.TimeProvider);
        await client.EndServingAsync(stop.IsCancellationRequested, limit.Token);
    }

    private Task ServeAsync(DatagramSocket socket, CancellationToken stop) => DatagramServer.RunAsync(
        socket,
        ServeAsync,
        new DatagramServerOptions
        {
            ConcurrencyMax = 1, // answers leave in the order of the questions
            DrainTimeout = settings.DrainTimeout,
            OnError = OnDatagramError,
        },
        stop);

    private ValueTask ServeAsync(ServedDatagram datagram, CancellationToken stop)
    {
        if (log.IsOn)
            log.Write(Event(EventKind.Received, datagram) with { Bytes = datagram.Bytes.Length, Preview = Client.Preview(datagram.Bytes.Span) });
        return service.ServeAsync(datagram, stop);
    }

    private void OnServing(Connection connection)
    {
        Client client = new(connection, Interlocked.Increment(ref _lastNumber), network.TimeProvider, log);
        _clients[connection] = client;
        log.Write(client.Event(EventKind.Connected) with { Tls = Client.TlsVersion(connection) });
    }

    private void OnEnded(Connection connection, EndReason reason, Exception? error)
    {
        if (_clients.TryRemove(connection, out Client? client))
            log.Write(client.Left(reason, error, _isStopping));
        else if (reason == EndReason.HandshakeFailed && Refusals.Handshake(connection, error) is { } refused)
            log.Write(refused);
    }

    private void OnRefused(Connection connection, RefusalReason reason) =>
        log.Write(Refusals.Event(connection, reason, settings.ConnectionLimit, settings.ConnectionLimitPerAddress));

    private void OnDatagramError(ServedDatagram? datagram, Exception error)
    {
        CliEvent notice = datagram is null ? new CliEvent(EventKind.Notice) : Event(EventKind.Notice, datagram);
        log.Write(notice with { Message = error.Message });
    }

    private void OnStopping()
    {
        _isStopping = true;
        log.Write(new CliEvent(EventKind.Stopping) { Count = _clients.Count });
    }

    private static CliEvent Event(EventKind kind, ServedDatagram datagram) => new(kind)
    {
        Address = $"{datagram.Socket.Address}",
        Peer = Client.Name(datagram.CanReply ? datagram.RemoteEndPoint : null, datagram.Socket.Socket),
    };
}
