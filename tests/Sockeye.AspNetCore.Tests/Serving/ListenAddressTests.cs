using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Sockeye.AspNetCore.Tests.Serving;

/// <summary>Kestrel at addresses of Sockeye, whose options are done before it sees a connection.</summary>
public abstract class ListenAddressTests(NetworkFixture fixture) : NetworkTests(fixture)
{
    private static readonly TlsCertificate Certificate = TlsCertificate.CreateSelfSigned();

    [Fact]
    public async Task Our_own_TLS_is_told_as_ASP_NET_Core_asks_for_it()
    {
        using TlsCertificate shown = TlsCertificate.CreateSelfSigned(["client"]);
        await using TestServer server = await StartAsync("tls://127.0.0.1:0", new TlsServerOptions { Certificate = Certificate, ClientRoots = [shown.Certificate], ApplicationProtocols = ["http/1.1"] }, http =>
        {
            ITlsHandshakeFeature tls = http.Features.Get<ITlsHandshakeFeature>()!;
            Assert.NotNull(tls.NegotiatedCipherSuite);
            return http.Response.WriteAsync($"{http.Request.Scheme} {tls.Protocol} {tls.HostName} {http.Connection.ClientCertificate!.Thumbprint} {http.Features.Get<ITlsConnectionFeature>()!.ClientCertificate!.Thumbprint}");
        });
        using SocketsHttpHandler handler = Handler(server);
        handler.SslOptions.ClientCertificates = [shown.Certificate];
        handler.SslOptions.EnabledSslProtocols = SslProtocols.Tls12;
        using HttpClient client = new(handler);

        string thumbprint = shown.Certificate.Thumbprint;
        Assert.Equal($"https {SslProtocols.Tls12} shop.test {thumbprint} {thumbprint}", await WithinAsync(client.GetStringAsync("https://shop.test/")));
    }

    [Fact]
    public async Task HTTP_2_is_agreed_on_over_our_own_TLS()
    {
        await using TestServer server = await StartAsync(
            "tls://127.0.0.1:0", new TlsServerOptions { Certificate = Certificate, ApplicationProtocols = ["h2"] }, http => http.Response.WriteAsync(http.Request.Protocol), HttpProtocols.Http2);
        using HttpClient client = new(Handler(server)) { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };

        Assert.Equal("HTTP/2", await WithinAsync(client.GetStringAsync("https://shop.test/")));
    }

    [Fact]
    public async Task Who_does_not_speak_TLS_is_closed_and_harms_nobody()
    {
        await using TestServer server = await StartAsync("tls://127.0.0.1:0", new TlsServerOptions { Certificate = Certificate }, http => http.Response.WriteAsync("fine"));
        using NetworkSocket stranger = await ConnectAsync(new IPEndPoint(IPAddress.Loopback, server.Address.Port));
        await stranger.SendAllAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray());

        // An alert, and the end.
        await stranger.ReceiveToEndAsync();
        using HttpClient client = new(Handler(server));
        Assert.Equal("fine", await WithinAsync(client.GetStringAsync("https://shop.test/")));
    }

    [Fact]
    public async Task Behind_a_proxy_the_client_is_the_proxys()
    {
        await using TestServer server = await StartAsync("tcp://127.0.0.1:0?proxy=v2", tls: null, http => http.Response.WriteAsync($"{http.Connection.RemoteIpAddress}:{http.Connection.RemotePort}"));
        IPEndPoint client = new(IPAddress.Parse("192.0.2.7"), 4321), seen = new(IPAddress.Parse("192.0.2.1"), 80);
        HttpHandlerOptions options = new()
        {
            Target = Address.Parse($"tcp://127.0.0.1:{server.Address.Port}?proxy=v2"),
            Connector = new ConnectorOptions { ProxyHeader = new ProxyHeader(client, seen) },
        };
        using HttpClient http = new(Network.CreateHttpHandler(options));

        Assert.Equal("192.0.2.7:4321", await WithinAsync(http.GetStringAsync("http://shop.test/")));
    }

    [Fact]
    public async Task Unix_sockets_with_options_are_listened_at()
    {
        string path = Fixture.NewPath().ToString();
        await using TestServer server = await StartAsync($"unix://{path}?mode=0600", tls: null, http => http.Response.WriteAsync("here"));
        using HttpClient http = new(Network.CreateHttpHandler(new HttpHandlerOptions { Target = Address.Parse($"unix://{path}") }));

        Assert.Equal("here", await WithinAsync(http.GetStringAsync("http://shop.test/")));
        if (Fixture.HasSockets && OperatingSystem.IsLinux())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Theory]
    [InlineData("udp://127.0.0.1:0")]
    [InlineData("ws://127.0.0.1:80/chat")]
    public void What_takes_no_streams_of_bytes_is_refused(string address) =>
        Assert.Throws<ArgumentException>(() => new KestrelServerOptions().Listen(Address.Parse(address)));

    private static RemoteCertificateValidationCallback OnlyOurs { get; } = (_, shown, _, _) => shown!.GetCertHashString() == Certificate.Certificate.Thumbprint;

    private Task<TestServer> StartAsync(Address address, TlsServerOptions? tls, RequestDelegate answer, HttpProtocols protocols = HttpProtocols.Http1) => TestServer.StartAsync(
        Fixture, answer, kestrel: kestrel => kestrel.Listen(address, listen => listen.Protocols = protocols), options: options => options.Listener = options.Listener with { Tls = tls });

    private SocketsHttpHandler Handler(TestServer server)
    {
        SocketsHttpHandler handler = Network.CreateHttpHandler(new HttpHandlerOptions { Target = Address.Parse($"tcp://127.0.0.1:{server.Address.Port}") });
        handler.SslOptions.RemoteCertificateValidationCallback = OnlyOurs;
        return handler;
    }
}
