using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sockeye;

/// <summary>A certificate with its private key and the chain to show with it: what one side of TLS proves itself with.</summary>
public sealed class TlsCertificate : IDisposable
{
    private static readonly TimeSpan SelfSignedLifetime = TimeSpan.FromDays(365);

    /// <summary>Clocks differ: one that is made now must be valid for a peer that is a little behind.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromHours(1);

    /// <summary>Takes a certificate over, and the chain to show with it.</summary>
    /// <param name="certificate">The certificate, with its private key.</param>
    /// <param name="chain">The authorities between it and the root, which peers need; null for none.</param>
    /// <exception cref="ArgumentException">The certificate has no private key.</exception>
    public TlsCertificate(X509Certificate2 certificate, X509Certificate2Collection? chain = null)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        if (!certificate.HasPrivateKey)
            throw new ArgumentException("The certificate has no private key: it could prove nothing.", nameof(certificate));
        Certificate = certificate;
        Chain = chain ?? [];
        Context = SslStreamCertificateContext.Create(certificate, Chain, offline: true);
        Fingerprint = TlsFingerprint.Of(certificate);
    }

    /// <summary>The certificate, with its private key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>The authorities between it and the root.</summary>
    public X509Certificate2Collection Chain { get; }

    /// <summary>The SHA-256 of the certificate's DER form, "AB:CD:…": to hand over, for <see cref="TlsClientOptions.Pins"/>.</summary>
    public string Fingerprint { get; }

    internal SslStreamCertificateContext Context { get; }

    /// <summary>
    /// Makes a certificate that nobody vouches for, with a new key (ECDSA P-256), valid for a year: for a test, or for whoever hands
    /// <see cref="Fingerprint"/> over by another way.
    /// </summary>
    /// <param name="names">The names and IP addresses it is for; none: localhost, 127.0.0.1, ::1 and this machine's name.</param>
    /// <param name="timeProvider">Says when its year begins; null for the system's.</param>
    public static TlsCertificate CreateSelfSigned(IEnumerable<string>? names = null, TimeProvider? timeProvider = null)
    {
        string[] all = names is null ? ["localhost", "127.0.0.1", "::1", Dns.GetHostName()] : [.. names];
        if (all.Length == 0)
            throw new ArgumentException("A certificate is for at least one name.", nameof(names));
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new(CommonName(all[0]), key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder alternatives = new();
        foreach (string name in all.Distinct(StringComparer.OrdinalIgnoreCase))
        {
            if (IPAddress.TryParse(name, out IPAddress? address))
                alternatives.AddIpAddress(address);
            else
                alternatives.AddDnsName(name);
        }

        request.CertificateExtensions.Add(alternatives.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        DateTimeOffset now = (timeProvider ?? TimeProvider.System).GetUtcNow();
        return new TlsCertificate(Usable(request.CreateSelfSigned(now - ClockSkew, now + SelfSignedLifetime)));
    }

    /// <summary>Reads a certificate, its key and its chain from PEM files, as authorities and <c>openssl</c> write them.</summary>
    /// <param name="certificatePath">The certificate first, then the chain; it may hold the key too.</param>
    /// <param name="keyPath">The private key, not encrypted; null: it is in the first file.</param>
    /// <exception cref="IOException">A file cannot be read; the message names it.</exception>
    /// <exception cref="FormatException">A file holds no certificate, no key, an encrypted key or another certificate's; the message names it.</exception>
    public static TlsCertificate LoadPem(string certificatePath, string? keyPath = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(certificatePath);
        X509Certificate2Collection all = TlsPem.ReadCertificates(certificatePath);
        using X509Certificate2 first = all[0];
        X509Certificate2 certificate = Usable(TlsPem.WithKey(first, certificatePath, keyPath ?? certificatePath));
        all.RemoveAt(0);
        return new TlsCertificate(certificate, all);
    }

    /// <summary>Reads the certificates of authorities from a PEM file, for <see cref="TlsClientOptions.TrustedRoots"/> or <see cref="TlsServerOptions.ClientRoots"/>.</summary>
    /// <exception cref="IOException">The file cannot be read; the message names it.</exception>
    /// <exception cref="FormatException">It holds no certificate; the message names it.</exception>
    public static X509Certificate2Collection LoadAuthorities(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return TlsPem.ReadCertificates(path);
    }

    /// <summary>The certificate in PEM form, without its key: what a client is given to trust it.</summary>
    public string ExportPem() => Certificate.ExportCertificatePem() + "\n";

    /// <summary>Forgets the certificate and its key.</summary>
    public void Dispose() => Certificate.Dispose();

    private static X500DistinguishedName CommonName(string name)
    {
        X500DistinguishedNameBuilder subject = new();
        subject.AddCommonName(name);
        return subject.Build();
    }

    /// <summary>Windows' TLS wants a key that was in a store once.</summary>
    private static X509Certificate2 Usable(X509Certificate2 certificate)
    {
        if (!OperatingSystem.IsWindows())
            return certificate;
        using X509Certificate2 ephemeral = certificate;
        return X509CertificateLoader.LoadPkcs12(ephemeral.Export(X509ContentType.Pfx), password: null);
    }
}
