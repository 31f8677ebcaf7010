using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace Sockeye.AspNetCore.Tests;

/// <summary>Reading pipes and sockets as tests do.</summary>
internal static class TransportReading
{
    /// <summary>Reads exactly so many bytes, and consumes them.</summary>
    public static async Task<byte[]> ReadExactlyAsync(this PipeReader reader, int count)
    {
        ReadResult result;
        while ((result = await reader.ReadAsync().AsTask().WaitAsync(Hang.Limit)).Buffer.Length < count)
        {
            Assert.False(result.IsCompleted, $"only {result.Buffer.Length} bytes came before the end");
            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }

        byte[] bytes = result.Buffer.Slice(0, count).ToArray();
        reader.AdvanceTo(result.Buffer.GetPosition(count));
        return bytes;
    }

    /// <summary>Reads what comes before the end.</summary>
    public static async Task<byte[]> ReadToEndAsync(this PipeReader reader)
    {
        ArrayBufferWriter<byte> all = new();
        while (true)
        {
            ReadResult result = await reader.ReadAsync().AsTask().WaitAsync(Hang.Limit);
            foreach (ReadOnlyMemory<byte> segment in result.Buffer)
                all.Write(segment.Span);
            reader.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
                return all.WrittenSpan.ToArray();
        }
    }

    /// <summary>Receives what comes before the end.</summary>
    public static async Task<byte[]> ReceiveToEndAsync(this NetworkSocket socket)
    {
        ArrayBufferWriter<byte> all = new();
        while (await socket.ReceiveAsync(all.GetMemory(64 * 1024)).AsTask().WaitAsync(Hang.Limit) is > 0 and int count)
            all.Advance(count);
        return all.WrittenSpan.ToArray();
    }

    public static PipeReader Input(this ConnectionContext connection) => connection.Transport.Input;

    public static PipeWriter Output(this ConnectionContext connection) => connection.Transport.Output;
}
