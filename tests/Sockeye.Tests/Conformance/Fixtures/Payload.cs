using System.Buffers;
using System.IO.Pipelines;
using System.Text;

namespace Sockeye.Tests.Conformance;

/// <summary>Bytes to send, and what reads them back.</summary>
internal static class Payload
{
    /// <summary>The pattern repeats after so many bytes: a prime, so that a lost or doubled block shows.</summary>
    public const int Period = 251;

    public static byte[] Of(int length)
    {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++)
            bytes[i] = (byte)(i % Period);
        return bytes;
    }

    public static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    public static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);

    /// <summary>Receives until the peer ends.</summary>
    public static async ValueTask<byte[]> ReceiveToEndAsync(this NetworkSocket socket)
    {
        ArrayBufferWriter<byte> all = new();
        while (true)
        {
            int count = await socket.ReceiveAsync(all.GetMemory(16 * 1024));
            if (count == 0)
                return all.WrittenSpan.ToArray();
            all.Advance(count);
        }
    }

    /// <summary>Receives so many bytes, or fewer at the stream's end.</summary>
    public static async ValueTask<byte[]> ReceiveExactlyAsync(this NetworkSocket socket, int length)
    {
        byte[] buffer = new byte[length];
        int count = await socket.ReceiveAllAsync(buffer);
        return buffer[..count];
    }

    /// <summary>Receives some bytes as text.</summary>
    public static async ValueTask<string> ReceiveTextAsync(this NetworkSocket socket)
    {
        byte[] buffer = new byte[1024];
        int count = await socket.ReceiveAsync(buffer);
        return Text(buffer.AsSpan(0, count));
    }

    public static ValueTask SendTextAsync(this NetworkSocket socket, string text) => socket.SendAllAsync(Text(text));

    /// <summary>Waits without a thread until the socket is ready.</summary>
    public static async ValueTask<SocketEvents> UntilAsync(this NetworkSocket socket, SocketEvents events)
    {
        SocketPoll[] items = [new(socket, events)];
        await socket.Network.PollAsync(items);
        return items[0].Found;
    }

    /// <summary>Reads so many bytes off a pipe.</summary>
    public static async ValueTask<byte[]> ReadExactlyAsync(this PipeReader input, int length)
    {
        ReadResult result = await input.ReadAtLeastAsync(length);
        ReadOnlySequence<byte> bytes = result.Buffer.Slice(0, Math.Min(length, result.Buffer.Length));
        byte[] copy = bytes.ToArray();
        input.AdvanceTo(bytes.End);
        return copy;
    }

    /// <summary>Reads until the peer ends.</summary>
    public static async ValueTask<byte[]> ReadToEndAsync(this PipeReader input)
    {
        ArrayBufferWriter<byte> all = new();
        while (true)
        {
            ReadResult result = await input.ReadAsync();
            foreach (ReadOnlyMemory<byte> part in result.Buffer)
                all.Write(part.Span);
            input.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
                return all.WrittenSpan.ToArray();
        }
    }

    public static ValueTask<FlushResult> WriteTextAsync(this Connection connection, string text) => connection.WriteAsync(Text(text));
}
