using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Sockeye.AspNetCore.Tests.Handbook;

/// <summary>What docs/handbook/14-web.md shows.</summary>
public sealed class WebChapterTests
{
    static WebChapterTests() => QuietLogs.Set();

    [Fact]
    public async Task Kestrel_on_the_reactors()
    {
        string[] args = ["--urls=http://127.0.0.1:0"];
        // snippet: web-reactors
        await using LinuxNetwork network = new();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(args);
        builder.WebHost.UseSockeye(network);
        await using WebApplication app = builder.Build();
        app.MapGet("/", () => "hello");
        await app.StartAsync();
        // end snippet

        using HttpClient client = new();
        Assert.Equal("hello", await client.GetStringAsync(app.Urls.Single()));
    }

    [Fact]
    public async Task Addresses_with_options()
    {
        await using MemoryNetwork network = new();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        using TlsCertificate certificate = TlsCertificate.CreateSelfSigned(["shop.example"]);
        // snippet: web-listen
        builder.WebHost.UseSockeye(network, options => options.Listener = options.Listener with
        {
            Tls = new TlsServerOptions { Certificate = certificate, ApplicationProtocols = ["http/1.1"] },
        });
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen("tcp://127.0.0.1:80?proxy=v2");
            kestrel.Listen("tls://127.0.0.1:443");
            kestrel.Listen("unix:///run/shop.sock?mode=0660");
        });
        // end snippet
        await using WebApplication app = builder.Build();
        app.MapGet("/", (HttpContext http) => http.Request.Scheme);
        await app.StartAsync();

        // snippet: web-client
        HttpHandlerOptions options = new() { Target = "unix:///run/shop.sock" };
        using HttpClient client = new(network.CreateHttpHandler(options));
        string answer = await client.GetStringAsync("http://shop.example/");
        // end snippet

        Assert.Equal("http", answer);
        Assert.Equal(3, app.Urls.Count);
    }

    [Fact]
    public async Task A_test_in_memory()
    {
        // snippet: web-memory
        await using MemoryNetwork network = new();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseSockeye(network).UseUrls("http://localhost:80");
        await using WebApplication app = builder.Build();
        TaskCompletionSource asked = new(), left = new();
        app.MapGet("/wait", async (CancellationToken aborted) =>
        {
            await using (aborted.Register(left.SetResult))
            {
                asked.SetResult();
                await left.Task;
            }
        });
        await app.StartAsync();

        using HttpClient client = new(network.CreateHttpHandler());
        Task<string> asking = client.GetStringAsync("http://localhost/wait");
        await asked.Task;
        network.Conditions.Reset(_ => true);
        await left.Task;
        // end snippet

        await Assert.ThrowsAsync<HttpRequestException>(() => asking);
    }

    [Fact]
    public async Task A_WebSocket_in_memory()
    {
        await using MemoryNetwork network = new();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseSockeye(network).UseUrls("http://localhost:80");
        await using WebApplication app = builder.Build();
        app.UseWebSockets();
        app.Run(async http =>
        {
            using WebSocket accepted = await http.WebSockets.AcceptWebSocketAsync();
            await accepted.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
            await accepted.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        });
        await app.StartAsync();

        // snippet: web-websocket
        using HttpMessageInvoker invoker = new(network.CreateHttpHandler());
        using ClientWebSocket socket = new();
        await socket.ConnectAsync(new Uri("ws://localhost/"), invoker, CancellationToken.None);
        // end snippet

        byte[] buffer = new byte[100];
        ValueWebSocketReceiveResult received = await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
        Assert.Equal("hello", Encoding.UTF8.GetString(buffer, 0, received.Count));
    }

    [Fact]
    public async Task The_connection_below_a_request()
    {
        await using LinuxNetwork network = new();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseSockeye(network).UseUrls("http://127.0.0.1:0");
        await using WebApplication app = builder.Build();
        // snippet: web-feature
        app.MapGet("/rtt", (HttpContext http) =>
            http.Features.Get<Connection>()!.Socket!.GetTcpInfo().RoundTripTime.TotalMicroseconds);
        // end snippet
        await app.StartAsync();

        using HttpClient client = new();
        Assert.True(double.Parse(await client.GetStringAsync(app.Urls.Single() + "/rtt"), System.Globalization.CultureInfo.InvariantCulture) > 0);
    }
}
