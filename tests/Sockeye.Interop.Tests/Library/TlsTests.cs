using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Sockeye.Interop.Tests.Peers;

namespace Sockeye.Interop.Tests.Library;

/// <summary>The library's TLS and OpenSSL's, curl's and Python's.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly TlsCertificate _certificate = TlsCertificate.CreateSelfSigned(["localhost", "127.0.0.1"]);
    private readonly string _authority;
    private readonly string _pem;

    public TlsTests()
    {
        _authority = _folder.PathOf("authority.pem");
        _pem = _folder.PathOf("server.pem");
        using ECDsa key = _certificate.Certificate.GetECDsaPrivateKey()!;
        File.WriteAllText(_authority, _certificate.ExportPem());
        File.WriteAllText(_pem, _certificate.ExportPem() + key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    public void Dispose()
    {
        _folder.Dispose();
        _certificate.Dispose();
    }

    [Theory]
    [InlineData("-tls1_2", "TLSv1.2")]
    [InlineData("-tls1_3", "TLSv1.3")]
    public async Task OpenSSLs_client_verifies_us_and_is_answered(string version, string printed)
    {
        await using Listener listener = await ListenAsync();
        Task<string> serving = ServeLineAsync(listener);
        await using Peer client = Programs.OpenSsl(
            "s_client", "-connect", $"127.0.0.1:{listener.Address.Port}", "-CAfile", _authority, "-verify_return_error", "-verify_hostname", "localhost", "-servername", "localhost", version);
        await client.SaysAsync(printed);
        await client.TypeAsync("hello");
        await client.SaysAsync("HELLO");
        Assert.Equal("hello", await serving);
    }

    [Fact]
    public async Task OpenSSLs_server_is_verified_and_answers()
    {
        int port = FreePort();
        await using Peer server = Programs.OpenSsl("s_server", "-accept", $"127.0.0.1:{port}", "-cert", _pem, "-key", _pem, "-rev", "-quiet");
        await using Connection connection = await ConnectAsync(port, new TlsClientOptions { Pins = [_certificate.Fingerprint] });
        await connection.WriteLineAsync("hello");
        Assert.Equal("olleh", await LineAsync(connection));
    }

    [Fact]
    public async Task OpenSSLs_server_that_wants_a_client_certificate_gets_it_or_is_named()
    {
        int port = FreePort();
        await using Peer server = Programs.OpenSsl(
            "s_server", "-accept", $"127.0.0.1:{port}", "-cert", _pem, "-key", _pem, "-rev", "-Verify", "1", "-CAfile", _authority, "-verify_return_error", "-quiet");
        TlsClientOptions options = new() { Pins = [_certificate.Fingerprint] };
        TlsException e = await Assert.ThrowsAsync<TlsException>(async () =>
        {
            await using Connection without = await ConnectAsync(port, options);
            await LineAsync(without);
        });
        Assert.Equal(TlsFailure.ClientCertificateMissing, e.Failure);

        await using Connection with = await ConnectAsync(port, options with { Certificate = TlsCertificate.LoadPem(_pem) });
        await with.WriteLineAsync("hello");
        Assert.Equal("olleh", await LineAsync(with));
    }

    [Fact]
    public async Task Curl_reads_a_page_over_TLS()
    {
        await using Listener listener = await ListenAsync();
        Task serving = ServePageAsync(listener);
        await using Peer client = Programs.Curl("--silent", "--show-error", "--cacert", _authority, $"https://localhost:{listener.Address.Port}/");
        Assert.Equal(0, await client.EndAsync());
        Assert.Equal("over TLS", client.Output);
        await serving;

        async Task ServePageAsync(Listener from)
        {
            await using Connection connection = (await from.AcceptAsync(TestContext.Current.CancellationToken))!;
            await LineAsync(connection);
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nover TLS"u8.ToArray());
            await connection.Output.CompleteAsync();
        }
    }

    [Fact]
    public async Task Pythons_client_hears_our_close_notify()
    {
        await using Listener listener = await ListenAsync();
        Task<string> serving = ServeLineAsync(listener);
        await using Peer client = Programs.Python("tls_client.py", listener.Address.Port.ToString(CultureInfo.InvariantCulture), _authority);
        await client.SaysAsync("version TLSv1.3");
        await client.SaysAsync("answer HELLO");
        await client.SaysAsync("in order 6");
        Assert.Equal(0, await client.EndAsync());
        Assert.Equal("hello", await serving);
    }

    [Theory]
    [InlineData("order")]
    [InlineData("cut")]
    public async Task Pythons_server_answers_after_our_end_and_its_own_end_is_told(string how)
    {
        await using Peer server = Programs.Python("tls_server.py", _pem, how);
        int port = int.Parse(await server.LineAfterAsync("port "), CultureInfo.InvariantCulture);
        await using Connection connection = await ConnectAsync(port, new TlsClientOptions { Pins = [_certificate.Fingerprint], ApplicationProtocols = ["chat/1"] });
        Assert.Equal("chat/1", ((TlsConnection)connection).ApplicationProtocol);
        await connection.WriteAsync("question"u8.ToArray());
        await connection.Output.CompleteAsync();
        await server.SaysAsync("client ended in order");
        if (how == "order")
            Assert.Equal("QUESTION", await ReadToEndAsync(connection));
        else
            await Assert.ThrowsAsync<TruncatedStreamException>(() => ReadToEndAsync(connection));
    }

    private ValueTask<Listener> ListenAsync() =>
        Network.Host.ListenAsync("tls://127.0.0.1:0", new ListenerOptions { Tls = new TlsServerOptions { Certificate = _certificate } });

    /// <summary>The server that was started a moment ago may not listen yet.</summary>
    private static async Task<Connection> ConnectAsync(int port, TlsClientOptions options)
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        while (true)
        {
            try
            {
                return await Network.Host.ConnectAsync($"tls://127.0.0.1:{port}", new ConnectorOptions { Tls = options }, stop);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
            {
                await Task.Yield();
            }
        }
    }

    private static async Task<string> ServeLineAsync(Listener listener)
    {
        await using Connection connection = (await listener.AcceptAsync(TestContext.Current.CancellationToken))!;
        string? line = await LineAsync(connection);
        await connection.WriteLineAsync(line!.ToUpperInvariant());
        await connection.Output.CompleteAsync();
        return line;
    }

    private static async Task<string?> LineAsync(Connection connection)
    {
        FrameReader<string> reader = connection.Frames(Codecs.Lines());
        FrameResult<string> result = await reader.ReadAsync(TestContext.Current.CancellationToken);
        reader.Release();
        return result.TryGetFrame(out string? line) ? line : null;
    }

    private static async Task<string> ReadToEndAsync(Connection connection)
    {
        using StreamReader reader = new(connection.Input.AsStream(), Encoding.UTF8);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    private static int FreePort()
    {
        using NetworkSocket probe = Network.Host.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }
}
