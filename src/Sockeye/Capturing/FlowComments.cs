using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>What comments say.</summary>
internal static class FlowComments
{
    public static string Agreement(TlsConnection tls, TimeSpan elapsed) =>
        $"TLS handshake in {elapsed.TotalMilliseconds:F3} ms: {tls.Protocol}, {tls.CipherSuite?.ToString() ?? "cipher suite unknown"}"
        + (tls.ServerName is { } name ? $", server name {name}" : "")
        + (tls.ApplicationProtocol is { } protocol ? $", ALPN {protocol}" : "");

    public static string Agreement(WebSocketConnection webSocket) =>
        $"WebSocket opened{(webSocket.Path.Length > 0 ? $" at {webSocket.Path}" : "")}"
        + (webSocket.SubProtocol is { } protocol ? $", subprotocol {protocol}" : "")
        + (webSocket.IsCompressed ? ", compressed" : "");

    public static string Resolved(Address address, IReadOnlyList<EndPoint> endPoints, TimeSpan elapsed) =>
        $"{address.Host} resolved in {elapsed.TotalMilliseconds:F3} ms: {string.Join(", ", endPoints.Select(each => each is IPEndPoint ip ? ip.Address.ToString() : each.ToString()))}";

    public static string Error(SocketError error) => $"error {error}: {SocketErrors.Reason(error)}";

    public static string Hole(long length) => $"{length} byte{(length == 1 ? " is" : "s are")} missing before this";

    public static string Dropped(long count) => $"{count} event{(count == 1 ? " was" : "s were")} dropped before this: the recorder did not keep up";
}
