using Sockeye.Cli.Services;
using Sockeye.Cli.Serving;

namespace Sockeye.Cli.Tests.Serving;

/// <summary>A stream that ends before its protocol does is told as cut, and by which protocol.</summary>
public class CutShortTests
{
    [Theory]
    [InlineData("tls", "without TLS's close_notify")]
    [InlineData("ws", "without a Close frame")]
    [InlineData("wss", "without TLS's close_notify")]
    public async Task The_layer_that_was_cut_is_named(string scheme, string told)
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        using TlsCertificate certificate = TlsCertificate.CreateSelfSigned();
        await using RunningServe serve = await RunningServe.StartAsync(
            new EchoService(), $"{scheme}://127.0.0.1:0", new ServeSettings { Tls = new TlsServerOptions { Certificate = certificate } });
        Address address = serve.Addresses[0];
        ConnectorOptions options = new() { Tls = new TlsClientOptions { Pins = [certificate.Fingerprint] } };

        // What TLS and WebSocket run over is the test's own, to end it below them.
        await using Connection below = await Network.Host.ConnectAsync($"tcp://127.0.0.1:{address.Port}", stop);
        Connection connection = address.IsTls ? TlsConnection.CreateClient(below, options.Tls) : below;
        await connection.HandshakeAsync(stop);
        if (scheme != "tls")
            await WebSocketConnection.ConnectAsync(connection, address, options, stop);
        await serve.Lines.FindAsync("connected to");
        await below.Output.CompleteAsync();

        Assert.Contains(told, await serve.Lines.FindAsync("left (cut): 0 bytes received, 0 sent: "), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_WebSocket_that_closed_below_TLS_alone_lacks_its_Close()
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        using TlsCertificate certificate = TlsCertificate.CreateSelfSigned();
        await using RunningServe serve = await RunningServe.StartAsync(
            new EchoService(), "wss://127.0.0.1:0", new ServeSettings { Tls = new TlsServerOptions { Certificate = certificate } });
        Address address = serve.Addresses[0];
        await using Connection tls = await Network.Host.ConnectAsync(
            $"tls://127.0.0.1:{address.Port}", new ConnectorOptions { Tls = new TlsClientOptions { Pins = [certificate.Fingerprint] } }, stop);
        await WebSocketConnection.ConnectAsync(tls, address, cancellationToken: stop);
        await tls.Output.CompleteAsync();

        Assert.Contains("without a Close frame", await serve.Lines.FindAsync("left (cut)"), StringComparison.Ordinal);
    }
}
