using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Sockeye.AspNetCore.Tests;

/// <summary>A web application on Kestrel on a fixture's network.</summary>
public sealed class TestServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private TestServer(WebApplication application) => _application = application;

    /// <summary>Where it listens, as Kestrel says it.</summary>
    public Uri[] Addresses => [.. _application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(text => new Uri(text))];

    public Uri Address => Addresses[0];

    /// <summary>Starts one whose every request goes to <paramref name="answer"/>.</summary>
    /// <param name="fixture">The network.</param>
    /// <param name="answer">The application.</param>
    /// <param name="listen">How the end point speaks; null for HTTP/1.1 and HTTP/2 as Kestrel has them.</param>
    /// <param name="kestrel">Other end points than a free port of the loopback.</param>
    /// <param name="options">The transport's.</param>
    public static async Task<TestServer> StartAsync(
        NetworkFixture fixture, RequestDelegate answer, Action<Microsoft.AspNetCore.Server.Kestrel.Core.ListenOptions>? listen = null,
        Action<KestrelServerOptions>? kestrel = null, Action<SockeyeTransportOptions>? options = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        fixture.Use(builder.WebHost, options);
        builder.WebHost.ConfigureKestrel(server =>
        {
            server.Limits.MaxRequestBodySize = null;

            // A test that rests on a loaded machine is no slow peer.
            server.Limits.MinRequestBodyDataRate = server.Limits.MinResponseDataRate = null;
            server.Limits.RequestHeadersTimeout = server.Limits.KeepAliveTimeout = Hang.Limit;
            if (kestrel is null)
                server.Listen(new IPEndPoint(IPAddress.Loopback, 0), listen ?? (_ => { }));
            else
                kestrel(server);
        });
        WebApplication application = builder.Build();
        application.UseWebSockets();
        application.Run(answer);
        await application.StartAsync();
        return new TestServer(application);
    }

    /// <summary>Stops it in order, until <paramref name="hard"/> is cancelled.</summary>
    public Task StopAsync(CancellationToken hard = default) => _application.StopAsync(hard);

    public ValueTask DisposeAsync() => _application.DisposeAsync();
}
