using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sockeye.Tests.Connections.Tls;

/// <summary>An authority of a test's own, which issues whatever certificate is asked for.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly DateTimeOffset _now;

    public TestAuthority(DateTimeOffset now, string name = "Test Authority")
    {
        _now = now;
        CertificateRequest request = new($"CN={name}", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        Root = request.CreateSelfSigned(now.AddYears(-10), now.AddYears(10));
    }

    public X509Certificate2 Root { get; }

    public TlsCertificate Issue(string name, DateTimeOffset? from = null, DateTimeOffset? until = null)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        byte[] serial = RandomNumberGenerator.GetBytes(16);
        using X509Certificate2 issued = request.Create(Root, from ?? _now.AddDays(-1), until ?? _now.AddDays(30), serial);
        return new TlsCertificate(issued.CopyWithPrivateKey(key));
    }

    public void Dispose()
    {
        Root.Dispose();
        _key.Dispose();
    }
}
