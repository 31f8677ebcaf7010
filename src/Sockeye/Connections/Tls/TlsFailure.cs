namespace Sockeye;

/// <summary>Why TLS failed.</summary>
public enum TlsFailure
{
    /// <summary>The handshake broke in a way that has no name of its own; the message has the platform's words.</summary>
    Handshake,

    /// <summary>The certificate is self-signed, or of an authority that is not trusted here.</summary>
    UnknownAuthority,

    /// <summary>The certificate is for other names than the one that was asked for.</summary>
    WrongName,

    /// <summary>The certificate was valid until some time ago.</summary>
    Expired,

    /// <summary>The certificate is valid from some time on that is yet to come.</summary>
    NotYetValid,

    /// <summary>The certificate breaks another rule: its use, its signature, its constraints.</summary>
    InvalidCertificate,

    /// <summary>The certificate is none of those that were pinned.</summary>
    PinMismatch,

    /// <summary>The two sides have no protocol version or cipher in common.</summary>
    NoCommonProtocol,

    /// <summary>The two sides have no application protocol (ALPN, RFC 7301) in common.</summary>
    NoCommonApplicationProtocol,

    /// <summary>The server wants a certificate of the client, and got none.</summary>
    ClientCertificateMissing,

    /// <summary>The peer does not accept our certificate.</summary>
    CertificateRefused,

    /// <summary>The peer speaks something else.</summary>
    NotTls,

    /// <summary>The peer closed the connection during the handshake.</summary>
    ClosedEarly,
}
