using System.IO.Pipelines;

namespace Sockeye.Tests.Connections.WebSocket;

internal static class ReadingBytes
{
    public static async Task<byte[]> ReadOneAsync(this PipeReader input)
    {
        ReadResult result = await input.ReadAtLeastAsync(1);
        Assert.False(result.Buffer.IsEmpty, "the stream ended");
        byte[] one = [result.Buffer.FirstSpan[0]];
        input.AdvanceTo(result.Buffer.GetPosition(1));
        return one;
    }
}
