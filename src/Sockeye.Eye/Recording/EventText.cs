using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Sockeye.Eye.Recording;

/// <summary>What is told of events and end points in words.</summary>
internal static class EventText
{
    public static string? Of(ConversationEvent happened) => happened.Kind switch
    {
        ConversationEventKind.Connecting or ConversationEventKind.Connected => Of(happened.EndPoint),
        ConversationEventKind.Handshaking => happened.Layer is TlsConnection ? "TLS" : "WebSocket",
        ConversationEventKind.Handshaken => Of(happened.Layer),
        ConversationEventKind.Error => happened.Error.ToString(),
        ConversationEventKind.Faulted => Of(happened.Fault!),
        _ => null,
    };

    public static string? Of(EndPoint? endPoint) => endPoint switch
    {
        null => null,
        UnixDomainSocketEndPoint unix => unix.ToString() is { Length: > 0 } path ? path : "a Unix socket without a name",
        DnsEndPoint name => $"{name.Host}:{name.Port}",
        _ => endPoint.ToString(),
    };

    private static string Of(Connection? layer) => layer switch
    {
        TlsConnection tls => string.Join(", ", new[] { Of(tls.Protocol), tls.CipherSuite?.ToString(), tls.ServerName, tls.ApplicationProtocol }.Where(static part => !string.IsNullOrEmpty(part))),
        WebSocketConnection web => string.Join(", ", new[] { "WebSocket", web.SubProtocol, web.IsCompressed ? "compressed" : null }.Where(static part => !string.IsNullOrEmpty(part))),
        _ => "",
    };

    private static string Of(SocketFault fault) => fault.Direction switch
    {
        FaultDirection.Up => $"to the server: {fault}",
        FaultDirection.Down => $"to the client: {fault}",
        _ => $"{fault}",
    };

    public static string Of(SslProtocols protocol) => protocol switch
    {
        SslProtocols.Tls13 => "TLS 1.3",
        SslProtocols.Tls12 => "TLS 1.2",
        _ => "TLS",
    };
}
