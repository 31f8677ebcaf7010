using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Sockeye.Interop;

namespace Sockeye;

public sealed partial class TlsConnection
{
    /// <summary>A record of type alert, version 1.2 as all say, 2 bytes long: fatal, unexpected_message.</summary>
    private static readonly byte[] UnexpectedMessage = [0x15, 3, 3, 0, 2, 2, 10];

    /// <summary>Why it is aborted when the time for the handshake is up.</summary>
    internal SocketTimeoutException TimedOut(TimeSpan timeout) => TlsErrors.TimedOut(Peer, timeout, IsServer, _transport.First);

    private Task BeginHandshake()
    {
        TaskCompletionSource created = new(TaskCreationOptions.RunContinuationsAsynchronously);
        if (Interlocked.CompareExchange(ref _handshake, created, null) is { } earlier)
            return earlier.Task;
        _ = ShakeHandsAsync(created);
        return created.Task;
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whoever waits for the handshake is told.")]
    private async Task ShakeHandsAsync(TaskCompletionSource source)
    {
        using ITimer? limit = HandshakeLimit.Start(this, _acceptTimeout, _time);
        try
        {
            TlsKeyLog.NoteHandshake();
            OpenSslBuffers.ReleaseWhenIdle();
            await Inner.HandshakeAsync().ConfigureAwait(false);

            // A proxy in front has said for whom it speaks.
            KeepEndPoints();
            if (Socket is { Observer: { } earlier } below)
                earlier.Handshaking(below, this);
            long start = _time.GetTimestamp();
            if (_server is not null)
                await _stream.AuthenticateAsServerAsync(ServerOptions(_server)).ConfigureAwait(false);
            else
                await AuthenticateAsClientAsync(_client!).ConfigureAwait(false);
            _isAuthenticated = true;
            if (Socket is { Observer: { } observer } socket)
                observer.Handshaken(socket, this, _time.GetElapsedTime(start));
            limit?.Dispose();
            source.SetResult();
        }
        catch (Exception e)
        {
            Exception failure = e is SocketTimeoutException or ProxyHeaderException ? e : HandshakeFailure(e);
            if (IsServer && failure is TlsException { Failure: TlsFailure.NotTls })
                await SendAlertAsync().ConfigureAwait(false);
            source.SetException(failure);

            // Perhaps nobody waits: then it is no unobserved exception either.
            _ = source.Task.Exception;
        }
    }

    /// <summary>After the end nobody else can say who it was.</summary>
    private void KeepEndPoints() => (_local, _remote) = (Inner.LocalEndPoint, Inner.RemoteEndPoint);

    /// <summary>What a TLS server says to who speaks something else (RFC 8446, section 6.2: unexpected_message): it tells the peer that this port is TLS.</summary>
    private async ValueTask SendAlertAsync()
    {
        try
        {
            await Inner.Output.WriteAsync(UnexpectedMessage).ConfigureAwait(false);
        }
        catch (SocketException)
        {
            // It has gone already.
        }
    }

    private async Task AuthenticateAsClientAsync(TlsClientOptions options)
    {
        Task authenticating = _stream.AuthenticateAsClientAsync(ClientOptions(options));
        try
        {
            await authenticating.WaitAsync(options.HandshakeTimeout, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            SocketTimeoutException timeout = TimedOut(options.HandshakeTimeout);
            Abort(timeout);
            _ = authenticating.Observed();
            throw timeout;
        }
    }

    private SslClientAuthenticationOptions ClientOptions(TlsClientOptions options) => new()
    {
        TargetHost = _host,
        EnabledSslProtocols = options.Protocols,
        ApplicationProtocols = Protocols(options),
        ClientCertificateContext = options.Certificate?.Context,
        LocalCertificateSelectionCallback = options.Certificate is null ? NoteRequest : null,
        AllowRenegotiation = false,
        CertificateChainPolicy = Policy(options.TrustedRoots),
        RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
            Accepts(certificate, peer => TlsVerification.CheckServer(Peer, _host, peer, chain, errors, options, _time.GetUtcNow())),
    };

    /// <summary>The platform asks once before the handshake, without the server's certificate, and again when the server wants one of ours.</summary>
    private X509Certificate NoteRequest(object sender, string host, X509CertificateCollection own, X509Certificate? server, string[] authorities)
    {
        _wasAskedForCertificate |= server is not null;
        return null!;
    }

    private SslServerAuthenticationOptions ServerOptions(TlsServerOptions options) => new()
    {
        ServerCertificateContext = options.Certificate.Context,
        EnabledSslProtocols = options.Protocols,
        ApplicationProtocols = Protocols(options),
        AllowRenegotiation = false,
        ClientCertificateRequired = options.ClientRoots is not null,
        CertificateChainPolicy = Policy(options.ClientRoots),
        RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
            Accepts(certificate, peer => TlsVerification.CheckClient(Peer, peer, chain, errors, options, _time.GetUtcNow())),
    };

    private static List<SslApplicationProtocol>? Protocols(TlsOptions options) =>
        options.ApplicationProtocols.Count == 0 ? null : [.. options.ApplicationProtocols.Select(name => new SslApplicationProtocol(name))];

    /// <summary>The network's clock, and no network but the one it runs over: what is missing from a chain is not fetched, and no revocation looked up.</summary>
    private X509ChainPolicy Policy(X509Certificate2Collection? roots)
    {
        X509ChainPolicy policy = new()
        {
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
            VerificationTime = _time.GetUtcNow().UtcDateTime,
        };
        if (roots is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(roots);
        }

        return policy;
    }

    private bool Accepts(X509Certificate? certificate, Func<X509Certificate2?, TlsException?> check)
    {
        PeerCertificate = certificate is null ? null : certificate as X509Certificate2 ?? new X509Certificate2(certificate);
        _refusal = check(PeerCertificate);
        return _refusal is null;
    }

    private Exception HandshakeFailure(Exception e)
    {
        if (_refusal is not null)
            return _refusal;
        return Closed.IsCancellationRequested && _transport.Fault is { } fault
            ? fault
            : TlsErrors.ExplainHandshake(e, Peer, IsServer, _transport);
    }
}
