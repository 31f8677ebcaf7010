namespace Sockeye.AspNetCore.Tests;

/// <summary>Who does a server's TLS.</summary>
public enum TlsBy
{
    /// <summary>Its middleware, above the transport.</summary>
    Kestrel,

    /// <summary>The listener of a <c>tls://</c> address, below it.</summary>
    Sockeye,
}
