using System.Security.Cryptography;

namespace Sockeye.Cli.Tracing;

/// <summary>What the protocols above a socket agreed on, by name.</summary>
internal static class Handshakes
{
    public static TraceStep Describe(Connection connection, TimeSpan elapsed) => connection switch
    {
        TlsConnection tls => Step("TLS", elapsed, Of(tls)),
        WebSocketConnection socket => Step("WebSocket", elapsed, Of(socket)),
        _ => Step(connection.GetType().Name, elapsed, []),
    };

    private static TraceStep Step(string protocol, TimeSpan elapsed, List<KeyValuePair<string, string>> parameters) =>
        new(TraceStepKind.Protocol) { Protocol = protocol, Duration = elapsed, Parameters = parameters };

    private static List<KeyValuePair<string, string>> Of(TlsConnection tls)
    {
        List<KeyValuePair<string, string>> parameters =
        [
            new("version", $"{tls.Protocol}"),
            new("cipher", $"{tls.CipherSuite}"),
            new("alpn", tls.ApplicationProtocol ?? "none"),
            new("serverName", tls.ServerName ?? "none"),
        ];
        if (tls.PeerCertificate is { } certificate)
        {
            parameters.Add(new("subject", certificate.Subject));
            parameters.Add(new("issuer", certificate.Issuer));
            parameters.Add(new("validUntil", $"{certificate.NotAfter.ToUniversalTime():yyyy-MM-dd'T'HH:mm:ss'Z'}"));
            parameters.Add(new("sha256", certificate.GetCertHashString(HashAlgorithmName.SHA256)));
        }

        return parameters;
    }

    private static List<KeyValuePair<string, string>> Of(WebSocketConnection socket) =>
    [
        new("path", socket.Path),
        new("subprotocol", socket.SubProtocol ?? "none"),
        new("compressed", socket.IsCompressed ? "yes" : "no"),
    ];
}
