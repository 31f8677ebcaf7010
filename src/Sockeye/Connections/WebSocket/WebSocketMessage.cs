using System.Net.WebSockets;
using System.Runtime.InteropServices;
using System.Text;

namespace Sockeye;

/// <summary>One message of a WebSocket, whole.</summary>
/// <param name="Type">Text or binary.</param>
/// <param name="Bytes">Its payload: the receiver's own. Of a text it is UTF-8 that was checked.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct WebSocketMessage(WebSocketMessageType Type, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>The payload as text; decoded anew at each call.</summary>
    public string Text => Encoding.UTF8.GetString(Bytes.Span);

    /// <summary>Whether it is a text message.</summary>
    public bool IsText => Type == WebSocketMessageType.Text;
}
