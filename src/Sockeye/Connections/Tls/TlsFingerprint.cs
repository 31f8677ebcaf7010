using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sockeye;

/// <summary>The SHA-256 of a certificate as people compare it: "AB:CD:…", 32 bytes.</summary>
internal static class TlsFingerprint
{
    public static string Of(X509Certificate2 certificate) => Print(certificate.GetCertHash(HashAlgorithmName.SHA256));

    /// <summary>The canonical text of one that is written with or without colons, in any case.</summary>
    public static string Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string digits = text.Replace(":", "", StringComparison.Ordinal).Trim();
        if (digits.Length != 2 * SHA256.HashSizeInBytes || !digits.All(char.IsAsciiHexDigit))
        {
            throw new FormatException(
                $"{Display.Quote(text)} is no SHA-256 fingerprint: that is {2 * SHA256.HashSizeInBytes} hexadecimal digits, with or without colons, as 'openssl x509 -noout -fingerprint -sha256' prints it.");
        }

        return Print(Convert.FromHexString(digits));
    }

    private static string Print(byte[] hash) => Convert.ToHexString(hash).Chunk(2).Select(pair => new string(pair)).Aggregate((all, pair) => $"{all}:{pair}");
}
