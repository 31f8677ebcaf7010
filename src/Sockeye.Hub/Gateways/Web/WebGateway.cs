using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Sockeye.Hub.Gateways.Web;

/// <summary>The page's door: HTTP for its files, and a WebSocket for each page. On stock Kestrel.</summary>
internal sealed class WebGateway(GatewayContext context) : IGateway
{
    private const string WebByDefault = "http://127.0.0.1:8080";

    private static readonly TimeSpan KeepAliveInterval = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan KeepAliveTimeout = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _stopping = new();
    private WebApplication? _server;

    public async ValueTask<IReadOnlyList<string>> ListenAsync(CancellationToken cancellationToken)
    {
        if (context.Options.Web == HubOptions.Off)
            return [];
        _server = await DoorAddress.OpenAsync(context.Options.Web, WebByDefault, context.Options, address => StartAsync(address, cancellationToken)).ConfigureAwait(false);
        string[] addresses = [.. _server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses];
        context.PageAddress = InterfaceAddresses.OnLoopback(addresses[0]);
        return addresses;
    }

    public async Task RunAsync(CancellationToken stop)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, context.Network.TimeProvider, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_server is null)
            return;
        using CancellationTokenSource deadline = new(context.Options.DrainTimeout, context.Network.TimeProvider);
        await using (deadline.Token.Register(_stopping.Cancel).ConfigureAwait(false))
            await _server.StopAsync(deadline.Token).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        if (_server is not null)
            await _server.DisposeAsync().ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async ValueTask<WebApplication> StartAsync(Address address, CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, address));
        WebApplication server = builder.Build();
        WebRequests requests = new(context, new WebDoor(address.Host, context.Options));
        server.UseWebSockets(new Microsoft.AspNetCore.Builder.WebSocketOptions { KeepAliveInterval = KeepAliveInterval, KeepAliveTimeout = KeepAliveTimeout });
        server.Run(http => requests.AnswerAsync(http, _stopping.Token));
        try
        {
            await server.StartAsync(cancellationToken).ConfigureAwait(false);
            return server;
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw await ExplainTakenAsync(address, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Kestrel does not say who has the port; our own listener does.</summary>
    private async ValueTask<SocketException> ExplainTakenAsync(Address address, CancellationToken cancellationToken)
    {
        try
        {
            await using Listener none = await context.Network.ListenAsync(Address.FromEndPoint(address.EndPoint), cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return e;
        }

        return new SocketException((int)SocketError.AddressAlreadyInUse, $"Cannot listen at {address}: another program had the port. Try again, or choose another.");
    }

    private static void Configure(KestrelServerOptions kestrel, Address address)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = 0;
        kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        kestrel.Limits.MaxRequestLineSize = 4 * 1024;
        if (address.EndPoint is IPEndPoint ip)
            kestrel.Listen(ip, Listen);
        else if (address.Host == "*")
            kestrel.ListenAnyIP(address.Port, Listen);
        else
            kestrel.ListenLocalhost(address.Port, Listen);

        // HTTP/2 needs TLS in browsers, and WebSockets over it gain nothing here.
        static void Listen(ListenOptions options) => options.Protocols = HttpProtocols.Http1;
    }
}
