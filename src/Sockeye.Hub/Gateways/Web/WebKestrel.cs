using System.Net;
using System.Security.Authentication;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Sockeye.Hub.Gateways.Web;

/// <summary>How Kestrel is set up for the page: where it listens, with TLS or without, and how much it takes.</summary>
/// <param name="door">What all pages share.</param>
/// <param name="address">Where it listens.</param>
/// <param name="certificate">What it shows of itself by TLS; null: no TLS.</param>
internal sealed class WebKestrel(WebDoor door, Address address, TlsCertificate? certificate)
{
    public void Configure(KestrelServerOptions kestrel)
    {
        WebLimits limits = door.Limits;
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = 0;
        kestrel.Limits.MaxRequestHeadersTotalSize = limits.HeaderBytesMax;
        kestrel.Limits.MaxRequestLineSize = limits.RequestLineBytesMax;
        kestrel.Limits.RequestHeadersTimeout = limits.HeaderTimeout;
        kestrel.Limits.KeepAliveTimeout = limits.RestTimeout;
        if (address.EndPoint is IPEndPoint ip)
            kestrel.Listen(ip, Listen);
        else if (address.Host == "*")
            kestrel.ListenAnyIP(address.Port, Listen);
        else
            kestrel.ListenLocalhost(address.Port, Listen);
    }

    private void Listen(ListenOptions listen)
    {
        // HTTP/2 needs TLS in browsers, and WebSockets over it gain nothing here.
        listen.Protocols = HttpProtocols.Http1;
        listen.Use(next => connection => CountAsync(connection, next));
        if (certificate is not null)
        {
            listen.UseHttps(new HttpsConnectionAdapterOptions
            {
                ServerCertificate = certificate.Certificate,
                ServerCertificateChain = certificate.Chain,
                SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                HandshakeTimeout = door.Limits.HeaderTimeout,
            });
        }
    }

    /// <summary>Connections beyond the limit are closed before anything is read from them, or a TLS handshake is computed.</summary>
    private async Task CountAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (!door.Connections.TryEnter(connection.RemoteEndPoint, out _))
        {
            connection.Abort();
            return;
        }

        try
        {
            await next(connection).ConfigureAwait(false);
        }
        finally
        {
            door.Connections.Leave(connection.RemoteEndPoint);
        }
    }
}
