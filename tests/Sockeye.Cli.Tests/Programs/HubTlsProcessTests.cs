namespace Sockeye.Cli.Tests.Programs;

/// <summary>A hub with <c>--tls</c>: what is behind TLS then, what is not, and what is said of a certificate that is not good.</summary>
public sealed class HubTlsProcessTests(OpenSslCertificates certificates) : IClassFixture<OpenSslCertificates>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sockeye-hub-tls-").FullName;

    private string Data => Path.Combine(_folder, "data");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_page_and_the_text_door_are_behind_it_and_UDP_says_that_it_is_not()
    {
        using HubProcess hub = HubProcess.Start(
            Data, "--tls", certificates.Good, certificates.Key, "--text", "tls://127.0.0.1:0", "--web", "https://127.0.0.1:0", "--udp", "udp://*:0");
        Address text = await hub.Sockeye.ListensAsync("tls");
        Address page = await hub.Sockeye.ListensAsync("https");
        string command = await hub.Sockeye.Errors.FindAsync($"or in a terminal: sockeye connect tls://127.0.0.1:{text.Port} --pin ");
        string owner = await hub.Sockeye.Errors.FindAsync("#owner=");
        Assert.StartsWith($"open https://127.0.0.1:{page.Port}/#owner=", owner, StringComparison.Ordinal);

        await using Connection browser = await ConnectAsync(page, new TlsClientOptions { TrustedRoots = TlsCertificate.LoadAuthorities(certificates.Authority) });
        await browser.WriteAsync(System.Text.Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: 127.0.0.1:{page.Port}\r\nConnection: close\r\n\r\n"));
        using StreamReader answer = new(browser.AsStream());
        Assert.Equal("HTTP/1.1 200 OK", await answer.ReadLineAsync());
        string? line = "";
        while (line?.Contains("<html", StringComparison.Ordinal) == false)
            line = await answer.ReadLineAsync(); // not to the end: Kestrel ends without close_notify
        Assert.NotNull(line);

        // The line that it prints, as it stands: this certificate's authority is nobody's.
        using SockeyeProcess connect = SockeyeProcess.Start(command.Split(' ')[5..]);
        await connect.TypeAsync("Tom");
        await connect.Output.FindAsync("You are in", "lobby");

        // Only where others can come in is it worth a word, and only if this machine has an address for them.
        if (hub.Sockeye.Errors.All.Any(line => line.StartsWith("others in this network", StringComparison.Ordinal)))
            Assert.Contains("there is no TLS on udp: what is said there can be read by everybody in this network", hub.Sockeye.Errors.All);
        Assert.Equal(ExitCodes.Done, await hub.StopAsync());
    }

    [Fact]
    public async Task A_certificate_that_has_expired_is_told_of_and_used()
    {
        using HubProcess hub = HubProcess.Start(Data, "--tls", certificates.Expired, certificates.Key, "--text", "tls://127.0.0.1:0", "--web", "off");

        await hub.Sockeye.Errors.FindAsync($"the certificate in {certificates.Expired} has expired on 2021-02-03: browsers and clients will refuse it");
        Address text = await hub.Sockeye.ListensAsync("tls");
        await using Connection connection = await ConnectAsync(text, new TlsClientOptions { AllowUntrusted = true });
        Assert.Equal(ExitCodes.Done, await hub.StopAsync());
    }

    [Fact]
    public async Task A_key_of_another_certificate_is_wrong_usage()
    {
        string other = Path.Combine(_folder, "other.pem");
        using (System.Security.Cryptography.ECDsa key = System.Security.Cryptography.ECDsa.Create())
            await File.WriteAllTextAsync(other, key.ExportPkcs8PrivateKeyPem());

        using HubProcess hub = HubProcess.Start(Data, "--tls", certificates.Good, other);

        Assert.Equal(ExitCodes.WrongUsage, await hub.Sockeye.EndAsync());
        Assert.StartsWith($"sockeye: --tls: {other}: the key in it is not the key of {certificates.Good}", Assert.Single(hub.Sockeye.Errors.All), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Data));
    }

    private static async Task<Connection> ConnectAsync(Address door, TlsClientOptions options)
    {
        Connection connection = await Network.Host.ConnectAsync($"tls://{door.Host}:{door.Port}", new ConnectorOptions { Tls = options });
        await connection.HandshakeAsync(CancellationToken.None);
        return connection;
    }
}
