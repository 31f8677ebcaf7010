using System.IO.Pipelines;

namespace Sockeye.Cli.Talking;

/// <summary>
/// Reads a stream that blocks (standard input, a program's output) on a thread of its own, so that nothing else waits for it, and the process
/// may end while it waits.
/// </summary>
internal static class BlockingInput
{
    /// <summary>How much is read ahead of whoever takes it, in bytes.</summary>
    public const int AheadBytesMax = 256 * 1024;

    private const int ReadBytes = 64 * 1024;

    /// <param name="stream">What to read; it is disposed at its end.</param>
    /// <param name="name">What it is called, for the thread and for what goes wrong.</param>
    public static PipeReader Open(Stream stream, string name)
    {
        Pipe pipe = new(new PipeOptions(
            pauseWriterThreshold: AheadBytesMax, resumeWriterThreshold: AheadBytesMax / 2, minimumSegmentSize: ReadBytes, useSynchronizationContext: false));
        new Thread(() => Read(stream, pipe.Writer, name)) { IsBackground = true, Name = name }.Start();
        return pipe.Reader;
    }

    private static void Read(Stream stream, PipeWriter writer, string name)
    {
        Exception? error = null;
        try
        {
            while (stream.Read(writer.GetSpan(ReadBytes)) is > 0 and int count)
            {
                writer.Advance(count);
                ValueTask<FlushResult> flush = writer.FlushAsync();
                FlushResult result = flush.IsCompletedSuccessfully ? flush.Result : flush.AsTask().GetAwaiter().GetResult();
                if (result.IsCompleted)
                    break;
            }

            stream.Dispose();
        }
        catch (IOException e)
        {
            error = new IOException($"cannot read {name}: {e.Message}", e);
        }

        writer.Complete(error);
    }
}
