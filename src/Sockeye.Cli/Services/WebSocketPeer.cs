using System.Net.Sockets;
using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using System.Text.Unicode;

namespace Sockeye.Cli.Services;

/// <summary>A client by the messages of its WebSocket.</summary>
/// <param name="socket">The client; its owner closes it.</param>
/// <param name="heard">Told of each message that came.</param>
/// <param name="told">Told how long each message is that was sent.</param>
internal sealed class WebSocketPeer(WebSocketConnection socket, Action<WebSocketMessage>? heard = null, Action<int>? told = null)
{
    /// <summary>The messages, whole. Ends when the peer closes, and without an exception when <paramref name="stop"/> fires.</summary>
    public async IAsyncEnumerable<WebSocketMessage> ReceivedAsync([EnumeratorCancellation] CancellationToken stop)
    {
        while (await TryReceiveAsync(stop) is { } message)
        {
            heard?.Invoke(message);
            yield return message;
        }
    }

    /// <summary>Sends a message; nothing to a peer that has closed meanwhile, which is no fault of anybody.</summary>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, WebSocketMessageType type)
    {
        try
        {
            await socket.SendAsync(bytes, type, cancellationToken: CancellationToken.None);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.Shutdown && socket.CloseStatus is not null)
        {
            return;
        }

        told?.Invoke(bytes.Length);
    }

    /// <summary>Sends a line, without its end: as text if it is UTF-8, because a text message has to be, and as binary if not.</summary>
    public ValueTask SendLineAsync(ReadOnlyMemory<byte> line)
    {
        ReadOnlyMemory<byte> bytes = line[..line.Span.TrimEnd("\r\n"u8).Length];
        return SendAsync(bytes, Utf8.IsValid(bytes.Span) ? WebSocketMessageType.Text : WebSocketMessageType.Binary);
    }

    /// <summary>Ends it by a reset.</summary>
    public void Abort(Exception reason) => socket.Abort(reason);

    private async ValueTask<WebSocketMessage?> TryReceiveAsync(CancellationToken stop)
    {
        if (stop.IsCancellationRequested)
            return null;
        try
        {
            return await socket.ReceiveAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }
    }
}
