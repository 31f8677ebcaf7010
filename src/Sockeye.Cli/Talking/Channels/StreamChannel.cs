using System.IO.Pipelines;
using System.Net.Sockets;

namespace Sockeye.Cli.Talking.Channels;

/// <summary>A peer of bytes: each direction ends by itself.</summary>
/// <param name="connection">The peer; the caller closes it.</param>
/// <param name="sending">What becomes of what is sent; null leaves it as it is.</param>
/// <param name="receiving">What becomes of what is received; null leaves it as it is.</param>
internal sealed class StreamChannel(Connection connection, Translation? sending, Translation? receiving) : Channel
{
    public override Flow CreateReceiving(PipeWriter outlet, Action onMoved) => new Pump(connection.Input, outlet, receiving, onMoved);

    public override Flow CreateSending(PipeReader input, Action onMoved) => new Pump(input, connection.Output, sending, onMoved);

    public override ValueTask EndAsync() => connection.Output.CompleteAsync();

    public override bool HasUnread()
    {
        try
        {
            return connection.Input.TryRead(out ReadResult result) && !result.Buffer.IsEmpty;
        }
        catch (Exception e) when (e is SocketException or ProtocolException)
        {
            return false;
        }
    }
}
