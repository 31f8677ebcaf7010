using System.Security.Cryptography.X509Certificates;

namespace Sockeye;

/// <summary>
/// What a TLS client can be told. Without a word the server's certificate is verified: its authority against the system's, its name, its dates. Nothing is
/// fetched from elsewhere for it, so no revocation is looked up.
/// </summary>
public sealed record TlsClientOptions : TlsOptions
{
    internal static readonly TlsClientOptions Default = new();

    /// <summary>The server's name, to ask for (SNI) and to verify; null for the host of the address.</summary>
    public string? TargetHost { get; init; }

    /// <summary>The authorities to trust instead of the system's; null for the system's.</summary>
    public X509Certificate2Collection? TrustedRoots { get; init; }

    /// <summary>
    /// The only certificates to accept, each by the SHA-256 of its DER form in hexadecimal, with or without colons: what <see cref="TlsCertificate.Fingerprint"/>
    /// is and <c>openssl x509 -fingerprint -sha256</c> prints. One that is pinned needs no authority and no name; its dates still count.
    /// </summary>
    /// <exception cref="FormatException">One is no SHA-256.</exception>
    public IReadOnlyList<string> Pins
    {
        get;
        init => field = [.. value.Select(TlsFingerprint.Parse)];
    } = [];

    /// <summary>Accepts whatever certificate the server has: whoever is in between may read and change everything.</summary>
    public bool AllowUntrusted { get; init; }

    /// <summary>The client's own certificate, for servers that want one.</summary>
    public TlsCertificate? Certificate { get; init; }

    /// <summary>How long the server may take over the handshake. 10 s.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not positive, or over 24 days.</exception>
    public TimeSpan HandshakeTimeout
    {
        get;
        init
        {
            if (value <= TimeSpan.Zero || value.TotalMilliseconds > int.MaxValue)
                throw new ArgumentOutOfRangeException(nameof(value), value, "HandshakeTimeout is more than zero and up to 24 days.");
            field = value;
        }
    } = TimeSpan.FromSeconds(10);
}
