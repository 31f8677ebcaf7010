using System.Security.Cryptography.X509Certificates;

namespace Sockeye.Hub.Tests;

/// <summary>A certificate and its key as files, which is how a hub is given them.</summary>
internal static class PemFiles
{
    /// <summary>Writes them into a folder.</summary>
    public static async Task<HubOptions> WithTlsAsync(this HubOptions options, TlsCertificate certificate, string folder)
    {
        string file = Path.Combine(folder, "cert.pem");
        string key = Path.Combine(folder, "key.pem");
        await File.WriteAllTextAsync(file, certificate.ExportPem());
        await File.WriteAllTextAsync(key, certificate.Certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        return options with { TlsCertificate = file, TlsKey = key };
    }
}
