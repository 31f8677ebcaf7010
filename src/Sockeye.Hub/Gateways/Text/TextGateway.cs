using System.Net;
using System.Net.Sockets;
using Sockeye.Hub.Domain;

namespace Sockeye.Hub.Gateways.Text;

/// <summary>The plain-text door: TCP or TLS, and a Unix socket, for telnet, nc and whatever else reads and writes lines.</summary>
internal sealed class TextGateway(GatewayContext context) : IGateway
{
    private const string TextByDefault = "tcp://127.0.0.1:8888";
    private const string TlsByDefault = "tls://127.0.0.1:8888";

    private readonly TextDoor _door = new(context);
    private readonly List<Listener> _listeners = [];
    private readonly ConnectionLimits _limits = new(
        context.Options.TextConnectionsMax, context.Options.TextConnectionsPerAddressMax, context.Options.LimitsLoopback);

    private readonly HandshakeLimits _handshakes = new(context.Options.TextConnectionsPerAddressMax, context.Options.LimitsLoopback);

    private readonly Lock _lock = new();
    private TokenBucket _plainClients;
    private TlsCertificate? _certificate;

    public async ValueTask<IReadOnlyList<string>> ListenAsync(CancellationToken cancellationToken)
    {
        HubOptions options = context.Options;
        ValueTask<Listener> Open(Address address) => context.Network.ListenAsync(address, OptionsFor(address), cancellationToken);
        if (options.Text != HubOptions.Off)
            _listeners.Add(await DoorAddress.OpenAsync(options.Text, options.TlsCertificate is null ? TextByDefault : TlsByDefault, options, Open).ConfigureAwait(false));
        if (options.Unix is { } unix && unix != HubOptions.Off)
            _listeners.Add(await Open(Address.Parse(unix)).ConfigureAwait(false));
        return [.. _listeners.SelectMany(listener => DoorAddress.NamesOf(listener.Address, listener.LocalEndPoints))];
    }

    public async Task RunAsync(CancellationToken stop)
    {
        if (_listeners.Count == 0)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, context.Network.TimeProvider, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }

        using AcceptTrouble trouble = new(_door.Time, notice => context.Options.OnNotice?.Invoke(notice));
        ServerOptions options = new()
        {
            ConnectionLimit = checked(context.Options.TextConnectionsMax + TextDoor.RefusalsMax),
            DrainTimeout = context.Options.DrainTimeout,
            OnAcceptError = (_, error) => trouble.Failed(error.Message),
            OnError = error => context.Options.OnNotice?.Invoke(error.Message),
            Verify = (connection, _) => ValueTask.FromResult(_handshakes.TryBegin(connection)),
            OnEnded = (connection, _, error) => Ended(connection, error),

            // The listener's own comes first, and says why.
            HandshakeTimeout = 2 * TextDoor.HandshakeTimeout,
        };
        await new Server(_listeners, ServeAsync, options).RunAsync(stop).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Listener listener in _listeners)
            await listener.DisposeAsync().ConfigureAwait(false);
        _certificate?.Dispose();
    }

    private ListenerOptions OptionsFor(Address address)
    {
        if (!address.IsTls)
            return new ListenerOptions();
        _certificate ??= TlsCertificate.LoadPem(context.Options.TlsCertificate!, context.Options.TlsKey);
        return new ListenerOptions { HandshakeTimeout = TextDoor.HandshakeTimeout, Tls = new TlsServerOptions { Certificate = _certificate } };
    }

    private async Task ServeAsync(Connection connection, CancellationToken stop)
    {
        _handshakes.End(connection);
        EndPoint? remote = connection.RemoteEndPoint;
        if (_limits.TryEnter(remote, out string? refusal))
        {
            try
            {
                await new TextClient(_door, connection).RunAsync().ConfigureAwait(false);
            }
            finally
            {
                _limits.Leave(remote);
            }
        }
        else
        {
            await TextClient.RefuseAsync(connection, _door, refusal).ConfigureAwait(false);
        }
    }

    /// <summary>That peers reset, vanish or speak another protocol is no news.</summary>
    private void Ended(Connection connection, Exception? error)
    {
        _handshakes.End(connection);
        if (error is TlsException { Failure: TlsFailure.NotTls } or SocketTimeoutException && connection.Layer<TlsConnection>() is not null)
            TellOfPlainClient(connection);
        if (error is not (null or SocketException or ProtocolException or OperationCanceledException))
            context.Options.OnNotice?.Invoke($"a fault in the hub itself: {error.GetType().Name}: {error.Message}");
    }

    /// <summary>A plain client at a door with TLS sees nothing at all, and cannot be told why. So the hub's own people are, now and then.</summary>
    private void TellOfPlainClient(Connection connection)
    {
        lock (_lock)
        {
            if (!_plainClients.TryTake(TextDoor.PlainClientNotices, _door.Time.GetUtcNow()))
                return;
        }

        context.Options.OnNotice?.Invoke(
            $"tls://{connection.LocalEndPoint}: {connection.RemoteEndPoint} came without TLS, or said nothing for {TextDoor.HandshakeTimeout.TotalSeconds:0} s; "
            + $"this door needs a client that speaks TLS, as in: openssl s_client -quiet -connect {connection.LocalEndPoint}");
    }
}
