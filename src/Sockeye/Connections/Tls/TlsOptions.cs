using System.Security.Authentication;

namespace Sockeye;

/// <summary>What both sides of TLS can be told.</summary>
public abstract record TlsOptions
{
    private protected TlsOptions()
    {
    }

    /// <summary>
    /// The application protocols (ALPN, RFC 7301) to offer or accept, the preferred first: "h2", "http/1.1". None: the subject is not raised.
    /// <see cref="TlsConnection.ApplicationProtocol"/> says which was agreed on.
    /// </summary>
    public IReadOnlyList<string> ApplicationProtocols { get; init; } = [];

    /// <summary>The protocol versions; <see cref="SslProtocols.None"/> leaves them to the system, as a rule TLS 1.2 and 1.3.</summary>
    public SslProtocols Protocols { get; init; }
}
