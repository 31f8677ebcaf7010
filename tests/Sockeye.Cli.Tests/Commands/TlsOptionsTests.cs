using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Sockeye.Cli.Commands;

namespace Sockeye.Cli.Tests.Commands;

/// <summary>Each option of a TLS client and of a TLS server does what it says, at a peer that is told nothing but the protocol.</summary>
public sealed class TlsOptionsTests : IDisposable
{
    private const string Warning = "sockeye: WARNING: --insecure: the server's certificate is NOT checked; whoever is in between can read and change everything";

    private readonly CancellationTokenSource _patience = new(Lines.Patience);
    private readonly TlsCertificate _certificate = TlsCertificate.CreateSelfSigned(["localhost", "127.0.0.1", "other.example"]);
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;
    private readonly string _chain;
    private readonly string _key;
    private readonly string _both;

    public TlsOptionsTests()
    {
        using ECDsa key = _certificate.Certificate.GetECDsaPrivateKey()!;
        _chain = WriteFile("chain.pem", _certificate.ExportPem());
        _key = WriteFile("key.pem", key.ExportPkcs8PrivateKeyPem() + "\n");
        _both = WriteFile("both.pem", _certificate.ExportPem() + key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    private CancellationToken Stop => _patience.Token;

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        _certificate.Dispose();
        _patience.Dispose();
    }

    [Fact]
    public async Task Whom_nobody_vouches_for_is_not_trusted()
    {
        (int exitCode, string output, string[] errors) = await ConnectAsync();

        Assert.Equal((ExitCodes.Trust, ""), (exitCode, output));
        Assert.StartsWith("sockeye: cannot trust tls://127.0.0.1:", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Insecure_trusts_and_shouts()
    {
        (int exitCode, string output, string[] errors) = await ConnectAsync("--insecure", "--quiet");

        Assert.Equal((ExitCodes.Done, "hello\n"), (exitCode, output));
        Assert.Equal([Warning], errors);
    }

    [Fact]
    public async Task Insecure_keeps_the_shout_out_of_JSON()
    {
        (int exitCode, string output, string[] errors) = await ConnectAsync("--insecure", "--json");

        Assert.Equal(ExitCodes.Done, exitCode);
        Assert.DoesNotContain("WARNING", output, StringComparison.Ordinal);
        Assert.Equal([Warning], errors);
    }

    [Fact]
    public async Task A_pin_trusts_its_own_certificate_and_no_other()
    {
        string other = new('0', 64);
        Assert.Equal((ExitCodes.Done, "hello\n"), await EndOfAsync("--pin", other, "--pin", _certificate.Fingerprint));
        Assert.Equal((ExitCodes.Trust, ""), await EndOfAsync("--pin", other));
    }

    [Fact]
    public async Task An_authority_is_trusted_for_the_names_it_vouches_for()
    {
        Assert.Equal((ExitCodes.Done, "hello\n"), await EndOfAsync("--ca", _chain));
        Assert.Equal((ExitCodes.Done, "hello\n"), await EndOfAsync("--ca", _chain, "--server-name", "other.example"));
        Assert.Equal((ExitCodes.Trust, ""), await EndOfAsync("--ca", _chain, "--server-name", "wrong.example"));
    }

    [Fact]
    public async Task Protocols_are_offered()
    {
        TlsServerOptions server = new() { Certificate = _certificate, ApplicationProtocols = ["chat/1"] };
        string? agreed = null;
        (int exitCode, _, _) = await ConnectAsync(server, connection => agreed = connection.ApplicationProtocol, "--ca", _chain, "--alpn", "h2, chat/1");

        Assert.Equal((ExitCodes.Done, "chat/1"), (exitCode, agreed));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_certificate_is_shown(bool isKeyApart)
    {
        TlsServerOptions server = new() { Certificate = _certificate, ClientRoots = TlsCertificate.LoadAuthorities(_chain) };
        string[] shown = isKeyApart ? ["--cert", _chain, "--key", _key] : ["--cert", _both];
        (int exitCode, string output, _) = await ConnectAsync(server, _ => { }, ["--ca", _chain, .. shown]);

        Assert.Equal((ExitCodes.Done, "hello\n"), (exitCode, output));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_listener_shows_its_certificate_and_agrees_on_a_protocol(bool isKeyApart)
    {
        string[] shown = isKeyApart ? ["--cert", _chain, "--key", _key] : ["--cert", _both];
        TlsClientOptions client = new() { Pins = [_certificate.Fingerprint], ApplicationProtocols = ["h2", "chat/1"] };
        (int exitCode, string output, string? protocol, string[] errors) = await ListenAsync(client, [.. shown, "--alpn", "chat/1"]);

        Assert.Equal((ExitCodes.Done, "hello\n", "chat/1"), (exitCode, output, protocol));
        Assert.DoesNotContain(errors, line => line.Contains("SHA-256", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_listener_that_wants_a_clients_certificate_takes_one_of_its_authority()
    {
        TlsClientOptions client = new() { Pins = [_certificate.Fingerprint], Certificate = _certificate };
        (int exitCode, string output, _, _) = await ListenAsync(client, "--cert", _both, "--client-ca", _chain);

        Assert.Equal((ExitCodes.Done, "hello\n"), (exitCode, output));
    }

    [Theory]
    [InlineData("connect tls://:1 --insecure --pin {pin}", "--insecure trusts everybody, --pin does not: keep one")]
    [InlineData("connect tls://:1 --insecure --ca {chain}", "--insecure trusts everybody, --ca does not: keep one")]
    [InlineData("connect tls://:1 --ca {chain} --pin {pin}", "a certificate that is pinned needs no authority: keep --pin or --ca")]
    [InlineData("connect tls://:1 --key {key}", "--key needs --cert: the certificate that it belongs to")]
    [InlineData("connect tls://:1 --pin abc", "--pin: ")]
    [InlineData("connect tls://:1 --ca {key}", "--ca: ")]
    [InlineData("connect tls://:1 --ca {folder}/none.pem", "--ca: {folder}/none.pem: there is no such file")]
    [InlineData("connect tls://:1 --cert {chain}", "--cert: ")]
    [InlineData("connect tls://:1 --keylog {folder}/none/keys", "--keylog: ")]
    [InlineData("connect tls://:1 --server-name=", "--server-name ")]
    [InlineData("connect tcp://:1 --insecure", "--insecure is for TLS, and no address is: write tls://HOST:PORT")]
    [InlineData("connect tcp://:1 --pin {pin}", "--pin is for TLS, and no address is: write tls://HOST:PORT")]
    [InlineData("connect tcp://:1 --ca {chain}", "--ca is for TLS, and no address is: write tls://HOST:PORT")]
    [InlineData("connect tcp://:1 --server-name a", "--server-name is for TLS, and no address is: write tls://HOST:PORT")]
    [InlineData("connect tcp://:1 --alpn h2", "--alpn is for TLS, and no address is: write tls://HOST:PORT")]
    [InlineData("connect tcp://:1 --cert {both}", "--cert is for TLS, and no address is: write tls://HOST:PORT")]
    [InlineData("connect tcp://:1 --key {key}", "--key is for TLS, and no address is: write tls://HOST:PORT")]
    [InlineData("connect tcp://:1 --keylog {folder}/keys", "--keylog is for TLS, and no address is: write tls://HOST:PORT")]
    [InlineData("relay tcp://:1 tcp://:2 --target-insecure", "--target-insecure is for TLS, and the target is not: write tls://HOST:PORT")]
    [InlineData("relay tcp://:1 tls://:2 --target-insecure --target-pin {pin}", "--target-insecure trusts everybody, --target-pin does not: keep one")]
    [InlineData("relay tcp://:1 tls://:2 --target-key {key}", "--target-key needs --target-cert: the certificate that it belongs to")]
    [InlineData("relay tcp://:1 tls://:2 --cert {both}", "--cert is for TLS, and no address to listen on is: write tls://HOST:PORT")]
    [InlineData("listen tls://:1", "tls://localhost:1 needs a certificate: --cert FILE, or --self-signed for one of this run")]
    [InlineData("listen tls://:1 --self-signed --cert {both}", "--self-signed makes a certificate, --cert brings one: keep one")]
    [InlineData("listen tls://:1 --self-signed --key {key}", "--key needs --cert: the certificate that it belongs to")]
    [InlineData("listen tls://:1 --self-signed --client-ca {key}", "--client-ca: ")]
    [InlineData("listen tls://:1 --self-signed --alpn ,", "--alpn cannot be \",\": it is a list, as in h2,http/1.1")]
    [InlineData("listen tcp://:1 --cert {both}", "--cert is for TLS, and no address is: write tls://HOST:PORT")]
    [InlineData("listen tcp://:1 --key {key}", "--key is for TLS, and no address is: write tls://HOST:PORT")]
    [InlineData("listen tcp://:1 --client-ca {chain}", "--client-ca is for TLS, and no address is: write tls://HOST:PORT")]
    [InlineData("listen tcp://:1 --alpn h2", "--alpn is for TLS, and no address is: write tls://HOST:PORT")]
    [InlineData("listen tcp://:1 --keylog {folder}/keys", "--keylog is for TLS, and no address is: write tls://HOST:PORT")]
    public async Task What_contradicts_itself_is_wrong_usage(string line, string message)
    {
        using Lines errors = new();
        int exitCode = await CommandLine.RunAsync([.. line.Split(' ').Select(Fill)], Environment(new MemoryStream(), errors));

        Assert.Equal(ExitCodes.WrongUsage, exitCode);
        Assert.StartsWith($"sockeye: {Fill(message)}", Assert.Single(errors.All), StringComparison.Ordinal);
    }

    private string Fill(string text) => text.Replace("{pin}", _certificate.Fingerprint, StringComparison.Ordinal).Replace("{chain}", _chain, StringComparison.Ordinal)
        .Replace("{key}", _key, StringComparison.Ordinal).Replace("{both}", _both, StringComparison.Ordinal).Replace("{folder}", _folder, StringComparison.Ordinal);

    private string WriteFile(string name, string content)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, content);
        return path;
    }

    private async Task<(int ExitCode, string Output)> EndOfAsync(params string[] options)
    {
        (int exitCode, string output, _) = await ConnectAsync(options);
        return (exitCode, output);
    }

    private Task<(int ExitCode, string Output, string[] Errors)> ConnectAsync(params string[] options) =>
        ConnectAsync(new TlsServerOptions { Certificate = _certificate }, _ => { }, options);

    /// <summary><c>connect</c> to a server that says hello.</summary>
    private async Task<(int ExitCode, string Output, string[] Errors)> ConnectAsync(TlsServerOptions server, Action<TlsConnection> serve, params string[] options)
    {
        await using Listener listener = await Network.Host.ListenAsync("tls://127.0.0.1:0", new ListenerOptions { Tls = server }, Stop);
        using MemoryStream output = new();
        using Lines errors = new();
        Task<int> running = CommandLine.RunAsync(["connect", $"{listener.Address}", "--no-stdin", .. options], Environment(output, errors));
        await using Connection connection = (await listener.AcceptAsync(Stop))!;
        try
        {
            await connection.HandshakeAsync(Stop);
            serve((TlsConnection)connection);
            await connection.WriteLineAsync("hello", Stop);
            await connection.Output.CompleteAsync();
        }
        catch (Exception e) when (e is ProtocolException or System.Net.Sockets.SocketException)
        {
            // It does not trust us: what it says of that is the test's to see.
        }

        return (await running.WaitAsync(Stop), Encoding.UTF8.GetString(output.ToArray()), errors.All);
    }

    /// <summary><c>listen</c> with a client that says hello.</summary>
    private async Task<(int ExitCode, string Output, string? Protocol, string[] Errors)> ListenAsync(TlsClientOptions client, params string[] options)
    {
        using MemoryStream output = new();
        using Lines errors = new();
        Task<int> running = CommandLine.RunAsync(["listen", "tls://127.0.0.1:0", "--no-stdin", .. options], Environment(output, errors));
        string line = await errors.FindAsync("listening on ");
        string? protocol = null;
        try
        {
            await using TlsConnection connection = (TlsConnection)await Network.Host.ConnectAsync(
                line[line.IndexOf("tls://", StringComparison.Ordinal)..], new ConnectorOptions { Tls = client }, Stop);
            protocol = connection.ApplicationProtocol;
            await connection.WriteLineAsync("hello", Stop);
            await connection.Output.CompleteAsync();
            await connection.Input.ReadAsync(Stop);
        }
        catch (Exception e) when (e is ProtocolException or System.Net.Sockets.SocketException)
        {
            // It does not trust us: what it says of that is the test's to see.
        }

        return (await running.WaitAsync(Stop), Encoding.UTF8.GetString(output.ToArray()), protocol, errors.All);
    }

    private static CliEnvironment Environment(Stream output, TextWriter errors) => new()
    {
        Output = new StreamWriter(output, leaveOpen: true) { AutoFlush = true },
        Error = errors,
        OpenInput = () => Stream.Null,
        OpenOutput = () => output,
    };
}
