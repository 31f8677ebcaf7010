using System.Net.WebSockets;
using System.Text;

namespace Sockeye.Cli.Services;

/// <summary>Sends a greeting to whoever connects, hears what it says, and closes. A datagram is answered with the greeting.</summary>
internal sealed class GreetService(string text, bool closeAtOnce) : Service
{
    public const string DefaultText = "Thank you for connecting";

    private readonly ReadOnlyMemory<byte> _greeting = Encoding.UTF8.GetBytes(text);

    public override async Task ServeAsync(Connection connection, CancellationToken stop)
    {
        await connection.WriteAsync(_greeting, CancellationToken.None);
        if (!closeAtOnce && await Receiving.TryReadAsync(connection.Input, stop) is { } heard)
            connection.Input.AdvanceTo(heard.Buffer.End);
    }

    public override async Task ServeAsync(WebSocketPeer peer, CancellationToken stop)
    {
        await peer.SendAsync(_greeting, WebSocketMessageType.Text);
        if (closeAtOnce)
            return;
        await foreach (WebSocketMessage _ in peer.ReceivedAsync(stop))
            return;
    }

    protected override ReadOnlyMemory<byte>? Answer(ReadOnlyMemory<byte> message) => _greeting;
}
