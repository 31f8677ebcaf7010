using System.Globalization;
using System.Security.Authentication;

namespace Sockeye;

/// <summary>
/// How long a peer may take over all handshakes of an accepted connection together: PROXY, TLS, WebSocket. The outermost of them keeps the time, because
/// its handshake contains the others'.
/// </summary>
internal static class HandshakeLimit
{
    /// <summary>Starts the time; disposing what it gives ends it. When it is up, the connection is aborted, and the handshake throws why.</summary>
    public static ITimer? Start(Connection outermost, TimeSpan timeout, TimeProvider time) =>
        timeout == Timeout.InfiniteTimeSpan ? null : time.CreateTimer(_ => outermost.Abort(Explain(outermost, timeout)), null, timeout, Timeout.InfiniteTimeSpan);

    public static string Seconds(TimeSpan timeout) => string.Create(CultureInfo.InvariantCulture, $"{timeout.TotalSeconds:0.###} s");

    /// <summary>Names the innermost handshake that is not done: that is the one the peer is waited for in.</summary>
    private static Exception Explain(Connection outermost, TimeSpan timeout)
    {
        if (outermost.Layer<ProxiedConnection>() is { ProxyHeader: null } proxied)
            return proxied.TimedOut(timeout);
        if (outermost.Layer<TlsConnection>() is { IsServer: true, Protocol: SslProtocols.None } secure)
            return secure.TimedOut(timeout);
        string peer = outermost.RemoteEndPoint?.ToString() is { Length: > 0 } name ? name : "the peer";
        return new SocketTimeoutException($"cannot speak WebSocket with {peer}: the handshake was not done within {Seconds(timeout)}");
    }
}
