using System.Net.Sockets;
using System.Security.Authentication;
using Sockeye.Tests.Conformance;
using Sockeye.Tests.Serving;

namespace Sockeye.Tests.Connections.Tls;

/// <summary>Every refusal names who, why, and since when, in one line.</summary>
public class TlsRefusalTests : TlsTestBase
{
    [Fact]
    public async Task An_unknown_authority_is_named()
    {
        TlsException e = await RefusedAsync(TlsFailure.UnknownAuthority, Serving(), Trusting with { TrustedRoots = [] });
        Assert.Matches("^cannot trust tls://127\\.0\\.0\\.1:\\d+: its certificate was issued by \"CN=Test Authority\", an authority that is not trusted here", e.Message);
    }

    [Fact]
    public async Task A_self_signed_certificate_is_told_with_its_fingerprint()
    {
        using TlsCertificate own = TlsCertificate.CreateSelfSigned(["localhost"], Clock);
        TlsException e = await RefusedAsync(TlsFailure.UnknownAuthority, new TlsServerOptions { Certificate = own }, Trusting);
        Assert.Contains($"self-signed (SHA-256 {own.Fingerprint})", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_name_is_told_with_the_right_ones()
    {
        TlsException e = await RefusedAsync(TlsFailure.WrongName, Serving("example.org"), Trusting);
        Assert.EndsWith("its certificate is for example.org, not for localhost", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_name_is_the_address_unless_told()
    {
        TlsException e = await RefusedAsync(TlsFailure.WrongName, Serving(), Trusting with { TargetHost = null });
        Assert.EndsWith("its certificate is for localhost, not for 127.0.0.1", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_expired_certificate_is_told_with_since_when()
    {
        DateTimeOffset now = Clock.GetUtcNow();
        TlsException e = await RefusedAsync(
            TlsFailure.Expired, new TlsServerOptions { Certificate = Authority.Issue("localhost", now.AddDays(-30), now.AddDays(-12)) }, Trusting);
        Assert.EndsWith($"its certificate expired on {now.AddDays(-12):yyyy-MM-dd HH:mm:ss} UTC, 12 days ago", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_of_the_future_is_told_with_from_when()
    {
        DateTimeOffset now = Clock.GetUtcNow();
        TlsException e = await RefusedAsync(
            TlsFailure.NotYetValid, new TlsServerOptions { Certificate = Authority.Issue("localhost", now.AddHours(5), now.AddDays(12)) }, Trusting);
        Assert.Contains($"is not valid until {now.AddHours(5):yyyy-MM-dd HH:mm:ss} UTC, in 5 hours", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_clock_is_the_networks()
    {
        TlsServerOptions server = Serving();
        await using (await ConnectAsync(server))
            Clock.Advance(TimeSpan.FromDays(31));
        await RefusedAsync(TlsFailure.Expired, server, Trusting);
    }

    [Fact]
    public async Task All_that_is_wrong_is_told_at_once()
    {
        TlsException e = await RefusedAsync(TlsFailure.UnknownAuthority, Serving("example.org"), Trusting with { TrustedRoots = [] });
        Assert.Contains("not trusted here, and its certificate is for example.org", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pin_that_does_not_match_is_told_with_what_came()
    {
        TlsServerOptions server = Serving();
        string wanted = new('a', 64);
        TlsException e = await RefusedAsync(TlsFailure.PinMismatch, server, new TlsClientOptions { Pins = [wanted] });
        Assert.Contains($"got SHA-256 {server.Certificate.Fingerprint}, wanted AA:AA:", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_pinned_certificate_needs_no_authority_and_no_name(bool colons)
    {
        using TlsCertificate own = TlsCertificate.CreateSelfSigned(["elsewhere"], Clock);
        string pin = colons ? own.Fingerprint : own.Fingerprint.Replace(":", "", StringComparison.Ordinal).ToUpperInvariant();
        await using ConnectionPair pair = await ConnectAsync(new TlsServerOptions { Certificate = own }, new TlsClientOptions { Pins = [new string('0', 64), pin] });
        Assert.NotNull(pair.Client);
    }

    [Fact]
    public async Task A_pinned_certificate_that_has_expired_is_refused()
    {
        DateTimeOffset now = Clock.GetUtcNow();
        TlsCertificate old = Authority.Issue("localhost", now.AddDays(-30), now.AddDays(-1));
        await RefusedAsync(TlsFailure.Expired, new TlsServerOptions { Certificate = old }, new TlsClientOptions { Pins = [old.Fingerprint] });
    }

    [Fact]
    public async Task AllowUntrusted_accepts_what_is_wrong_in_every_way()
    {
        DateTimeOffset now = Clock.GetUtcNow();
        TlsServerOptions server = new() { Certificate = Authority.Issue("elsewhere", now.AddDays(-30), now.AddDays(-1)) };
        await using ConnectionPair pair = await ConnectAsync(server, new TlsClientOptions { AllowUntrusted = true });
        Assert.NotNull(pair.Client);
    }

    [Theory]
    [InlineData("")]
    [InlineData("sha1")]
    [InlineData("AA:BB")]
    public void A_pin_that_is_no_SHA_256_is_refused(string pin) =>
        Assert.Contains("64 hexadecimal digits", Assert.Throws<FormatException>(() => new TlsClientOptions { Pins = [pin] }).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Versions_that_do_not_meet_are_told() => await RefusedAsync(
        TlsFailure.NoCommonProtocol, Serving() with { Protocols = SslProtocols.Tls13 }, Trusting with { Protocols = SslProtocols.Tls12 });

    [Fact]
    public async Task Application_protocols_that_do_not_meet_are_told() => await RefusedAsync(
        TlsFailure.NoCommonApplicationProtocol, Serving() with { ApplicationProtocols = ["h2"] }, Trusting with { ApplicationProtocols = ["chat/1"] });

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task A_client_without_a_certificate_is_refused_and_told(SslProtocols version)
    {
        TlsException atServer = await RefusedClientAsync(version, certificate: null);
        Assert.Equal(TlsFailure.ClientCertificateMissing, atServer.Failure);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task A_client_of_a_foreign_authority_is_refused(SslProtocols version)
    {
        using TestAuthority foreign = new(Clock.GetUtcNow(), "Foreign");
        using TlsCertificate certificate = foreign.Issue("mallory");
        TlsException atServer = await RefusedClientAsync(version, certificate);
        Assert.Equal(TlsFailure.UnknownAuthority, atServer.Failure);
        Assert.Contains("\"CN=Foreign\"", atServer.Message, StringComparison.Ordinal);
    }

    private async Task<TlsException> RefusedAsync(TlsFailure failure, TlsServerOptions server, TlsClientOptions client)
    {
        TlsException e = await Assert.ThrowsAsync<TlsException>(() => ConnectAsync(server, client));
        Assert.Equal(failure, e.Failure);
        Assert.DoesNotContain('\n', e.Message);
        return e;
    }

    [Fact]
    public async Task A_client_without_the_certificate_that_it_was_asked_for_learns_why_it_was_left()
    {
        await using Listener listener = await Network.ListenAsync(
            "tls://127.0.0.1:0", new ListenerOptions { Tls = Serving() with { ClientRoots = [Authority.Root], Protocols = SslProtocols.Tls13 } });
        Task<Connection> connecting = Network.ConnectAsync(listener.Address, new ConnectorOptions { Tls = Trusting }).AsTask();
        Connection accepted = (await listener.AcceptAsync())!;
        await Assert.ThrowsAsync<TlsException>(() => accepted.HandshakeAsync().AsTask().Within());
        Task closing = accepted.DisposeAsync().AsTask();
        Connection client = await connecting.Within();

        TlsException e = await Assert.ThrowsAsync<TlsException>(() => client.Input.ReadAsync().AsTask().Within());

        Assert.Equal(TlsFailure.ClientCertificateMissing, e.Failure);
        Assert.EndsWith("it had asked for a client certificate, and was shown none", e.Message, StringComparison.Ordinal);
        client.Abort();
        await closing.Within();
    }

    /// <summary>What the server says; the client, which may be through with its handshake by then, must fail at the latest when it reads.</summary>
    private async Task<TlsException> RefusedClientAsync(SslProtocols version, TlsCertificate? certificate)
    {
        await using Listener listener = await Network.ListenAsync(
            "tls://127.0.0.1:0", new ListenerOptions { Tls = Serving() with { ClientRoots = [Authority.Root], Protocols = version } });
        Task client = ReadAsync();
        Connection accepted = (await listener.AcceptAsync())!;
        TlsException e = await Assert.ThrowsAsync<TlsException>(() => accepted.HandshakeAsync().AsTask().Within());
        accepted.Abort();
        Exception atClient = await Assert.ThrowsAnyAsync<Exception>(() => client.Within());
        Assert.True(atClient is TlsException or SocketException or TruncatedStreamException, $"{atClient}");
        return e;

        async Task ReadAsync()
        {
            Connection connection = await Network.ConnectAsync(listener.Address, new ConnectorOptions { Tls = Trusting with { Certificate = certificate } });
            await connection.Input.ReadAsync();
        }
    }
}
