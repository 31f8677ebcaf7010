using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Sockeye.Bench;

/// <summary>Kestrel: an echo as a connection handler, or a plaintext response over HTTP.</summary>
internal static class KestrelEcho
{
    private static readonly byte[] Greeting = [.. "Hello, World!"u8];

    /// <summary>Starts a server on one of <see cref="KestrelTransports"/> and returns its port; 0 when it has a path.</summary>
    public static async Task<int> StartAsync(string transport, EchoPlace place)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        KestrelTransports.Use(builder.WebHost, transport);
        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, place));
        WebApplication application = builder.Build();
        application.Run(GreetAsync);
        await application.StartAsync();
        return place.Path is null ? new Uri(application.Urls.Single()).Port : 0;
    }

    private static void Listen(KestrelServerOptions kestrel, EchoPlace place)
    {
        if (place.Path is not null)
            kestrel.ListenUnixSocket(place.Path, Handle);
        else
            kestrel.Listen(IPAddress.Loopback, 0, Handle);

        void Handle(ListenOptions options)
        {
            if (place.Scheme == "http")
                options.Protocols = HttpProtocols.Http1;
            else
                options.UseConnectionHandler<KestrelEchoHandler>();
        }
    }

    private static Task GreetAsync(HttpContext context)
    {
        context.Response.ContentType = "text/plain";
        context.Response.ContentLength = Greeting.Length;
        return context.Response.Body.WriteAsync(Greeting).AsTask();
    }
}
