using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Sockeye;

/// <summary>What TLS agreed on, where our own listener ended it, as ASP.NET Core asks for it.</summary>
internal sealed class TlsFeatures(TlsConnection tls) : ITlsConnectionFeature, ITlsApplicationProtocolFeature, ITlsHandshakeFeature
{
    public X509Certificate2? ClientCertificate { get; set; } = tls.PeerCertificate;

    public ReadOnlyMemory<byte> ApplicationProtocol { get; } = Encoding.ASCII.GetBytes(tls.ApplicationProtocol ?? "");

    public SslProtocols Protocol => tls.Protocol;

    public TlsCipherSuite? NegotiatedCipherSuite => tls.CipherSuite;

    public string HostName => tls.ServerName ?? "";

#pragma warning disable SYSLIB0058 // Obsolete parts of the interface: the cipher suite says all of it.
    CipherAlgorithmType ITlsHandshakeFeature.CipherAlgorithm => CipherAlgorithmType.None;

    int ITlsHandshakeFeature.CipherStrength => 0;

    HashAlgorithmType ITlsHandshakeFeature.HashAlgorithm => HashAlgorithmType.None;

    int ITlsHandshakeFeature.HashStrength => 0;

    ExchangeAlgorithmType ITlsHandshakeFeature.KeyExchangeAlgorithm => ExchangeAlgorithmType.None;

    int ITlsHandshakeFeature.KeyExchangeStrength => 0;
#pragma warning restore SYSLIB0058

    public static void AddTo(IFeatureCollection features, TlsConnection tls)
    {
        TlsFeatures added = new(tls);
        features.Set<ITlsConnectionFeature>(added);
        features.Set<ITlsApplicationProtocolFeature>(added);
        features.Set<ITlsHandshakeFeature>(added);
    }

    /// <summary>A client shows its certificate in the handshake or not at all.</summary>
    public Task<X509Certificate2?> GetClientCertificateAsync(CancellationToken cancellationToken) => Task.FromResult(ClientCertificate);
}
