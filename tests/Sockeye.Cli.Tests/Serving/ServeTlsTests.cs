using System.Net.Sockets;
using Sockeye.Cli.Serving;
using Sockeye.Cli.Services;

namespace Sockeye.Cli.Tests.Serving;

/// <summary><c>sockeye serve</c> on a <c>tls://</c> address: what it tells is what was said, not what the network carried.</summary>
public class ServeTlsTests
{
    [Fact]
    public async Task What_clients_say_is_told_decrypted_and_their_end_is_an_end()
    {
        using TlsCertificate certificate = TlsCertificate.CreateSelfSigned();
        await using RunningServe serve = await RunningServe.StartAsync(
            new UpperService(), "tls://127.0.0.1:0", new ServeSettings { Tls = new TlsServerOptions { Certificate = certificate } });
        await using (Connection client = await Network.Host.ConnectAsync(
            serve.Addresses[0], new ConnectorOptions { Tls = new TlsClientOptions { Pins = [certificate.Fingerprint] } }, TestContext.Current.CancellationToken))
        {
            await serve.Lines.FindAsync(" with TLS 1.");
            await client.WriteLineAsync("hello", TestContext.Current.CancellationToken);
            Assert.Contains("sent 6 bytes: hello\\n", await serve.Lines.FindAsync("sent"), StringComparison.Ordinal);
        }

        Assert.EndsWith("left (ended): 6 bytes received, 6 sent", await serve.Lines.FindAsync("left"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_speaks_no_TLS_is_refused_and_it_is_told_why()
    {
        using TlsCertificate certificate = TlsCertificate.CreateSelfSigned();
        await using RunningServe serve = await RunningServe.StartAsync(
            new UpperService(), "tls://127.0.0.1:0", new ServeSettings { Tls = new TlsServerOptions { Certificate = certificate } });
        using Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(serve.Addresses[0].EndPoint, TestContext.Current.CancellationToken);
        await socket.SayAsync("GET / HTTP/1.0\r\n\r\n");
        string line = await serve.Lines.FindAsync("refused");
        Assert.Contains($"refused by {serve.Addresses[0]}: ", line, StringComparison.Ordinal);
        Assert.Contains("it sent an HTTP request", line, StringComparison.Ordinal);
    }
}
