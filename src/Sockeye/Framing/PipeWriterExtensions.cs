using System.IO.Pipelines;

namespace Sockeye;

/// <summary>Writes frames to a pipe.</summary>
public static class PipeWriterExtensions
{
    private static readonly FrameCodec<string> UnlimitedLines = Codecs.Lines(int.MaxValue);

    /// <summary>Writes one frame into the pipe's buffer; it leaves with the next flush.</summary>
    /// <typeparam name="T">What a frame is to the program.</typeparam>
    /// <param name="output">The pipe.</param>
    /// <param name="codec">What writes the frame.</param>
    /// <param name="frame">The frame.</param>
    /// <exception cref="ArgumentException">The codec cannot write this frame; nothing was written.</exception>
    public static void WriteFrame<T>(this PipeWriter output, FrameCodec<T> codec, T frame)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(codec);
        codec.Encode(frame, output);
    }

    /// <summary>Writes one frame and flushes.</summary>
    /// <typeparam name="T">What a frame is to the program.</typeparam>
    /// <param name="output">The pipe.</param>
    /// <param name="codec">What writes the frame.</param>
    /// <param name="frame">The frame.</param>
    /// <param name="cancellationToken">Cancels the flush's wait for the reader; the frame stays written.</param>
    /// <returns>The flush's result: completed if the pipe's reader takes no more.</returns>
    /// <exception cref="ArgumentException">The codec cannot write this frame; nothing was written.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static ValueTask<FlushResult> WriteFrameAsync<T>(
        this PipeWriter output, FrameCodec<T> codec, T frame, CancellationToken cancellationToken = default)
    {
        output.WriteFrame(codec, frame);
        return output.FlushAsync(cancellationToken);
    }

    /// <summary>Writes one line of text in UTF-8, ended by LF, and flushes.</summary>
    /// <param name="output">The pipe.</param>
    /// <param name="line">The line, without its end; it contains no LF and does not end with CR. Its length is not limited.</param>
    /// <param name="cancellationToken">Cancels the flush's wait for the reader; the line stays written.</param>
    /// <returns>The flush's result: completed if the pipe's reader takes no more.</returns>
    /// <exception cref="ArgumentException">The line contains LF, ends with CR or is no valid text; nothing was written.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static ValueTask<FlushResult> WriteLineAsync(this PipeWriter output, string line, CancellationToken cancellationToken = default) =>
        output.WriteFrameAsync(UnlimitedLines, line, cancellationToken);
}
