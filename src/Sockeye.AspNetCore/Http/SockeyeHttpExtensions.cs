namespace Sockeye;

/// <summary>Puts a network of Sockeye under HttpClient.</summary>
public static class SockeyeHttpExtensions
{
    /// <summary>
    /// A handler for <see cref="HttpClient"/>, or for the <see cref="HttpMessageInvoker"/> of a <see cref="System.Net.WebSockets.ClientWebSocket"/>, that connects on
    /// <paramref name="network"/>: names are resolved there and their addresses raced, and no proxy is looked for. Everything else, TLS to <c>https</c> too, is
    /// .NET's own; set it on the handler. A connect that fails is an <see cref="HttpRequestException"/> around the <see cref="System.Net.Sockets.SocketException"/>, whose
    /// message says where and what to try.
    /// </summary>
    /// <param name="network">Where it connects. The caller's: it lives on when the handler is disposed.</param>
    /// <param name="options">Null for the URI's own hosts.</param>
    public static SocketsHttpHandler CreateHttpHandler(this Network network, HttpHandlerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        options ??= HttpHandlerOptions.Default;

        // .NET closes these streams without waiting, hundreds in a row.
        ConnectorOptions connector = options.Connector with { LingerTimeout = TimeSpan.Zero };
        return new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (context, cancellationToken) =>
            {
                Address address = options.Target ?? Address.FromEndPoint(context.DnsEndPoint);
                Connection connection = await network.ConnectAsync(address, connector, cancellationToken).ConfigureAwait(false);
                return connection.AsStream();
            },
        };
    }
}
