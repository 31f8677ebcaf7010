namespace Sockeye;

/// <summary>The protocols that an address's scheme puts over a connected socket, from the socket up. Both sides of every network pass here.</summary>
internal static class ConnectionProtocols
{
    /// <exception cref="NotSupportedException">A protocol of the scheme is not built.</exception>
    public static void ThrowIfUnknown(Address address)
    {
        if (address.IsTls)
            throw new NotSupportedException($"{address}: TLS is not built yet; use tcp:// for now.");
        if (address.Scheme is "http" or "https")
            throw new NotSupportedException($"{address}: {address.Scheme} is not built yet; use tcp:// for now.");
    }

    /// <summary>The client's side: the connection that <paramref name="address"/> stands for, ready for its first byte.</summary>
    /// <param name="connection">The connected socket's; it is owned, and gone when this throws.</param>
    /// <param name="address">What was asked for.</param>
    /// <param name="options">What it was asked with.</param>
    /// <param name="cancellationToken">Ends the handshakes, and with them the connection.</param>
    public static async ValueTask<Connection> ConnectAsync(Connection connection, Address address, ConnectorOptions options, CancellationToken cancellationToken)
    {
        if (IsWebSocket(address))
            connection = await WebSocketConnection.ConnectAsync(connection, address, options, cancellationToken).ConfigureAwait(false);
        return connection;
    }

    /// <summary>
    /// The server's side: a listener whose connections speak what its address's scheme says. It must not make one peer wait for another's handshake,
    /// so what it gives out shakes hands when it is first used, or asked to by <see cref="Connection.HandshakeAsync"/>.
    /// </summary>
    public static Listener Listen(Listener listener, ListenerOptions options)
    {
        if (IsWebSocket(listener.Address))
            listener = new WebSocketListener(listener, options);
        return listener;
    }

    private static bool IsWebSocket(Address address) => address.Scheme is "ws" or "wss";
}
