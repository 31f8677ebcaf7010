using System.Security.Cryptography.X509Certificates;

namespace Sockeye;

/// <summary>What a TLS server can be told.</summary>
public sealed record TlsServerOptions : TlsOptions
{
    /// <summary>What the server shows: <see cref="TlsCertificate.LoadPem"/>, or <see cref="TlsCertificate.CreateSelfSigned"/>.</summary>
    public required TlsCertificate Certificate { get; init; }

    /// <summary>
    /// The authorities of the clients' certificates. Given, a client must have one of theirs; null: clients are not asked for any.
    /// </summary>
    public X509Certificate2Collection? ClientRoots { get; init; }
}
