using System.Threading.Channels;

namespace Sockeye.Cli.Services.Chat;

/// <summary>A member that is told lines as bytes, or as messages on a socket that keeps them apart.</summary>
internal sealed class StreamMember(Connection connection, bool hasMessages) : QueuedMember
{
    private const int FlushBytes = 64 * 1024;

    protected override async ValueTask<long> WriteAsync(ChannelReader<ReadOnlyMemory<byte>> waiting)
    {
        long taken = 0;
        while (taken < FlushBytes && waiting.TryRead(out ReadOnlyMemory<byte> message))
        {
            message.Span.CopyTo(connection.Output.GetSpan(message.Length));
            connection.Output.Advance(message.Length);
            taken += CostOf(message);
            if (hasMessages)
                break;
        }

        await connection.Output.FlushAsync();
        return taken;
    }

    protected override void Abort(Exception reason) => connection.Abort(reason);
}
