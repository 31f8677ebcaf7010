using System.Diagnostics;

namespace Sockeye.Cli.Tests.Programs;

/// <summary><c>sockeye listen</c> and <c>sockeye connect</c> against OpenSSL, with certificates that OpenSSL made.</summary>
public sealed class TalkTlsTests(OpenSslCertificates certificates) : IClassFixture<OpenSslCertificates>
{
    private const string Refused = "cannot trust tcp://127.0.0.1:";

    [Fact]
    public async Task A_listener_with_an_authority_takes_who_has_its_certificate_and_nobody_else()
    {
        using SockeyeProcess sockeye = SockeyeProcess.Start(
            "listen", "tls://127.0.0.1:0", "--keep-open", "--cert", certificates.Good, "--key", certificates.Key, "--client-ca", certificates.Authority);
        Address address = await sockeye.ListensAsync("tls");

        await RefusesAsync(address);
        Assert.EndsWith("it showed no client certificate, and this server wants one", await sockeye.Errors.FindAsync("#1 ", Refused), StringComparison.Ordinal);
        await RefusesAsync(address, "-cert", certificates.Stranger, "-key", certificates.Key);
        Assert.Contains("its certificate is self-signed", await sockeye.Errors.FindAsync("#2 ", Refused), StringComparison.Ordinal);
        await RefusesAsync(address, "-cert", certificates.Expired, "-key", certificates.Key);
        Assert.Contains(ExpiredOn, await sockeye.Errors.FindAsync("#3 ", Refused), StringComparison.Ordinal);

        using Process welcome = Client(address, "-cert", certificates.Good, "-key", certificates.Key);
        await welcome.StandardInput.WriteAsync("hello\n");
        await welcome.StandardInput.FlushAsync();
        await sockeye.Output.FindAsync("hello");
        await sockeye.TypeAsync("welcome");
        Assert.Equal("welcome", await welcome.StandardOutput.ReadLineAsync());
        welcome.Kill();

        sockeye.Signal(SockeyeProcess.Terminate);
        Assert.Equal(ExitCodes.Done, await sockeye.EndAsync());
        Assert.Equal(["hello"], sockeye.Output.All);
    }

    [Fact]
    public async Task A_client_says_since_when_a_certificate_has_expired()
    {
        using Process server = OpenSsl.Start("s_server", "-accept", "127.0.0.1:0", "-cert", certificates.Expired, "-key", certificates.Key);
        string port = "";
        while (!port.StartsWith("ACCEPT ", StringComparison.Ordinal))
            port = await server.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("s_server did not start.");
        string address = $"tls://127.0.0.1:{port.Split(':')[^1]}";

        using SockeyeProcess sockeye = SockeyeProcess.Start("connect", address, "--ca", certificates.Authority);

        Assert.Equal(ExitCodes.Trust, await sockeye.EndAsync());
        string line = Assert.Single(sockeye.Errors.All);
        Assert.StartsWith($"sockeye: cannot trust {address}: {ExpiredOn}", line, StringComparison.Ordinal);
        Assert.EndsWith(" days ago", line, StringComparison.Ordinal);
        server.Kill();
    }

    private static string ExpiredOn => $"its certificate expired on {OpenSslCertificates.ExpiredAt:yyyy-MM-dd HH:mm:ss} UTC, ";

    /// <summary>The client ends because its connection does, for its own input goes on.</summary>
    private static async Task RefusesAsync(Address address, params string[] arguments)
    {
        using Process client = Client(address, arguments);
        await client.WaitForExitAsync().WaitAsync(Lines.Patience);
        Assert.NotEqual(0, client.ExitCode);
    }

    private static Process Client(Address address, params string[] arguments) =>
        OpenSsl.Start(["s_client", "-quiet", "-connect", $"{address.Host}:{address.Port}", .. arguments]);
}
