using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Sockeye.AspNetCore.Tests.Serving;

namespace Sockeye.AspNetCore.Tests;

/// <summary>HttpClient on a network.</summary>
public abstract class HttpHandlerTests(NetworkFixture fixture) : NetworkTests(fixture)
{
    private static readonly TlsCertificate Certificate = TlsCertificate.CreateSelfSigned();

    [Fact]
    public async Task A_refusal_says_where_and_what_to_try()
    {
        int port = RefusingPort();
        using HttpClient client = new(Network.CreateHttpHandler());

        HttpRequestException e = await Assert.ThrowsAsync<HttpRequestException>(() => WithinAsync(client.GetStringAsync($"http://127.0.0.1:{port}/")));

        SocketException reason = Assert.IsType<SocketException>(e.InnerException);
        Assert.Equal(SocketError.ConnectionRefused, reason.SocketErrorCode);
        Assert.StartsWith($"cannot connect to tcp://127.0.0.1:{port}: refused; ", reason.Message, StringComparison.Ordinal);
        Assert.Contains(reason.Message, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_address_of_a_name_is_tried()
    {
        await using TestServer server = await TestServer.StartAsync(Fixture, http => http.Response.WriteAsync(http.Request.Host.Value!));
        using HttpClient client = new(Network.CreateHttpHandler());

        // Only 127.0.0.1 listens.
        Assert.Equal($"localhost:{server.Address.Port}", await WithinAsync(client.GetStringAsync($"http://localhost:{server.Address.Port}/")));
    }

    [Fact]
    public async Task Https_is_verified_by_the_name_that_was_asked_for()
    {
        await using TestServer server = await StartHttpsAsync();
        using SocketsHttpHandler trusting = Handler("https"), strict = Network.CreateHttpHandler();
        using HttpClient client = new(trusting), stranger = new(strict);

        Assert.Equal($"https 127.0.0.1:{server.Address.Port}", await WithinAsync(client.GetStringAsync(server.Address)));
        HttpRequestException e = await Assert.ThrowsAsync<HttpRequestException>(() => WithinAsync(stranger.GetStringAsync(server.Address)));
        Assert.IsType<AuthenticationException>(e.InnerException);
    }

    /// <summary>The TLS of the target is ours, and no matter of the URI's.</summary>
    [Fact]
    public async Task A_target_may_be_TLS_by_itself()
    {
        await using TestServer server = await StartHttpsAsync();
        using HttpClient client = new(Network.CreateHttpHandler(new HttpHandlerOptions { Target = $"tls://127.0.0.1:{server.Address.Port}", Connector = Trusting }));

        Assert.Equal("https shop.test", await WithinAsync(client.GetStringAsync("http://shop.test/")));
    }

    [Theory]
    [InlineData("http", "tcp")]
    [InlineData("https", "tls")]
    public async Task A_server_that_resets_is_told(string scheme, string listens)
    {
        await using Listener listener = await Network.ListenAsync($"{listens}://127.0.0.1:0", new ListenerOptions { Tls = listens == "tls" ? new TlsServerOptions { Certificate = Certificate } : null });
        using HttpClient client = new(Handler(scheme));
        Task<string> asking = client.GetStringAsync($"{scheme}://127.0.0.1:{listener.Address.Port}/");
        await using Connection connection = (await WithinAsync(listener.AcceptAsync()))!;
        await WithinAsync(connection.Input.ReadAsync());
        connection.Abort();

        await Assert.ThrowsAsync<HttpRequestException>(() => WithinAsync(asking));
    }

    [Fact]
    public async Task A_connect_is_given_up_with_its_request()
    {
        TaskCompletionSource connecting = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using SocketsHttpHandler handler = Network.CreateHttpHandler(new HttpHandlerOptions { Connector = new ConnectorOptions { Observer = new OpeningObserver(connecting) } });
        using HttpClient client = new(handler);
        await using Listener listener = await Network.ListenAsync("tcp://127.0.0.1:0");
        using CancellationTokenSource give = new();
        Task<string> asking = client.GetStringAsync($"http://127.0.0.1:{listener.Address.Port}/", give.Token);
        await WithinAsync(connecting.Task);
        await give.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => WithinAsync(asking));
    }

    [Theory]
    [InlineData("http")]
    [InlineData("https")]
    public async Task Disposing_a_handler_waits_for_no_server(string scheme)
    {
        await using TestServer server = scheme == "https" ? await StartHttpsAsync() : await TestServer.StartAsync(Fixture, http => http.Response.WriteAsync("hello"));
        SocketsHttpHandler handler = Handler(scheme, new HttpHandlerOptions { Connector = new ConnectorOptions { LingerTimeout = TimeSpan.FromDays(1) } });
        using HttpClient client = new(handler);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => WithinAsync(client.GetStringAsync(server.Address))));

        await WithinAsync(Task.Run(handler.Dispose));
    }

    [Fact]
    public void No_proxy_is_looked_for()
    {
        using SocketsHttpHandler handler = Network.CreateHttpHandler();
        Assert.False(handler.UseProxy);
    }

    private static ConnectorOptions Trusting => new() { Tls = new TlsClientOptions { TrustedRoots = [Certificate.Certificate], HandshakeTimeout = Hang.Limit } };

    private Task<TestServer> StartHttpsAsync() => TestServer.StartAsync(
        Fixture, http => http.Response.WriteAsync($"{http.Request.Scheme} {http.Request.Host}"), listen => listen.UseHttps(Certificate.Certificate));

    private SocketsHttpHandler Handler(string scheme, HttpHandlerOptions? options = null)
    {
        SocketsHttpHandler handler = Network.CreateHttpHandler(options);
        if (scheme == "https")
            handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { Certificate.Certificate }, RevocationMode = X509RevocationMode.NoCheck };
        return handler;
    }

    private int RefusingPort()
    {
        using NetworkSocket socket = Network.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private sealed class OpeningObserver(TaskCompletionSource opened) : SocketObserver
    {
        public override void Opened(NetworkSocket socket) => opened.TrySetResult();
    }
}
