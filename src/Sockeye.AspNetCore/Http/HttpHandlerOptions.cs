namespace Sockeye;

/// <summary>What <see cref="SockeyeHttpExtensions.CreateHttpHandler"/> can be told.</summary>
public sealed record HttpHandlerOptions
{
    internal static readonly HttpHandlerOptions Default = new();

    /// <summary>
    /// Where every request goes, whatever host its URI names: <c>unix:///run/docker.sock</c>, or one machine behind a name. The host still goes into the request, and
    /// into the verifying of TLS. Null connects to the URI's own host and port.
    /// </summary>
    public Address? Target { get; init; }

    /// <summary>
    /// How connections are made: the time limit, the observer, TLS and PROXY where <see cref="Target"/> asks for them. They never linger as they are closed, whatever this
    /// says: a client that closes has all it wants.
    /// </summary>
    public ConnectorOptions Connector { get; init; } = new();
}
