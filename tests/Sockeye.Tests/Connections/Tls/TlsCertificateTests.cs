using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sockeye.Tests.Connections.Tls;

/// <summary>PEM files, and what is wrong with one.</summary>
public sealed class TlsCertificateTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sockeye-tls-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_certificate_and_its_key_are_read_from_two_files_or_one()
    {
        using TlsCertificate made = TlsCertificate.CreateSelfSigned(["example.org"]);
        string key = made.Certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem();
        string certificatePath = Write("cert.pem", made.ExportPem()), keyPath = Write("key.pem", key), both = Write("both.pem", made.ExportPem() + key);
        using TlsCertificate two = TlsCertificate.LoadPem(certificatePath, keyPath), one = TlsCertificate.LoadPem(both);
        Assert.Equal((made.Fingerprint, made.Fingerprint), (two.Fingerprint, one.Fingerprint));
        Assert.Single(TlsCertificate.LoadAuthorities(certificatePath));
    }

    [Fact]
    public void A_chain_is_read_behind_the_certificate()
    {
        using TestAuthority authority = new(DateTimeOffset.UtcNow);
        using TlsCertificate leaf = authority.Issue("localhost");
        string key = leaf.Certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem();
        using TlsCertificate read = TlsCertificate.LoadPem(Write("chain.pem", leaf.ExportPem() + authority.Root.ExportCertificatePem() + "\n" + key));
        Assert.Equal(authority.Root.Subject, Assert.Single(read.Chain).Subject);
    }

    [Fact]
    public void A_file_that_is_not_there_is_named() =>
        Assert.EndsWith("missing.pem: there is no such file", Assert.ThrowsAny<IOException>(() => TlsCertificate.LoadPem(Path.Combine(_folder, "missing.pem"))).Message, StringComparison.Ordinal);

    [Fact]
    public void Each_fault_of_a_file_is_named()
    {
        using TlsCertificate made = TlsCertificate.CreateSelfSigned(["a"]), other = TlsCertificate.CreateSelfSigned(["b"]);
        using ECDsa key = made.Certificate.GetECDsaPrivateKey()!, otherKey = other.Certificate.GetECDsaPrivateKey()!;
        string encrypted = key.ExportEncryptedPkcs8PrivateKeyPem("password", new PbeParameters(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 1000));
        string certificate = Write("cert.pem", made.ExportPem());
        Refused("there is no private key in it; give the file that has it", certificate, null);
        Refused("the key in it is encrypted; 'openssl pkey", certificate, Write("locked.pem", encrypted));
        Refused("is not the key of", certificate, Write("other.pem", otherKey.ExportPkcs8PrivateKeyPem()));
        Refused("there is no certificate in it: it holds PRIVATE KEY", Write("key.pem", key.ExportPkcs8PrivateKeyPem()), null);
        Refused("there is no certificate in it: it is no PEM file", Write("der", "0\u0082"), null);
    }

    [Fact]
    public void A_self_signed_certificate_is_for_this_machine_and_a_year()
    {
        using TlsCertificate made = TlsCertificate.CreateSelfSigned();
        Assert.True(made.Certificate.MatchesHostname("localhost"));
        Assert.True(made.Certificate.MatchesHostname("127.0.0.1"));
        Assert.True(made.Certificate.MatchesHostname("::1"));
        Assert.Equal(365, Math.Round((made.Certificate.NotAfter - DateTime.Now).TotalDays));
        Assert.Matches("^([0-9A-F]{2}:){31}[0-9A-F]{2}$", made.Fingerprint);
    }

    [Fact]
    public void A_certificate_without_a_key_is_refused()
    {
        using TlsCertificate made = TlsCertificate.CreateSelfSigned();
        using X509Certificate2 bare = X509CertificateLoader.LoadCertificate(made.Certificate.RawData);
        Assert.Throws<ArgumentException>(() => new TlsCertificate(bare));
    }

    private void Refused(string why, string certificate, string? key)
    {
        string message = Assert.Throws<FormatException>(() => TlsCertificate.LoadPem(certificate, key)).Message;
        Assert.Contains(why, message, StringComparison.Ordinal);
        Assert.StartsWith(key ?? certificate, message, StringComparison.Ordinal);
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
