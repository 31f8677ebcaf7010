using System.Net.WebSockets;

namespace Sockeye;

/// <summary>The peer broke RFC 6455 or RFC 7692, with the status that the Close frame tells it (RFC 6455, section 7.4.1).</summary>
internal sealed class WebSocketFailure(WebSocketCloseStatus status, string message) : ProtocolException(message)
{
    public WebSocketCloseStatus Status => status;
}
