namespace Sockeye.AspNetCore.Tests.Serving;

/// <summary>What a client speaks with a server.</summary>
public enum WebProtocol
{
    /// <summary>HTTP/1.1 in the clear.</summary>
    Http1,

    /// <summary>HTTP/2 in the clear, without asking.</summary>
    Http2,

    /// <summary>HTTP/1.1 over Kestrel's TLS.</summary>
    Https1,

    /// <summary>HTTP/2 over Kestrel's TLS, agreed on by ALPN.</summary>
    Https2,
}
