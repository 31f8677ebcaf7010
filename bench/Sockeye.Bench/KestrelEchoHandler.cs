using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace Sockeye.Bench;

/// <summary>The echo as a connection handler of Kestrel.</summary>
internal sealed class KestrelEchoHandler : ConnectionHandler
{
    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        (PipeReader input, PipeWriter output) = (connection.Transport.Input, connection.Transport.Output);
        while (true)
        {
            ReadResult result = await input.ReadAsync();
            foreach (ReadOnlyMemory<byte> part in result.Buffer)
                output.Write(part.Span);
            await output.FlushAsync();
            input.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
                return;
        }
    }
}
