namespace Sockeye;

/// <summary>The protocols that an address's scheme puts over a connected socket, from the socket up. Both sides of every network pass here.</summary>
internal static class ConnectionProtocols
{
    /// <exception cref="NotSupportedException">A protocol of the scheme is not built.</exception>
    public static void ThrowIfUnknown(Address address)
    {
        if (address.Scheme is "http" or "https")
            throw new NotSupportedException($"{address}: {address.Scheme} is not built yet; use {(address.IsTls ? "tls" : "tcp")}:// for now.");
    }

    /// <summary>The client's side: the connection that <paramref name="address"/> stands for, ready for its first byte.</summary>
    /// <param name="connection">The connected socket's; it is owned, and gone when this throws.</param>
    /// <param name="address">What was asked for.</param>
    /// <param name="options">What it was asked with.</param>
    /// <param name="cancellationToken">Ends the handshakes, and with them the connection.</param>
    public static async ValueTask<Connection> ConnectAsync(Connection connection, Address address, ConnectorOptions options, CancellationToken cancellationToken)
    {
        try
        {
            // PROXY is below everything: its header is the connection's first bytes.
            if (address.Options.Proxy is { } version)
                await ProxiedConnection.AnnounceAsync(connection, version, options.ProxyHeader ?? ProxyHeader.Local, cancellationToken).ConfigureAwait(false);
            if (address.IsTls)
            {
                connection = TlsConnection.CreateClient(connection, address, options);
                await connection.HandshakeAsync(cancellationToken).ConfigureAwait(false);
            }

            if (IsWebSocket(address))
                connection = await WebSocketConnection.ConnectAsync(connection, address, options, cancellationToken).ConfigureAwait(false);
            return connection;
        }
        catch (OperationCanceledException)
        {
            connection.Abort();
            throw;
        }
        catch
        {
            // In order: a reset would destroy the alert that tells the server why. It need not hold up whoever waits for the reason.
            _ = connection.DisposeAsync().AsTask().Observed();
            throw;
        }
    }

    /// <summary>Why the time to connect ran out on a socket that was connected; null where the scheme has no handshake above it.</summary>
    /// <param name="connection">The connected socket's.</param>
    /// <param name="address">What was asked for.</param>
    /// <param name="timeout">The time that there was for all of it.</param>
    public static SocketTimeoutException? TimedOut(Connection connection, Address address, TimeSpan timeout)
    {
        if (!address.IsTls && !IsWebSocket(address))
            return null;
        string protocol = address.IsTls ? "TLS" : "WebSocket", seconds = HandshakeLimit.Seconds(timeout);
        return new SocketTimeoutException(connection.BytesReceived == 0
            ? $"cannot speak {protocol} with {address}: it took the connection and said nothing within {seconds}; it may not speak {protocol}: try tcp://"
            : $"cannot speak {protocol} with {address}: the handshake was not done within {seconds}");
    }

    /// <exception cref="ArgumentException">What the scheme needs is not among the options.</exception>
    public static void ThrowIfUnprepared(Address address, ListenerOptions options)
    {
        ThrowIfUnknown(address);
        if (address.IsTls && options.Tls is null)
            throw new ArgumentException($"{address}: a TLS server needs a certificate: set ListenerOptions.Tls.", nameof(options));
    }

    /// <summary>
    /// The server's side: a listener whose connections speak what its address's scheme says. It must not make one peer wait for another's handshake,
    /// so what it gives out shakes hands when it is first used, or asked to by <see cref="Connection.HandshakeAsync"/>.
    /// </summary>
    public static Listener Listen(Listener listener, ListenerOptions options)
    {
        Address address = listener.Address;

        // The outermost keeps the time of all.
        TimeSpan tlsTimeout = IsWebSocket(address) ? Timeout.InfiniteTimeSpan : options.HandshakeTimeout;
        TimeSpan proxyTimeout = address.IsTls ? Timeout.InfiniteTimeSpan : tlsTimeout;
        TimeProvider time = listener.TimeProvider;
        if (address.Options.Proxy is { } versions)
            listener = new WrappingListener(listener, connection => new ProxiedConnection(connection, versions, proxyTimeout, time));
        if (address.IsTls)
        {
            StreamOptions streamOptions = AddressOptionsSetter.Merge<StreamOptions>(address, options);
            listener = new WrappingListener(listener, connection => TlsConnection.CreateServer(connection, options.Tls!, streamOptions, tlsTimeout));
        }

        if (IsWebSocket(address))
            listener = new WrappingListener(listener, connection => WebSocketConnection.Accept(connection, options, address.Path));
        return listener;
    }

    private static bool IsWebSocket(Address address) => address.Scheme is "ws" or "wss";
}
