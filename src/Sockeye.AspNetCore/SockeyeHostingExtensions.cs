using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Sockeye;

/// <summary>Puts a network of Sockeye under Kestrel.</summary>
public static class SockeyeHostingExtensions
{
    /// <summary>
    /// Kestrel listens on <paramref name="network"/> for everything that it is told to listen at: IP end points, <c>localhost</c>, any address, Unix sockets.
    /// What other transports are for (named pipes, handles, QUIC) stays theirs.
    /// </summary>
    /// <param name="builder">Of a host whose server is Kestrel.</param>
    /// <param name="network">Where it listens. The caller's: it lives on when the server stops.</param>
    /// <param name="configure">Sets the options.</param>
    public static IWebHostBuilder UseSockeye(this IWebHostBuilder builder, Network network, Action<SockeyeTransportOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(network);
        return builder.ConfigureServices(services =>
        {
            if (configure is not null)
                services.Configure(configure);

            // Kestrel asks the transport that was added last first.
            services.AddSingleton<IConnectionListenerFactory>(provider => ActivatorUtilities.CreateInstance<NetworkListenerFactory>(provider, network));
        });
    }

    /// <summary>
    /// Kestrel listens at an address of Sockeye, with all that its options say: <c>unix:///run/my.sock?mode=0660</c>, <c>tcp://*:80?proxy=v2</c>,
    /// <c>tls://*:443</c>. Needs <see cref="UseSockeye"/>. What comes before the first byte, a PROXY header or TLS
    /// (<see cref="ListenerOptions.Tls"/> of <see cref="SockeyeTransportOptions.Listener"/>), is done before the application sees the connection, which has ASP.NET Core's
    /// features of TLS then.
    /// </summary>
    /// <param name="kestrel">Kestrel's options.</param>
    /// <param name="address">Where to listen.</param>
    /// <param name="configure">Sets the options of what listens there.</param>
    /// <exception cref="ArgumentException">The address takes no connections of plain bytes (<c>udp</c>, <c>ws</c>, …).</exception>
    public static void Listen(this KestrelServerOptions kestrel, Address address, Action<Microsoft.AspNetCore.Server.Kestrel.Core.ListenOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(kestrel);
        ArgumentNullException.ThrowIfNull(address);
        kestrel.Listen(new AddressEndPoint(address), listen =>
        {
            listen.Use(next => connection => HandshakeMiddleware.RunAsync(connection, next));
            configure?.Invoke(listen);
        });
    }
}
