using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Sockeye.Hub.Gateways.Web;

/// <summary>The page's door: HTTP for its files, and a WebSocket for each page. Kestrel on the hub's network.</summary>
internal sealed class WebGateway(GatewayContext context) : IGateway
{
    private const string WebByDefault = "http://127.0.0.1:8080";

    private const string SecureWebByDefault = "https://127.0.0.1:8080";

    private readonly CancellationTokenSource _stopping = new();
    private WebApplication? _server;
    private TlsCertificate? _certificate;

    public async ValueTask<IReadOnlyList<string>> ListenAsync(CancellationToken cancellationToken)
    {
        if (context.Options.Web == HubOptions.Off)
            return [];
        string byDefault = context.Options.TlsCertificate is null ? WebByDefault : SecureWebByDefault;
        _server = await DoorAddress.OpenAsync(context.Options.Web, byDefault, context.Options, address => StartAsync(address, cancellationToken)).ConfigureAwait(false);
        string[] addresses = [.. _server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses];
        context.IsPageOnAll = InterfaceAddresses.IsOnAll(addresses[0]);
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
        _certificate?.Dispose();
        _stopping.Dispose();
    }

    private async ValueTask<WebApplication> StartAsync(Address address, CancellationToken cancellationToken)
    {
        WebDoor door = new(address.Host, context);
        if (address.IsTls)
            _certificate ??= LoadCertificate(address);
        WebKestrel kestrel = new(door, address, address.IsTls ? _certificate : null);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseSockeye(context.Network).ConfigureKestrel(kestrel.Configure);
        WebApplication server = builder.Build();
        WebRequests requests = new(door);
        server.UseWebSockets(new Microsoft.AspNetCore.Builder.WebSocketOptions
        {
            KeepAliveInterval = door.Limits.KeepAliveInterval,
            KeepAliveTimeout = door.Limits.KeepAliveTimeout,
        });
        server.Run(http => requests.AnswerAsync(http, _stopping.Token));
        try
        {
            await server.StartAsync(cancellationToken).ConfigureAwait(false);
            return server;
        }
        catch (IOException e) when (e.InnerException is AddressInUseException { InnerException: SocketException })
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw NetworksOwn(e);
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private TlsCertificate LoadCertificate(Address address) => context.Options.TlsCertificate is { } certificate
        ? TlsCertificate.LoadPem(certificate, context.Options.TlsKey)
        : throw new InvalidOperationException($"{address} needs a certificate and its key: --tls CERT KEY");

    /// <summary>What the network said, which knows who has the port, and what to try.</summary>
    private static SocketException NetworksOwn(IOException e) => (SocketException)e.InnerException!.InnerException!;
}
