using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sockeye;

/// <summary>PEM files (RFC 7468), and what is wrong with one.</summary>
internal static class TlsPem
{
    private const string CertificateLabel = "CERTIFICATE";
    private const string EncryptedLabel = "ENCRYPTED PRIVATE KEY";

    /// <summary>How PEM of old says it: within a key that is labelled like any other (RFC 1421).</summary>
    private const string OldEncryptedMark = "Proc-Type: 4,ENCRYPTED";

    public static X509Certificate2Collection ReadCertificates(string path)
    {
        string text = Read(path);
        X509Certificate2Collection all = [];
        try
        {
            all.ImportFromPem(text);
        }
        catch (CryptographicException e)
        {
            throw new FormatException($"{path}: a certificate in it cannot be read: {e.Message}", e);
        }

        if (all.Count > 0)
            return all;
        string found = Labels(text) is { Length: > 0 } labels ? $"it holds {labels}" : "it is no PEM file; 'openssl x509 -inform der -in FILE' makes one of DER";
        throw new FormatException($"{path}: there is no certificate in it: {found}");
    }

    public static X509Certificate2 WithKey(X509Certificate2 certificate, string certificatePath, string keyPath)
    {
        string text = Read(keyPath);
        string labels = Labels(text);
        if (labels.Contains(EncryptedLabel, StringComparison.Ordinal) || text.Contains(OldEncryptedMark, StringComparison.Ordinal))
            throw new FormatException($"{keyPath}: the key in it is encrypted; 'openssl pkey -in FILE -out PLAIN' takes its password off");
        if (!labels.Contains("PRIVATE KEY", StringComparison.Ordinal))
        {
            string advice = keyPath == certificatePath ? "give the file that has it as well" : labels.Length > 0 ? $"it holds {labels}" : "it is no PEM file";
            throw new FormatException($"{keyPath}: there is no private key in it; {advice}");
        }

        try
        {
            return X509Certificate2.CreateFromPem(certificate.ExportCertificatePem(), text);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new FormatException(
                $"{keyPath}: the key in it is not the key of {certificatePath} ({certificate.Subject}), or not one that can be read: {e.Message}", e);
        }
    }

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FileNotFoundException($"{path}: there is no such file", path, e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"{path}: no permission to read it, or it is a folder", e);
        }
    }

    private static string Labels(string text)
    {
        List<string> labels = [];
        ReadOnlySpan<char> rest = text;
        while (PemEncoding.TryFind(rest, out PemFields fields))
        {
            labels.Add(rest[fields.Label].ToString());
            rest = rest[fields.Location.End..];
        }

        return string.Join(", ", labels.Where(label => label != CertificateLabel).DefaultIfEmpty(labels.Count > 0 ? CertificateLabel : ""));
    }
}
