using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Sockeye.Eye.Serving;

namespace Sockeye.Eye;

/// <summary>The page of the eye: what an <see cref="EyeRecorder"/> keeps, in the browsers that look at it, while it happens. docs/eye-web.md has what they say to each other.</summary>
public sealed class EyePage : IAsyncDisposable
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(2);

    private readonly WebApplication _server;
    private readonly TimeProvider _time;
    private readonly EyeVisitors _visitors;
    private readonly CancellationTokenSource _stopping = new();

    private EyePage(WebApplication server, TimeProvider time) => (_server, _time, _visitors) = (server, time, new EyeVisitors(time));

    /// <summary>Where the page is, as a browser opens it: with the token, if one is needed. Whoever has the link may look.</summary>
    public string Link { get; private set; } = "";

    /// <summary>Where the page is, without a token.</summary>
    public string Address { get; private set; } = "";

    /// <summary>Whether a browser looks, or another program asks, or has until a few seconds ago.</summary>
    public bool IsLookedAt => _visitors.AreHere;

    /// <summary>Serves the page.</summary>
    /// <param name="options">What it shows, and where.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="FormatException">The address is none.</exception>
    /// <exception cref="NotSupportedException">It is no <c>http://</c> address, or it is beyond this machine and secrets are not masked.</exception>
    /// <exception cref="SocketException">Nothing can listen there; the message says what to try.</exception>
    public static async Task<EyePage> StartAsync(EyePageOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        EyeAddress address = EyeAddress.Parse(options.Address);
        if (options.Recorder.Options.ShowSecrets && !address.IsLoopback)
            throw new NotSupportedException($"A page that shows secrets is for this machine alone, and {options.Address} is open to others: http://127.0.0.1:8090, for example, is not.");
        EyeToken? token = address.IsLoopback ? null : EyeToken.Create();
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, address));
        WebApplication server = builder.Build();
        EyePage page = new(server, options.TimeProvider);
        EyeRequests requests = new(options, new EyeGuard(address, token), page._visitors);
        server.UseWebSockets(new Microsoft.AspNetCore.Builder.WebSocketOptions { KeepAliveInterval = EyeLimits.KeepAliveInterval, KeepAliveTimeout = EyeLimits.KeepAliveTimeout });
        server.Run(http => requests.AnswerAsync(http, page._stopping.Token));
        try
        {
            await server.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            await page.DisposeAsync().ConfigureAwait(false);
            if (e is SocketException or IOException { InnerException: AddressInUseException or SocketException })
                throw await address.ExplainAsync(e, cancellationToken).ConfigureAwait(false);
            throw;
        }

        string bound = server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        page.Address = address.ToVisit(new Uri(bound.Replace("[::]", "localhost", StringComparison.Ordinal)).Port);
        page.Link = token is null ? page.Address : $"{page.Address}?token={token.Text}";
        return page;
    }

    /// <summary>Waits until no browser looks any more, and none has come back within a few seconds; at once if nobody does. The page goes on.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task WaitUntilLeftAsync(CancellationToken cancellationToken = default) => _visitors.WaitUntilLeftAsync(cancellationToken);

    /// <summary>Closes the page; browsers that look are told what has happened until now, and so.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested)
            return;
        await _stopping.CancelAsync().ConfigureAwait(false);
        using CancellationTokenSource deadline = new(StopTimeout, _time);
        await _server.StopAsync(deadline.Token).ConfigureAwait(false);
        await _server.DisposeAsync().ConfigureAwait(false);
        _stopping.Dispose();
    }

    private static void Configure(KestrelServerOptions kestrel, EyeAddress address)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = EyeLimits.RequestBytesMax;
        kestrel.Limits.MaxRequestHeadersTotalSize = EyeLimits.HeaderBytesMax;
        kestrel.Limits.MaxRequestLineSize = EyeLimits.RequestLineBytesMax;
        kestrel.Limits.RequestHeadersTimeout = EyeLimits.HeaderTimeout;
        kestrel.Limits.KeepAliveTimeout = EyeLimits.RestTimeout;
        kestrel.Limits.MaxConcurrentConnections = EyeLimits.ConnectionsMax;
        kestrel.Limits.MaxConcurrentUpgradedConnections = EyeLimits.ConnectionsMax;
        switch (address.EndPoint)
        {
            case IPEndPoint ip:
                kestrel.Listen(ip, Listen);
                break;
            case null:
                kestrel.ListenAnyIP(address.Port, Listen);
                break;
            default:
                kestrel.ListenLocalhost(address.Port, Listen);
                break;
        }
    }

    private static void Listen(ListenOptions listen) => listen.Protocols = HttpProtocols.Http1;
}
