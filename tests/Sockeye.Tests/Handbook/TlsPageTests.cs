using System.Buffers;
using System.IO.Pipelines;
using Sockeye.Tests.Serving;

namespace Sockeye.Tests.Handbook;

public class TlsPageTests : HandbookTests
{
    [Fact]
    public async Task A_server_and_its_client()
    {
        using CancellationTokenSource stopping = new();
        Handler handler = RunningServer.EchoAsync;

        // snippet: 06 tls
        using TlsCertificate certificate = TlsCertificate.CreateSelfSigned();
        await using Listener listener = await Network.Host.ListenAsync(
            "tls://127.0.0.1:0", new ListenerOptions { Tls = new TlsServerOptions { Certificate = certificate } });
        Task serving = Server.RunAsync(listener, handler, stopping.Token);

        await using Connection connection = await Network.Host.ConnectAsync(
            listener.Address, new ConnectorOptions { Tls = new TlsClientOptions { Pins = [certificate.Fingerprint] } });

        // end snippet
        Assert.IsType<TlsConnection>(connection);
        Assert.Equal("hello", await connection.AskAsync("hello"));
        connection.Abort();
        await stopping.CancelAsync();
        await serving.Within();
    }

    [Fact]
    public async Task A_plain_client_learns_that_the_port_is_TLS()
    {
        CancellationToken stop = Stop;
        string? said = null;
        using TlsCertificate certificate = TlsCertificate.CreateSelfSigned();
        ListenerOptions options = new() { Tls = new TlsServerOptions { Certificate = certificate }, HandshakeTimeout = Timeout.InfiniteTimeSpan };
        await using Listener listener = await Network.Host.ListenAsync("tls://127.0.0.1:0", options, stop);
        await using RunningServer server = new(listener, RunningServer.EchoAsync, new ServerOptions { HandshakeTimeout = Hang.Limit });
        await using Connection plain = await Network.Host.ConnectAsync($"tcp://127.0.0.1:{listener.Address.Port}", stop);
        await plain.WriteLineAsync("hello", stop);

        // snippet: 06 guess
        ReadResult first = await plain.Input.ReadAsync(stop);
        if (ProtocolGuess.Of(first.Buffer.ToArray()) is { Scheme: "tls" } guess)
            said = $"the server answered with {guess.Description}: try tls://";

        // end snippet
        plain.Input.AdvanceTo(first.Buffer.End);
        Assert.Equal("the server answered with a TLS alert (unexpected message): try tls://", said);
    }

    [Fact]
    public async Task TLS_in_the_midst_of_a_talk()
    {
        CancellationToken stop = Stop;
        using TlsCertificate certificate = TlsCertificate.CreateSelfSigned();
        (Connection plain, Connection accepted) = await ConnectAsync();
        Task<string?> upgrading = UpgradeAsync();

        // snippet: 06 starttls
        await plain.WriteLineAsync("STARTTLS", stop);
        await using TlsConnection secure = TlsConnection.CreateClient(plain, new TlsClientOptions { Pins = [certificate.Fingerprint] });
        await secure.HandshakeAsync(stop);

        // end snippet
        await secure.WriteLineAsync("secret", stop);
        Assert.Equal("secret", await upgrading);

        async Task<string?> UpgradeAsync()
        {
            Assert.Equal("STARTTLS", await accepted.LineAsync());
            await using TlsConnection upgraded = TlsConnection.CreateServer(accepted, new TlsServerOptions { Certificate = certificate });
            return await upgraded.LineAsync();
        }
    }
}
