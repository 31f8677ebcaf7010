using System.IO.Pipelines;
using Sockeye.Cli.Output;

namespace Sockeye.Cli.Talking;

/// <summary>
/// Writes to a stream that blocks (standard output, a program's input) on a thread of its own: one that nobody reads stops nothing but this
/// direction. Its end is the stream's: whoever reads that sees it at once.
/// </summary>
internal sealed class BlockingOutlet : Outlet
{
    /// <summary>How much waits to be written before the peer has to wait, in bytes.</summary>
    public const int WaitingBytesMax = 256 * 1024;

    /// <summary>EPIPE of errno.h, which .NET puts into <see cref="Exception.HResult"/>.</summary>
    private const int BrokenPipeError = 32;

    private readonly Pipe _pipe = new(new PipeOptions(
        pauseWriterThreshold: WaitingBytesMax, resumeWriterThreshold: WaitingBytesMax / 2, minimumSegmentSize: 64 * 1024, useSynchronizationContext: false));

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Stream _stream;
    private readonly string _name;
    private long _written;

    /// <param name="stream">Where to; disposed at the end.</param>
    /// <param name="name">What it is called, for the thread and for what goes wrong.</param>
    public BlockingOutlet(Stream stream, string name)
    {
        (_stream, _name) = (stream, name);
        new Thread(WriteAll) { IsBackground = true, Name = name }.Start();
    }

    public override PipeWriter Writer => _pipe.Writer;

    public override Task Ended => _ended.Task;

    /// <summary>Whether anybody takes what is written.</summary>
    public StandStill StandStill { get; } = new();

    public override long Written => Volatile.Read(ref _written);

    private void WriteAll()
    {
        try
        {
            ReadResult result;
            do
            {
                ValueTask<ReadResult> read = _pipe.Reader.ReadAsync();
                result = read.IsCompletedSuccessfully ? read.Result : read.AsTask().GetAwaiter().GetResult();
                foreach (ReadOnlyMemory<byte> piece in result.Buffer)
                {
                    StandStill.BeginWrite();
                    _stream.Write(piece.Span);
                    StandStill.EndWrite();
                    Volatile.Write(ref _written, _written + piece.Length);
                }

                _stream.Flush();
                _pipe.Reader.AdvanceTo(result.Buffer.End);
            }
            while (!result.IsCompleted);
            _stream.Dispose();
            _ended.SetResult();
        }
        catch (IOException e)
        {
            _ended.SetException(IsBrokenPipe(e) ? new BrokenPipeException() : _stream is StandardStream ? e : new IOException($"cannot write {_name}: {e.Message}", e));
            _ = _ended.Task.Exception; // observed: not everybody waits for it
            _pipe.Reader.Complete();
        }
    }

    /// <summary>The streams of a process say it by their error's number.</summary>
    private static bool IsBrokenPipe(IOException error) => error is BrokenPipeException || error.HResult == BrokenPipeError;
}
