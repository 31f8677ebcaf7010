using System.IO.Pipelines;
using System.Net.Sockets;

namespace Sockeye.Tests.Serving;

/// <summary>Waits that end: with what they wait for, or with a failure long after it should have come.</summary>
internal static class Waiting
{
    public static Task Within(this Task task) => task.WaitAsync(Hang.Limit);

    public static Task<T> Within<T>(this Task<T> task) => task.WaitAsync(Hang.Limit);

    public static Task<T> Within<T>(this ValueTask<T> task) => task.AsTask().WaitAsync(Hang.Limit);

    /// <summary>Sends a line and reads the answer.</summary>
    public static async Task<string?> AskAsync(this Connection connection, string line)
    {
        await connection.WriteLineAsync(line).Within();
        return await connection.LineAsync();
    }

    /// <summary>The next line, or null at the end.</summary>
    public static async Task<string?> LineAsync(this Connection connection)
    {
        FrameReader<string> reader = connection.Frames(Codecs.Lines());
        FrameResult<string> result = await reader.ReadAsync().Within();
        reader.Release();
        return result.TryGetFrame(out string? line) ? line : null;
    }

    /// <summary>Reads to the end: true for an orderly one, false for a reset.</summary>
    public static async Task<bool> EndsInOrderAsync(this Connection connection)
    {
        try
        {
            while (true)
            {
                ReadResult result = await connection.Input.ReadAsync().Within();
                if (result.IsCompleted)
                    return true;
                connection.Input.AdvanceTo(result.Buffer.End);
            }
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
